"""One search over everything that somebody may know of: what finds what, in which order, and for whom."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import Party, PartyIdentifier
from relationships.operations.confidential_access import name_access
from relationships.operations.contact_points import add_contact_point
from relationships.operations.interactions import correct_interaction
from relationships.queries import search as searching
from relationships.queries import search_parties, search_talk
from relationships.queries.search import PartyHit, Results, TextHit, search
from relationships.queries.search_sought import read
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["everything", "a few"])
def viewer(request: pytest.FixtureRequest, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> User:
    """Somebody who sees everything, by both ways of looking: by the indexes, and through all that they see."""
    if request.param == "everything":
        monkeypatch.setattr(searching, "FEW", -1)
    return make_user("administrator")


def look(viewer: User, typed: str, **how: str) -> Results:
    return search(viewer=viewer, typed=typed, today=NOW.date(), **how)  # type: ignore[arg-type]  # names alone


def names(viewer: User, typed: str) -> list[str]:
    """The parties found, in order."""
    hits = [hit for group in look(viewer, typed).groups for hit in group.hits]
    return [hit.party.name for hit in hits if isinstance(hit, PartyHit)]


def texts(viewer: User, typed: str) -> list[tuple[str, str]]:
    """The groups and titles of what was said and written, in order."""
    groups = look(viewer, typed).groups
    return [
        (group.key, hit.row["title"]) for group in groups for hit in group.hits if isinstance(hit, TextHit)
    ]


@pytest.mark.parametrize(
    "typed",
    ["Müller", "muller", "MULLER bau", "bau mull", "gmbh müller bau", "ler", "Müller Bau GmbH", "mü bau"],
)
def test_a_name_is_found_by_its_parts_whatever_their_order_case_and_accents(viewer: User, typed: str) -> None:
    make_relationship(name="Müller Bau GmbH")
    make_relationship(name="Meyer Holz AG")
    assert names(viewer, typed) == ["Müller Bau GmbH"]


@pytest.mark.parametrize("typed", ["100%", "100% sure", "a_b", "back\\slash"])
def test_signs_that_mean_something_in_a_pattern_mean_themselves(viewer: User, typed: str) -> None:
    make_relationship(name="100% Sure a_b back\\slash")
    make_relationship(name="1001 Sure axb backslash")
    assert names(viewer, "sure axb") == ["1001 Sure axb backslash"]
    assert names(viewer, typed) == ["100% Sure a_b back\\slash"]


def test_one_statement_serves_different_lines_of_the_same_form(viewer: User) -> None:
    make_relationship(name="Ashford Foundry")
    make_relationship(name="Halden Freight")
    lines = ["ashford foundry", "halden freight"]
    assert [names(viewer, line) for line in lines] == [["Ashford Foundry"], ["Halden Freight"]]


def test_the_closest_come_first(viewer: User) -> None:
    for name in ("The Ashford", "Ashford Foundry", "Bashford Mill", "Ashford"):
        make_relationship(name=name)
    assert names(viewer, "ashford") == ["Ashford", "Ashford Foundry", "The Ashford", "Bashford Mill"]


@pytest.mark.parametrize("typed", ["Brigthwater", "brightwatter clinic", "Brihtwater"])
def test_a_slip_of_the_pen_still_finds_the_name_and_says_so(viewer: User, typed: str) -> None:
    make_relationship(name="Brightwater Clinics")
    make_relationship(name="Halden Freight")
    found = look(viewer, typed)
    assert found.is_near
    assert [hit.party.name for hit in found.groups[0].hits] == ["Brightwater Clinics"]


def test_few_letters_are_nearly_nobody_and_what_is_found_otherwise_is_enough(viewer: User) -> None:
    relationship = make_relationship(name="Clairmont Brothers")
    make_interaction(relationship, subject="Clairmond", body="")
    assert look(viewer, "cli").groups == []
    assert [group.key for group in look(viewer, "clairmond").groups] == ["interactions"]


def test_nothing_is_nearly_called_like_nonsense(viewer: User) -> None:
    make_relationship(name="Brightwater Clinics")
    assert look(viewer, "zzxqy").groups == []
    assert not look(viewer, "zzxqy").is_near


@pytest.mark.parametrize(
    "typed",
    ["+44 20 7946 0958", "020 7946 0958", "(020) 7946-0958", "+44 (0)20 79460958", "0044 2079460958", "0958"],
)
def test_a_phone_number_is_found_however_it_is_written(viewer: User, typed: str) -> None:
    ana = make_person("Ana Ruiz", works_for=make_relationship(name="Brightwater").party)
    other = make_person("Bo Berg", works_for=make_party("Halden"))
    add_contact_point(actor=viewer, party=ana, kind="phone", value="+44 20 7946 0958", now=NOW)
    add_contact_point(actor=viewer, party=other, kind="phone", value="+44 20 7946 0018", now=NOW)
    (group,) = look(viewer, typed).groups
    assert [(hit.party.name, hit.party.by, hit.belongs_to) for hit in group.hits] == [
        ("Ana Ruiz", "+44 20 7946 0958", "Brightwater")
    ]


@pytest.mark.parametrize(
    "typed", ["ana@bright.example", "ANA@", "@bright.example", "bright.example", "ana@bri"]
)
def test_an_e_mail_address_is_found_by_its_parts_and_its_domain(viewer: User, typed: str) -> None:
    ana = make_person("Ana Ruiz", works_for=make_relationship(name="Clinics").party)
    add_contact_point(actor=viewer, party=ana, kind="email", value="ana@bright.example", now=NOW)
    assert names(viewer, typed) == ["Ana Ruiz"]


@pytest.mark.parametrize("typed", ["https://www.bright.example/", "bright.example", "www.bright.example"])
def test_a_web_address_is_found_with_and_without_its_beginning(viewer: User, typed: str) -> None:
    clinics = make_relationship(name="Clinics").party
    add_contact_point(actor=viewer, party=clinics, kind="url", value="https://bright.example/about", now=NOW)
    assert names(viewer, typed) == ["Clinics"]


@pytest.mark.parametrize("typed", ["HRB 12345", "hrb12345", "HRB-123"])
def test_a_registration_number_is_found_however_it_is_spaced(viewer: User, typed: str) -> None:
    clinics = make_relationship(name="Clinics").party
    PartyIdentifier.objects.create(party=clinics, scheme="registration", value="HRB 12345")
    found = look(viewer, typed).groups[0].hits[0]
    assert (found.party.name, found.party.by) == ("Clinics", "HRB 12345")


def test_a_whole_number_is_surer_than_a_name_that_holds_it(viewer: User) -> None:
    make_relationship(name="12345678 Holdings")
    PartyIdentifier.objects.create(
        party=make_relationship(name="Clinics").party, scheme="registration", value="12345678"
    )
    assert names(viewer, "12345678") == ["Clinics", "12345678 Holdings"]


def test_a_legal_name_is_found_and_told(viewer: User) -> None:
    make_relationship(party=make_party("Brightwater", legal_name="Larkfield Health Ltd"))
    make_relationship(party=make_party("Larkfield Health Trust", legal_name="Larkfield Health Trust"))
    hits = look(viewer, "larkfield health").groups[0].hits
    assert [(hit.party.name, hit.party.by) for hit in hits] == [
        ("Larkfield Health Trust", ""),
        ("Brightwater", "Larkfield Health Ltd"),
    ]


def test_what_a_party_is_to_us_is_told_and_the_open_role_leads(viewer: User) -> None:
    party = make_party("Brightwater")
    for kind in ("suppliers", "customers"):
        make_relationship(kind, party=party)
    (hit,) = look(viewer, "brightwater").groups[0].hits
    assert [(role.kind, role.is_open) for role in hit.roles] == [("customers", True), ("suppliers", True)]


def test_talk_promises_follow_ups_and_documents_are_found_by_the_words_in_them(viewer: User) -> None:
    relationship = make_relationship(name="Brightwater")
    make_interaction(relationship, subject="Trays", body="The crème trays arrived cracked.", channel="email")
    make_commitment(relationship, what="Replace the cracked trays")
    make_follow_up(relationship, what="Ask whether new trays are cracked")
    make_document(relationship, name="cracked-trays.pdf", note="photographs")
    make_interaction(relationship, body="Nothing of that sort.")
    everything = [
        ("commitments", "Replace the cracked trays"),
        ("follow_ups", "Ask whether new trays are cracked"),
        ("interactions", "Trays"),
        ("documents", "cracked-trays.pdf"),
    ]
    assert texts(viewer, "trays CRACK") == everything
    assert texts(viewer, "creme trays") == [("interactions", "Trays")]
    assert texts(viewer, "photographs") == [("documents", "cracked-trays.pdf")]
    assert texts(viewer, "racked") == []


def test_the_newest_talk_comes_first_and_a_correction_takes_the_place_of_what_it_corrects(
    viewer: User,
) -> None:
    relationship = make_relationship(name="Brightwater")
    for days in (3, 1, 2):
        at = NOW - timedelta(days=days)
        make_interaction(relationship, subject=f"{days} days", body="walrus", happened_at=at, actor=viewer)
    wrong = make_interaction(relationship, subject="wrong", body="walrus", actor=viewer)
    correct_interaction(actor=viewer, interaction=wrong, now=NOW, reason="slip", subject="right", body="seal")
    assert texts(viewer, "walrus") == [("interactions", f"{days} days") for days in (1, 2, 3)]
    assert texts(viewer, "seal") == [("interactions", "right")]


def test_a_common_word_is_looked_for_among_the_latest_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FEW", -1)
    monkeypatch.setattr(search_talk, "COMMON", 2)
    monkeypatch.setattr(search_talk, "LATEST", 3)
    monkeypatch.setattr(search_talk, "outlooks", {})
    viewer, relationship = make_user("administrator"), make_relationship(name="Brightwater")
    for number in range(5):
        rare = " walrus" if number == 0 else ""
        make_interaction(relationship, subject=f"no. {number}", body=f"the report{rare}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE relationships_interaction")
    found = {title for _group, title in texts(viewer, "report")}
    assert found == {"no. 2", "no. 3", "no. 4"}
    assert search_talk.common_words(read("report walrus"))["interactions"] == {"report"}
    assert texts(viewer, "report walrus") == [("interactions", "no. 0")]
    assert [look(viewer, words).is_recent for words in ("report", "report walrus", "walrus")] == [
        True,
        False,
        False,
    ]


def test_one_group_alone_is_told_further_than_the_overview(viewer: User) -> None:
    for number in range(7):
        make_relationship(name=f"Ash {number}")
    make_person("Ash Person", works_for=Party.objects.get(name="Ash 1"))
    overview = look(viewer, "ash")
    assert [(group.key, len(group.hits), group.found) for group in overview.groups] == [
        ("organisations", 5, 7),
        ("people", 1, 1),
    ]
    alone = look(viewer, "ash", group="organisations")
    assert [(group.key, len(group.hits)) for group in alone.groups] == [("organisations", 7)]
    assert look(viewer, "ash", group="interactions").groups == []
    assert (overview.found, alone.found) == (8, 7)


@pytest.mark.parametrize("typed", ["", " ", "a", "!?", "\x00", "%", "__"])
def test_too_little_finds_nothing_rather_than_everybody(viewer: User, typed: str) -> None:
    make_relationship(name="Ash")
    assert look(viewer, typed).groups == []


@pytest.mark.parametrize(
    "typed", ["100%", "a_b", "o'brien", "back\\slash", "a & b | !c:*", "((", "'; drop", "x" * 300]
)
def test_signs_are_looked_for_as_they_stand(viewer: User, typed: str) -> None:
    make_interaction(make_relationship(name="Plain"), body="nothing special")
    assert look(viewer, typed).groups == []


def test_who_sees_little_finds_theirs_among_many_that_they_may_not_know(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_parties, "MOST", 2)
    seller = make_user("representative", "customers")
    for _ in range(5):
        make_person("Ana Ruiz", works_for=make_relationship(name="Others").party)
    own = make_relationship(name="Own", owner=seller)
    make_person("Ana Ruiz", works_for=own.party)
    (group,) = look(seller, "ana").groups
    assert [(hit.party.name, hit.belongs_to) for hit in group.hits] == [("Ana Ruiz", "Own")]


def test_nothing_out_of_sight_is_found_by_any_way(workspace: Workspace) -> None:
    stranger, named = make_user("representative", "customers"), make_user("representative", "customers")
    secret = make_relationship("suppliers", name="Zebra Works", confidentiality=3)
    ana = make_person("Ana Ruiz", works_for=secret.party)
    boss = secret.owner
    add_contact_point(actor=boss, party=ana, kind="phone", value="+44 20 7946 0958", now=NOW)
    PartyIdentifier.objects.create(party=secret.party, scheme="registration", value="HRB 777")
    make_interaction(secret, actor=boss, body="zebra walrus")
    make_commitment(secret, actor=boss, what="Feed the walrus")
    typed = ("zebra", "zebra works", "zebbra", "ana ruiz", "79460958", "HRB 777", "walrus")
    assert {line: look(stranger, line).groups for line in typed} == {line: [] for line in typed}
    own = make_relationship(name="Own", owner=named)
    make_interaction(own, actor=named, body="walrus too", confidentiality=3)
    assert texts(named, "walrus") == [("interactions", "")]
    assert texts(stranger, "walrus") == []
    reader = make_user("relationship_manager", "suppliers")
    assert names(reader, "zebra") == []
    name_access(actor=boss, relationship=secret, user=reader, reason="audit", now=NOW)
    assert names(reader, "zebra") == ["Zebra Works"]
