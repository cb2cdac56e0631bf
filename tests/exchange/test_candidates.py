"""Parties that may be one: who is found, who sees them, and what stays dismissed."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEntry, User
from core.refusals import Missing, NotAllowed
from exchange.models import DuplicateCandidate
from exchange.operations.candidates import dismiss_candidate, look_for_duplicates
from exchange.queries.candidates import likeliest_candidates
from relationships.models import Party, PartyIdentifier
from relationships.operations.contact_points import add_contact_point
from tests.factories import NOW, make_link, make_party, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db

WORDS = (
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Gorse",
    "Hazel",
    "Ivy",
    "Juniper",
    "Larch",
    "Maple",
)


@pytest.fixture
def steward(workspace: object) -> User:
    return make_user("relationship_manager")


def reached(party: Party, actor: User, **points: str) -> Party:
    for kind, value in points.items():
        add_contact_point(actor=actor, party=party, kind=kind, value=value, now=NOW)
    return party


def firm(actor: User, name: str, **points: str) -> Party:
    return reached(make_party(name, actor=actor, place="Leeds", country="GB"), actor, **points)


@pytest.fixture
def twice(steward: User) -> tuple[Party, Party]:
    """A dozen firms, one of them there twice."""
    for number, word in enumerate(WORDS):
        firm(steward, f"{word} Foods", email=f"office@{word}.example", phone=f"+44113496{number:04d}")
    first = firm(steward, "Northern Tea Ltd", email="hello@tea.example", phone="+441134960999")
    second = firm(steward, "Northern Tea Limited", email="hello@tea.example")
    for party in (first, second):
        PartyIdentifier.objects.create(party=party, scheme="registration", value="0123 4567")
    return first, second


def pairs() -> list[tuple[int, int]]:
    return list(DuplicateCandidate.objects.order_by("pk").values_list("first_id", "second_id"))


def test_two_parties_that_share_what_few_share_are_shown_side_by_side(
    steward: User, twice: tuple[Party, Party], capsys: pytest.CaptureFixture[str]
) -> None:
    assert look_for_duplicates(now=NOW) == 1
    call_command("duplicates")
    assert capsys.readouterr().out == "new pairs: 0\n"
    (pair,) = likeliest_candidates(viewer=steward).pairs
    assert (pair.first, pair.second) == twice
    assert (pair.equal, pair.alike) == (5, 0)
    assert [
        (str(line.label), line.first, line.second, line.is_equal, line.is_alike) for line in pair.lines
    ] == [
        ("Name", "Northern Tea Ltd", "Northern Tea Limited", True, False),
        ("Place", "Leeds", "Leeds", True, False),
        ("Country", "GB", "GB", True, False),
        ("E-mail", "hello@tea.example", "hello@tea.example", True, False),
        ("Phone", "+441134960999", "", False, False),
        ("Registration number", "0123 4567", "0123 4567", True, False),
    ]


def test_what_was_said_to_be_two_stays_so_and_what_is_alike_no_more_is_forgotten(
    steward: User, twice: tuple[Party, Party]
) -> None:
    other = firm(steward, "Alder Foods", email="office@alder.example")
    assert look_for_duplicates(now=NOW) == 2
    dismissed = DuplicateCandidate.objects.get(first=twice[0])
    dismiss_candidate(actor=steward, candidate_id=dismissed.pk, now=NOW)
    Party.objects.filter(pk=other.pk).update(name="Quince Oil", place="Bonn")
    other.contact_points.all().delete()
    assert look_for_duplicates(now=NOW) == 0
    assert (pairs(), likeliest_candidates(viewer=steward).pairs) == ([(twice[0].pk, twice[1].pk)], [])
    entry = AuditEntry.objects.get(verb="duplicate_dismissed")
    assert (entry.subject_id, entry.data) == (twice[0].pk, {"other": twice[1].pk})
    with pytest.raises(Missing):
        dismiss_candidate(actor=steward, candidate_id=dismissed.pk, now=NOW)


def test_people_are_not_firms_and_whoever_is_linked_is_somebody_else(
    steward: User, twice: tuple[Party, Party]
) -> None:
    reached(make_person("Northern Tea", actor=steward), steward, email="hello@tea.example")
    make_link(*twice, "owns", actor=steward)
    assert (look_for_duplicates(now=NOW), pairs()) == (0, [])


def test_nothing_is_looked_for_across_classes_of_confidentiality(twice: tuple[Party, Party]) -> None:
    Party.objects.filter(pk=twice[1].pk).update(confidentiality=3)
    assert (look_for_duplicates(now=NOW), pairs()) == (0, [])


def test_a_pair_is_there_only_for_who_may_know_of_both(
    client: Client, steward: User, twice: tuple[Party, Party]
) -> None:
    make_relationship(party=twice[0], kind="customers", owner=steward)
    make_relationship(party=twice[1], kind="suppliers")
    limited = make_user("relationship_manager", "customers")
    look_for_duplicates(now=NOW)
    candidate = DuplicateCandidate.objects.get()
    client.force_login(limited)
    assert "Northern Tea" not in client.get("/duplicates/").content.decode()
    assert client.post(f"/duplicates/{candidate.pk}/dismissal/").status_code == 404
    client.force_login(steward)
    assert "Northern Tea Limited" in client.get("/duplicates/").content.decode()
    assert client.post(f"/duplicates/{candidate.pk}/dismissal/").status_code == 302
    assert "Northern Tea" not in client.get("/duplicates/").content.decode().partition("<main")[2]


def test_who_may_not_import_may_not_decide(client: Client, twice: tuple[Party, Party]) -> None:
    look_for_duplicates(now=NOW)
    executive = make_user("representative")
    with pytest.raises(NotAllowed):
        dismiss_candidate(actor=executive, candidate_id=DuplicateCandidate.objects.get().pk, now=NOW)
    client.force_login(executive)
    assert client.get("/duplicates/").status_code == 403
