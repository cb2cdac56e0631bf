"""Erasure: nothing in the database or among the files says any more who it was."""

import json
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from exchange.models import HeldRow, ImportJob
from exchange.operations.contacts import ingest_contacts
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import parse_mapping
from messaging.models import InboundFile, InboundMessage, InboundOriginal, OutboxMessage
from messaging.operations.outbox import enqueue_message
from oversight.models import Erasure, LegalHold
from oversight.operations.erasures import (
    LIST,
    cancel_erasure,
    carry_out_confirmed,
    confirm_erasure,
    erase_again,
    hold_for_law,
    lift_hold,
    request_erasure,
)
from oversight.queries.identity import identity_of
from oversight.registry import DJANGO
from relationships.models import (
    Commitment,
    Consent,
    ContactPoint,
    Document,
    ErasedIdentity,
    Event,
    Interaction,
    MergeRecord,
    MergeStep,
    Party,
    Purpose,
    Relationship,
)
from relationships.operations.commitments import renegotiate
from relationships.operations.consents import record_consent
from relationships.operations.contact_points import add_contact_point
from relationships.operations.drafts import save_draft
from relationships.operations.follow_ups import plan_follow_up
from relationships.operations.invitations import change_invitation
from relationships.operations.meetings import InvitationDraft
from relationships.operations.merging import merge_parties, unmerge
from relationships.queries.erased import erased_before
from tests.api import ApiClient
from tests.doors import signed_in, words_of
from tests.exchange.pages import make_job, make_run
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_order,
    make_payment,
    make_person,
    make_relationship,
    make_user,
)
from tests.messaging.mail import brought, file, mail_of, parts

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Zoë Quillfeather", "zoe.quillfeather@example.org", "+44 113 496 0123"
TRACES = ("quillfeather", "496 0123", "4960123", "113-496-0123")


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("administrator", name="Boss")


@pytest.fixture
def second(boss: User) -> User:
    return make_user("administrator", name="Second")


@pytest.fixture(autouse=True)
def places(settings: object, tmp_path: Path) -> Path:
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"  # type: ignore[attr-defined]
    (tmp_path / "files").mkdir()
    return tmp_path


def add(boss: User, party: Party, kind: str, value: str) -> ContactPoint:
    return add_contact_point(actor=boss, party=party, kind=kind, value=value, now=NOW)


@pytest.fixture
def zoe(boss: User) -> Party:
    """A person who stands in everything that can happen, as a customer of her own and as somebody at a firm."""
    zoe = make_person(NAME, about=f"{NAME} likes tea")
    add(boss, zoe, "email", EMAIL)
    add(boss, zoe, "phone", PHONE)
    firm = make_relationship(name="Brightwater Care", owner=boss)
    talk = make_interaction(
        firm, actor=boss, people=[zoe], subject=f"With {NAME}", tags=["Quillfeather, Zoë"],
        body=f"Zoe Quillfeather ({EMAIL.upper()}) can be reached at 0113 496-0123, not at 0113 496 0124.",
    )  # fmt: skip
    own = Relationship.objects.create(
        party=zoe, kind="customers", business_unit=firm.business_unit, owner=boss, stage="active", party_name=NAME,
        objective=f"Keep {NAME}", cadence_days=30, opened_at=NOW, created_at=NOW, created_by=boss,
    )  # fmt: skip
    make_interaction(own, actor=boss, body="She told us about her knee.", subject="Knee")
    promise = make_commitment(own, actor=boss, what=f"Call {NAME}", made_at=talk.happened_at)
    renegotiate(
        actor=boss, commitment=promise, to_date=NOW.date() + timedelta(days=9), agreed_with=NAME, reason="Snow",
        now=NOW,
    )  # fmt: skip
    make_follow_up(own, actor=boss, what=f"Ask {NAME}")
    make_commitment(firm, actor=boss, what=f"Send the offer to {NAME}", person=zoe)
    make_document(own, actor=boss, name="quillfeather.pdf", content=f"Dear {NAME}".encode())
    make_order(own, NOW.date(), ref="Q-1")
    make_payment(own, NOW.date())
    save_draft(actor=boss, relationship=firm, body=f"Tell {NAME} that", channel="call", now=NOW)
    purpose = Purpose.objects.get(slug="events")
    record_consent(actor=boss, party=zoe, purpose=purpose, state="given", door="email", now=NOW)
    message = EmailMessage("Hello", f"Dear {NAME}", "us@example.org", [EMAIL])
    enqueue_message(message=message, actor=boss, now=NOW)
    brought(boss, parts(f"\r\n{NAME}".encode(), file("a.pdf", b"%PDF"), From=f"{NAME} <{EMAIL}>"))
    brought(boss, mail_of(b"Something else"))  # of Ana, with the same Message-ID
    _imported(boss)
    return zoe


