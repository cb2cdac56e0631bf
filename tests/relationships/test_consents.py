"""Consent: by purpose and channel, with proof; the stricter holds, at whatever door it came in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import OutboxMessage
from relationships.models import Consent, ConsentStanding, Event, Party, Purpose, PurposeWording
from relationships.operations.consents import (
    Proof,
    create_purpose,
    expire_due,
    record_consent,
    reword_purpose,
)
from relationships.operations.contact_points import add_contact_point
from relationships.operations.handover_mails import send_letters
from relationships.operations.handovers import hand_over
from relationships.operations.merging import merge_parties, unmerge
from relationships.queries.consents import may_contact, objectors
from tests.api import ApiClient
from tests.factories import (
    NOW,
    make_document,
    make_interaction,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("administrator", name="Boss")


@pytest.fixture
def ana(boss: User) -> Party:
    return make_person("Ana Ruiz")


def say(actor: User, party: Party, state: str, purpose: str = "newsletter", **said: object) -> list[Consent]:
    given = {"door": "email", "now": NOW, "purpose": Purpose.objects.get(slug=purpose)}
    return record_consent(actor=actor, party=party, state=state, **given | said)  # type: ignore[arg-type]


def may(
    person: Party, purpose: str = "newsletter", channel: str = "email", at: object = NOW
) -> tuple[bool, str]:
    leave = may_contact(person=person, purpose=purpose, channel=channel, at=at)  # type: ignore[arg-type]
    return leave.allowed, leave.state


def test_what_nobody_said_is_no_consent_and_no_objection(ana: Party) -> None:
    assert may(ana) == (False, "")
    assert may(ana, "service") == (True, "")
    assert may(ana, "nothing") == (False, "")


def test_consent_is_for_a_purpose_on_its_channels(boss: User, ana: Party) -> None:
    say(boss, ana, "given", channels=["email", "phone"])
    assert [may(ana, channel=channel) for channel in ("email", "phone", "post")] == [
        (True, "given"),
        (True, "given"),
        (False, ""),
    ]
    assert may(ana, "events") == (False, "")
    say(boss, ana, "withdrawn", now=NOW + timedelta(days=1))
    assert {may(ana, channel=channel) for channel in ("email", "phone", "post", "message")} == {
        (False, "withdrawn")
    }
    say(boss, ana, "given", channels=["email"], now=NOW + timedelta(days=2))
    assert [may(ana, channel=channel)[0] for channel in ("email", "phone")] == [True, False]
    assert [
        event.data["state"] for event in Event.objects.filter(verb="consent_recorded").order_by("pk")
    ] == [
        "given",
        "withdrawn",
        "given",
    ]


def test_who_objects_is_not_reached_whatever_the_basis(boss: User, ana: Party) -> None:
    say(boss, ana, "refused", "service", channels=["email"])
    assert [may(ana, "service", channel) for channel in ("email", "phone")] == [
        (False, "refused"),
        (True, ""),
    ]
    assert objectors(people=[ana.pk, make_person().pk], purpose="service", channel="email") == {ana.pk}


def test_what_was_said_before_changes_nothing_now(boss: User, ana: Party) -> None:
    say(boss, ana, "withdrawn", said_at=NOW - timedelta(days=1))
    say(boss, ana, "given", said_at=NOW - timedelta(days=2))
    assert may(ana) == (False, "withdrawn")
    say(boss, ana, "given", said_at=NOW - timedelta(days=1))
    assert may(ana) == (False, "withdrawn")  # of two of one moment the stricter
    assert Consent.objects.filter(party=ana).count() == 3


def test_an_import_gives_but_gives_nothing_back(boss: User, ana: Party) -> None:
    say(boss, ana, "given", "events", door="import")
    assert may(ana, "events") == (True, "given")
    say(boss, ana, "withdrawn")
    say(boss, ana, "given", door="import", now=NOW + timedelta(days=1))
    assert may(ana) == (False, "withdrawn")
    say(boss, ana, "given", door="web_form", now=NOW + timedelta(days=2))
    assert may(ana) == (True, "given")
    say(boss, ana, "withdrawn", door="import", now=NOW + timedelta(days=3))
    assert may(ana) == (False, "withdrawn")


def test_a_merge_keeps_the_stricter_and_is_undone_with_it(boss: User) -> None:
    keep, drop = make_person("Ana Ruiz"), make_person("Ana Ruiz")
    say(boss, keep, "given", now=NOW + timedelta(days=1))
    say(boss, drop, "withdrawn")
    say(boss, drop, "given", "events")
    record = merge_parties(actor=boss, keep=keep, drop=drop, choices={}, now=NOW + timedelta(days=2))
    assert (may(keep), may(keep, "events")) == ((False, "withdrawn"), (True, "given"))
    assert Consent.objects.filter(party=keep).count() == 3
    unmerge(actor=boss, record=record, reason="Two people", now=NOW + timedelta(days=3))
    again = Party.objects.get(pk=drop.pk)
    assert (may(keep), may(again), may(again, "events")) == (
        (True, "given"),
        (False, "withdrawn"),
        (True, "given"),
    )


def test_what_was_given_for_a_time_lapses_by_itself(boss: User, ana: Party) -> None:
    say(boss, ana, "given", channels=["email"], expires_at=NOW + timedelta(days=30))
    later = NOW + timedelta(days=31)
    assert (may(ana), may(ana, at=later)) == (
        (True, "given"),
        (False, "expired"),
    )  # also before the timer ran
    assert [expire_due(now=moment) for moment in (NOW, later, later)] == [0, 1, 0]
    standing = ConsentStanding.objects.get(party=ana)
    assert (standing.state, standing.consent.door, standing.expires_at) == ("expired", "lapsed", None)
    say(boss, ana, "given", now=later)
    assert may(ana, at=later) == (True, "given")


def test_the_proof_is_kept_and_only_those_who_may_know_of_it_are_led_there(
    boss: User, ana: Party, client: Client
) -> None:
    role = make_relationship(owner=boss)
    paper, talk = make_document(role), make_interaction(role, actor=boss)
    wording = reword_purpose(
        actor=boss, purpose=Purpose.objects.get(slug="newsletter"), text="May we write?", now=NOW
    )
    proof = Proof("Paper form of 3 March", wording, paper, talk)
    [consent] = say(boss, ana, "given", door="letter", proof=proof)
    assert (
        consent.evidence,
        consent.wording,
        consent.document,
        consent.interaction,
        consent.recorded_by,
    ) == (
        "Paper form of 3 March",
        wording,
        paper,
        talk,
        boss,
    )
    client.force_login(boss)
    page = client.get(f"/parties/{ana.pk}/consents/").content.decode()
    assert all(
        f"/{place}/" in page for place in (f"documents/{paper.pk}", f"interactions/{talk.pk}/versions")
    )
    client.force_login(make_user("relationship_manager", "suppliers"))
    page = client.get(f"/parties/{ana.pk}/consents/").content.decode()
    assert ("Paper form of 3 March" in page, f"documents/{paper.pk}" in page) == (True, False)


def test_history_is_never_rewritten(boss: User, ana: Party) -> None:
    say(boss, ana, "given")
    for statement in (
        "UPDATE relationships_consent SET state = 'refused'",
        "DELETE FROM relationships_consent",
    ):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": "expired"}, "state"),
        ({"door": "lapsed"}, "door"),
        ({"channels": ["fax"]}, "channels"),
        ({"said_at": NOW + timedelta(days=1)}, "said_at"),
        ({"expires_at": NOW - timedelta(days=1)}, "expires_at"),
        ({"state": "refused", "expires_at": NOW + timedelta(days=1)}, "expires_at"),
        ({"proof": Proof("x" * 401)}, "evidence"),
    ],
)
def test_what_cannot_be_is_refused(boss: User, ana: Party, said: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        say(boss, ana, **{"state": "given", **said})  # type: ignore[arg-type]
    assert list(refused.value.errors) == [field]


def test_only_people_consent_to_what_is_asked_in_its_own_words(boss: User, ana: Party) -> None:
    with pytest.raises(Invalid, match="Only a person consents"):
        say(boss, make_party("Firm"), "given")
    other = reword_purpose(actor=boss, purpose=Purpose.objects.get(slug="events"), text="May we?", now=NOW)
    with pytest.raises(Invalid) as refused:
        say(boss, ana, "given", proof=Proof(wording=other))
    assert list(refused.value.errors) == ["wording"]
    Purpose.objects.filter(slug="events").update(retired_at=NOW)
    with pytest.raises(Invalid) as refused:
        say(boss, ana, "given", "events")
    assert list(refused.value.errors) == ["purpose"]
    with pytest.raises(NotAllowed):
        say(make_user("auditor"), ana, "given")
    hidden = make_person("Few", confidentiality=3)
    with pytest.raises(Missing):
        say(make_user(), hidden, "given")


def test_purposes_are_the_workspaces_and_their_words_have_versions(boss: User) -> None:
    given = {
        "name": "Jobs",
        "slug": "jobs",
        "basis": "consent",
        "what": "",
        "wording": "May we keep it?",
        "now": NOW,
    }
    purpose = create_purpose(actor=boss, **given)
    assert reword_purpose(actor=boss, purpose=purpose, text="May we keep your letter?", now=NOW).version == 2
    assert list(PurposeWording.objects.filter(purpose=purpose).values_list("version", flat=True)) == [1, 2]
    with pytest.raises(Conflict):
        create_purpose(actor=boss, **given)
    with pytest.raises(Invalid) as refused:
        create_purpose(actor=boss, **given | {"slug": "other", "wording": "", "basis": "hope"})
    assert list(refused.value.errors) == ["basis"]
    assert create_purpose(actor=boss, **given | {"slug": "law", "basis": "contract", "wording": ""}).pk
    with pytest.raises(NotAllowed):
        create_purpose(actor=make_user(), **given)
    assert AuditEntry.objects.filter(verb__startswith="purpose_").count() == 3


def test_who_objected_is_not_introduced_by_mail(boss: User) -> None:
    leaver = make_user(name="Leaver")
    role = make_relationship(owner=leaver)
    ana = make_person("Ana", works_for=role.party)
    add_contact_point(actor=boss, party=ana, kind="email", value="ana@example.org", now=NOW)
    handover = hand_over(actor=boss, leaver=leaver, receiver=make_user(), reason="Leaves", now=NOW).handover
    packs = [pack.pk for pack in handover.packs.all()]
    say(boss, ana, "withdrawn", "service", channels=["email"])
    assert send_letters(actor=boss, handover=handover, pack_ids=packs, now=NOW) == 0
    say(boss, ana, "given", "service", now=NOW + timedelta(days=1))
    assert send_letters(actor=boss, handover=handover, pack_ids=packs, now=NOW) == 1
    assert OutboxMessage.objects.filter(to=["ana@example.org"]).count() == 1


def test_the_pages_record_it_and_say_what_holds(boss: User, ana: Party, client: Client) -> None:
    client.force_login(boss)
    purpose = Purpose.objects.get(slug="events")
    today = {"purpose": purpose.pk, "state": "given", "door": "in_person", "channels": ["email"]}
    wrong = client.post(f"/parties/{ana.pk}/consents/new/", today)
    assert (wrong.status_code, client.get(f"/parties/{ana.pk}/consents/new/").status_code) == (422, 200)
    answer = client.post(
        f"/parties/{ana.pk}/consents/new/",
        today | {"said_date": "2026-03-02", "expires_date": "2127-01-01", "evidence": "At the fair"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/parties/{ana.pk}/consents/")
    page = client.get(f"/parties/{ana.pk}/consents/").content.decode()
    assert ("At the fair" in page, "Events: Given" in page) == (True, True)
    assert "Only a person consents." in client.get(f"/parties/{make_party().pk}/consents/").content.decode()
    made = {"name": "Jobs", "slug": "jobs", "basis": "consent", "wording": "May we keep it?"}
    assert client.post("/administration/purposes/", made).status_code == 302
    assert client.post("/administration/purposes/", made).status_code == 422
    place = f"/administration/purposes/{purpose.pk}/wordings/new/"
    assert (client.get(place).status_code, client.post(place, {"text": "May we?"}).status_code) == (200, 302)
    assert client.get("/administration/purposes/999999/wordings/new/").status_code == 404
    client.force_login(make_user())
    assert client.get("/administration/purposes/").status_code == 403


def test_programs_record_and_ask_by_the_api(boss: User, ana: Party) -> None:
    client = ApiClient(boss)
    wording = reword_purpose(actor=boss, purpose=Purpose.objects.get(slug="events"), text="May we?", now=NOW)
    said = {
        "purpose": "events",
        "state": "given",
        "door": "web_form",
        "channels": ["email"],
        "wording": wording.pk,
    }
    answer = client.call("post", f"parties/{ana.pk}/consents/", said).json()
    leaves = {(row["purpose"], row["channel"]): row["allowed"] for row in answer["leaves"]}
    assert (leaves["events", "email"], leaves["events", "post"], leaves["service", "post"]) == (
        True,
        False,
        True,
    )
    assert client.call("get", f"parties/{ana.pk}/leaves/").json() == answer
    [row] = client.call("get", f"parties/{ana.pk}/consents/").json()["results"]
    assert (row["purpose"], row["channel"], row["wording_id"]) == ("events", "email", wording.pk)
    for field, value in (("purpose", "none"), ("wording", 999_999), ("state", "expired")):
        wrong = client.call("post", f"parties/{ana.pk}/consents/", said | {field: value})
        assert (wrong.status_code, [error["field"] for error in wrong.json()["errors"]]) == (422, [field])
    assert "newsletter" in [row["slug"] for row in client.call("get", "purposes/").json()["results"]]