def _imported(boss: User) -> None:
    """A list that names her, held in part, and a row of hers that went into another by a merge."""
    make_run(boss, 1, "customers", NAME)
    make_job(boss, "customers", "other")
    job = ImportJob.objects.latest("pk")
    job.file.save("list.csv", ContentFile(f"name,email\r\n{NAME},{EMAIL}\r\n".encode()))
    twin = make_person("Z. Quillfeather", legal_name="Zoe Quillfeather")
    add(boss, twin, "email", "zq@quillfeather.example")
    keep = Party.objects.get(name=NAME)
    merge_parties(actor=boss, keep=keep, drop=twin, choices={}, now=NOW)


def erase(zoe: Party, boss: User, second: User) -> Erasure:
    erasure = request_erasure(actor=boss, party=zoe, basis="asked", reason=f"{NAME} wrote", now=NOW)
    confirm_erasure(actor=second, erasure=erasure, now=NOW)
    assert carry_out_confirmed(now=NOW) == 1
    erasure.refresh_from_db()
    return erasure


def traces() -> list[str]:
    """Every table of the database that holds a trace, whatever its columns, and every file."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.split("_")[0] in DJANGO | {"django"}:
                continue
            for trace in TRACES:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" each WHERE each::text ILIKE %s', [f"%{trace}%"]
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}: {trace}")
    for path in sorted(Path(default_storage.location).rglob("*")):
        if path.is_file() and b"quillfeather" in path.read_bytes().lower():
            found.append(path.name)
    return found


def test_nothing_says_any_more_who_it_was(
    zoe: Party, boss: User, second: User, django_capture_on_commit_callbacks: object
) -> None:
    before = traces()
    assert len({trace.split(":")[0] for trace in before}) > 15
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erasure = erase(zoe, boss, second)
    assert traces() == []
    zoe.refresh_from_db()
    assert (zoe.name, zoe.about) == (f"Erased person {zoe.pk}", f"erased-{zoe.pk}-{zoe.pk}")
    assert (erasure.state, erasure.done_at, erasure.summary["relationships.ContactPoint"]) == (
        "done",
        NOW,
        {"went": 3, "changed": 0},
    )
    assert AuditEntry.objects.filter(verb="person_erased", subject_id=zoe.pk).get().actor_id == second.pk


def test_what_was_said_of_others_stays_but_for_the_name(zoe: Party, boss: User, second: User) -> None:
    erase(zoe, boss, second)
    talk = Interaction.objects.get(relationship__party__name="Brightwater Care")
    token = f"erased-{zoe.pk}"
    assert talk.body == f"{token} ({token}) can be reached at {token}, not at 0113 496 0124."
    assert (talk.subject, talk.tags, list(talk.people.all())) == (f"With {token}", [token], [zoe])
    promise = Commitment.objects.get(relationship=talk.relationship)
    assert (promise.what, promise.person) == (f"Send the offer to {token}", zoe)
    own = Relationship.objects.get(party=zoe)
    assert (own.party_name, own.closed_at, own.state.kind if hasattr(own, "state") else "customers") == (
        f"Erased person {zoe.pk}",
        NOW,
        "customers",
    )
    assert "knee" not in Interaction.objects.get(relationship=own).body
    assert own.orders.count() == own.payments.count() == 1  # tax law keeps them
    paper = Document.objects.get(relationship=own)
    assert (paper.file.name, paper.removed_at) == ("", NOW)
    assert not OutboxMessage.objects.filter(subject="Hello").exists()
    assert [mail.sender_name for mail in InboundMessage.objects.all()] == ["Ana Ruiz"]
    assert (InboundOriginal.objects.count(), InboundFile.objects.count()) == (1, 0)
    assert not Consent.objects.filter(party=zoe).exists()
    assert not HeldRow.objects.filter(cells__icontains="quill").exists()
    assert MergeStep.objects.exclude(rows=[]).count() == 0
    assert set(Event.objects.filter(party=zoe).values_list("reason", flat=True)) <= {""} | {
        f"{token}-{event.pk}" for event in Event.objects.filter(party=zoe)
    }


def test_again_it_finds_nothing_more(zoe: Party, boss: User, second: User) -> None:
    erase(zoe, boss, second)
    assert carry_out_confirmed(now=NOW) == 0
    again = erase(zoe, boss, second)
    assert {name for name, counts in again.summary.items() if counts["went"]} == set()


def test_what_went_into_somebody_erased_does_not_come_back(zoe: Party, boss: User, second: User) -> None:
    erase(zoe, boss, second)
    record = MergeRecord.objects.get(kept=zoe)
    with pytest.raises(Conflict, match="is erased"):
        unmerge(actor=boss, record=record, now=NOW)


def test_two_people_are_needed(zoe: Party, boss: User, second: User) -> None:
    erasure = request_erasure(actor=boss, party=zoe, basis="asked", now=NOW)
    with pytest.raises(NotAllowed, match="Somebody else must confirm"):
        confirm_erasure(actor=boss, erasure=erasure, now=NOW)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(confirmed_by=boss)
    with pytest.raises(Conflict, match="asked for already"):
        request_erasure(actor=second, party=zoe, basis="asked", now=NOW)
    cancel_erasure(actor=boss, erasure=erasure, now=NOW)
    for operation in (cancel_erasure, confirm_erasure):
        with pytest.raises(Conflict):
            operation(actor=second, erasure=erasure, now=NOW)
    assert carry_out_confirmed(now=NOW) == 0
    assert Party.objects.get(pk=zoe.pk).name == NAME
    with pytest.raises(NotAllowed):
        request_erasure(actor=make_user("auditor"), party=zoe, basis="asked", now=NOW)


def test_only_people_whom_one_may_know_of_are_erased(boss: User) -> None:
    firm = make_relationship().party
    with pytest.raises(Invalid, match="Only people are erased"):
        request_erasure(actor=boss, party=firm, basis="asked", now=NOW)
    few = make_person("Few", confidentiality=3, actor=make_user())
    with pytest.raises(Missing):
        request_erasure(actor=boss, party=few, basis="asked", now=NOW)


def test_a_legal_hold_forbids_it_until_it_is_lifted(zoe: Party, boss: User, second: User) -> None:
    erasure = request_erasure(actor=boss, party=zoe, basis="asked", now=NOW)
    hold = hold_for_law(actor=boss, party=zoe, reason="Claim 7", now=NOW)
    with pytest.raises(Conflict, match="legal hold"):
        confirm_erasure(actor=second, erasure=erasure, now=NOW)
    with pytest.raises(Conflict):
        hold_for_law(actor=boss, party=zoe, reason="Claim 8", now=NOW)
    Erasure.objects.filter(pk=erasure.pk).update(state="confirmed", confirmed_by=second)
    assert carry_out_confirmed(now=NOW) == 0
    lift_hold(actor=boss, hold=hold, reason="Settled", now=NOW)
    with pytest.raises(Conflict):
        lift_hold(actor=boss, hold=hold, reason="Settled", now=NOW)
    assert LegalHold.objects.get().lifted_by == boss
    assert carry_out_confirmed(now=NOW) == 1


def test_a_name_that_another_has_too_is_not_struck_out_of_other_peoples_texts(
    boss: User, second: User
) -> None:
    ana, other = make_person("Ana Ruiz"), make_person("Ana Ruiz")
    add(boss, ana, "email", "ana@a.example")
    talk = make_interaction(make_relationship(), body="Ana Ruiz, not ana@a.example, said so.")
    assert identity_of(ana).shared == ("Ana Ruiz",)
    erase(ana, boss, second)
    talk.refresh_from_db()
    assert talk.body == f"Ana Ruiz, not erased-{ana.pk}, said so."
    assert Party.objects.get(pk=other.pk).name == "Ana Ruiz"


def test_who_was_erased_is_known_again_by_hashes_alone(zoe: Party, boss: User, second: User) -> None:
    assert erased_before(emails=[EMAIL], phones=[PHONE]) is None
    erase(zoe, boss, second)
    for given in ({"emails": [EMAIL.upper()]}, {"phones": ["0113 4960123"]}):
        found = erased_before(**given)  # type: ignore[arg-type]
        assert found is not None
        assert found.party_number == zoe.pk
    assert erased_before(emails=["other@example.org", ""], phones=["12"]) is None
    assert erased_before() is None
    assert set(ErasedIdentity.objects.values_list("kind", flat=True)) == {"name", "email", "phone"}


def test_a_restore_does_not_bring_them_back(
    zoe: Party, boss: User, second: User, places: Path, django_capture_on_commit_callbacks: object
) -> None:
    before = {"name": NAME, "about": "As the backup has it"}
    assert erase_again(now=NOW) == 0
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase(zoe, boss, second)
    [line] = [json.loads(line) for line in (places / LIST).read_text().splitlines()]
    assert line == {"party": zoe.pk, "created_at": zoe.created_at.isoformat(), "erased_at": NOW.isoformat()}
    Party.objects.filter(pk=zoe.pk).update(**before)
    stranger = make_person("Somebody Else")
    with (places / LIST).open("a") as file:  # the number is somebody else's in this workspace
        file.write(
            json.dumps(line | {"party": stranger.pk, "created_at": "2020-01-01T00:00:00+00:00"}) + "\n"
        )
    assert erase_again(now=NOW) == 1
    assert Party.objects.get(pk=zoe.pk).name == f"Erased person {zoe.pk}"
    assert erase_again(now=NOW) == 0
    assert Party.objects.get(pk=zoe.pk).name == f"Erased person {zoe.pk}"
    assert Party.objects.get(pk=stranger.pk).name == "Somebody Else"
    assert AuditEntry.objects.filter(verb="person_erased_again").count() == 1


def test_the_pages_ask_confirm_and_hold(zoe: Party, boss: User, second: User, client: Client) -> None:
    client.force_login(boss)
    place = f"/administration/privacy/people/{zoe.pk}/"
    page = client.get(place).content.decode()
    assert all(words in page for words in ("Contact point", "tax and commercial law", "Ask for the erasure"))
    assert client.post(place, {"basis": "hope"}).status_code == 422
    assert client.post(place, {"basis": "asked"}).status_code == 302
    erasure = Erasure.objects.get()
    confirm, cancel = (
        f"/administration/privacy/erasures/{erasure.pk}/{word}/" for word in ("confirmation", "cancellation")
    )
    assert client.post(confirm).status_code == 403
    assert client.post(f"{place}hold/", {"reason": ""}).status_code == 422
    assert client.post(f"{place}hold/", {"reason": "Claim"}).status_code == 302
    assert "A legal hold stands" in client.get(place).content.decode()
    assert client.post(f"{place}hold/", {"reason": "Settled"}).status_code == 302
    client.force_login(second)
    assert "Waits for a second person" in client.get("/administration/privacy/").content.decode()
    assert client.post(confirm).status_code == 302
    assert client.post(cancel).status_code == 409
    assert Erasure.objects.get().state == "confirmed"


def test_lists_do_not_bring_back_who_was_erased(zoe: Party, boss: User, second: User, tmp_path: Path) -> None:
    erase(zoe, boss, second)
    card = f"BEGIN:VCARD\nVERSION:3.0\nUID:z1\nFN:{NAME}\nEMAIL:{EMAIL}\nEND:VCARD\n"
    file = tmp_path / "z.vcf"
    file.write_text(card)
    report = ingest_contacts(actor=boss, files=[SourceFile(file.name, file)], now=NOW)
    assert [(line.column, line.reason) for line in report.held] == [("EMAIL", "erased_person")]
    assert not Party.objects.filter(name=NAME).exists()
    table = tmp_path / "list.csv"
    table.write_text(
        f"Ref,Name,Mail,Phone\nA1,Somebody,other@example.org,\nA2,Zoe,,{PHONE}\n", encoding="utf-8"
    )
    columns = {"ref": "Ref", "name": "Name", "email": "Mail", "phone": "Phone"}
    mapping = parse_mapping(
        "fair", {"dataset": "parties", "source": "fair", "kind": "customers", "columns": columns}, "parties"
    )
    told = ingest(
        actor=boss, dataset="parties", files=[SourceFile(table.name, table)], mapping=mapping, now=NOW
    )
    assert [(line.row, line.column, line.reason) for line in told.held_rows] == [
        (3, "Phone", "erased_person")
    ]
    assert Party.objects.filter(name="Somebody").exists()


def test_a_guest_who_was_erased_is_asked_no_more_and_named_by_no_page_that_was_open(
    boss: User, second: User
) -> None:
    firm, today = make_relationship(owner=boss), timezone.now().date()
    gone, stays = (make_person(name, works_for=firm.party) for name in (NAME, "Ben Guest"))
    add(boss, gone, "email", EMAIL)
    add(boss, stays, "email", "ben@firm.example")
    plan = plan_follow_up(
        actor=boss, relationship=firm, what="Walk the hall", channel="visit", due_time=time(10), now=NOW,
        due_date=today + timedelta(days=3), invitation=InvitationDraft([stays]),
    )  # fmt: skip
    both = InvitationDraft([gone, stays], title="Walk the hall")
    change_invitation(actor=boss, follow_up=plan, draft=both, now=NOW)
    erase(gone, boss, second)
    assert traces() == []
    place, calls, page = f"follow-ups/{plan.pk}/invitation/", ApiClient(boss), signed_in(boss)
    assert [guest["name"] for guest in calls.call("get", place).json()["guests"]] == ["Ben Guest"]
    stale = {"people": [gone.pk, stays.pk], "minutes": 60}
    refused = calls.call("patch", place, stale, If_Match="*")
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["field"]) == (422, "people")
    assert error["reason"].startswith("Erased person")
    shown = page.post(f"/{place}", stale)
    assert (shown.status_code, "can no longer be asked" in words_of(shown)) == (422, True)
    offered = re.findall(r'name="people" value="(\d+)"', shown.content.decode())
    assert offered == [str(stays.pk)]
    taken = calls.call("patch", place, {"people": []}, If_Match="*")
    assert (taken.status_code, taken.json()["guests"]) == (200, [])
    mails = OutboxMessage.objects.filter(subject__startswith="No longer").values_list("to", flat=True)
    assert list(mails) == [["ben@firm.example"]]
