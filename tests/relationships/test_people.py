"""Who belongs to a party, each once, and how each is reached."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.enums import ContactPointKind
from relationships.models import Party, Relationship
from relationships.operations.contact_points import add_contact_point, edit_contact_point
from relationships.queries.party import party_page
from relationships.queries.people import PeopleMap, Tie
from relationships.queries.record import Record, record
from tests.factories import (
    NOW,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def record_of(relationship: Relationship, viewer: User | None = None) -> Record:
    return record(viewer=viewer or make_user(), relationship=relationship, now=NOW)


def people_of(relationship: Relationship, viewer: User | None = None) -> PeopleMap:
    return record_of(relationship, viewer).people


def point_of(party: Party, kind: str, value: str, **fields: object) -> None:
    add_contact_point(actor=make_user(), party=party, kind=kind, value=value, now=NOW, **fields)


def test_a_device_can_act_on_what_calls_writes_or_opens(workspace: Workspace) -> None:
    relationship = make_relationship()
    values = {
        "email": "desk@acme.example",
        "phone": "+44 113 496 0000",
        "url": "https://acme.example",
        "postal": "1 Mill Lane, Leeds",
        "social": "@acme",
    }
    for kind, value in values.items():
        point_of(relationship.party, kind, value)
    points = {point.kind: point for point in record_of(relationship).points}
    assert {kind: point.href for kind, point in points.items()} == {
        "email": "mailto:desk@acme.example",
        "phone": "tel:+441134960000",
        "url": "https://acme.example",
        "postal": "",
        "social": "",
    }
    assert {kind: (point.icon, point.kind_words) for kind, point in points.items()} == {
        "email": ("mail", "E-mail"),
        "phone": ("phone", "Phone"),
        "url": ("globe", "Web address"),
        "postal": ("map-pin", "Postal address"),
        "social": ("at-sign", "Social account"),
    }
    assert set(points) == set(ContactPointKind.values)


def test_what_must_not_be_used_is_shown_and_leads_nowhere(workspace: Workspace) -> None:
    relationship = make_relationship()
    helen = make_person("Helen", works_for=relationship.party)
    for value in ("0113 496 0001", "0113 496 0002"):
        point_of(helen, "phone", value)
    first, second = helen.contact_points.order_by("id")
    edit_contact_point(actor=make_user(), contact_point=first, value=first.value, do_not_use=True, now=NOW)
    (tie,) = people_of(relationship).ties
    assert [(point.do_not_use, point.href) for point in tie.points if point.id == first.pk] == [(True, "")]
    assert tie.phone is not None
    assert (tie.phone.id, tie.email) == (second.pk, None)


def test_a_party_that_two_links_tie_is_there_once_by_the_closer_one(workspace: Workspace) -> None:
    relationship = make_relationship()
    helen = make_person("Helen")
    make_link(relationship.party, helen, "knows", strength=2)
    make_link(relationship.party, helen, "employs", strength=5, influence=4, stance="supporter")
    ben = make_person("Ben", works_for=relationship.party)
    people = people_of(relationship)
    assert [tie.party_id for tie in people.ties] == [helen.pk, ben.pk]
    closer = people.ties[0]
    assert (closer.strength, closer.strong, closer.tone, closer.stance_words) == (
        5,
        True,
        "good",
        "Supporter",
    )
    assert (people.strong_ties, people.ties[1].stance_words) == (1, "")


def test_each_tie_that_one_may_not_know_of_is_there_without_a_name(workspace: Workspace) -> None:
    relationship = make_relationship("suppliers", name="Acme")
    for name in ("Secret one", "Secret two"):
        make_link(make_relationship("customers", name=name).party, relationship.party, "owns")
    people = people_of(relationship, make_user(kind="suppliers"))
    assert [(tie.name, tie.restricted, tie.url, tie.role) for tie in people.ties] == [
        ("Restricted", True, "#people", "")
    ] * 2
    assert people.known == []


def test_who_only_took_part_in_talks_is_told_by_that(workspace: Workspace) -> None:
    relationship = make_relationship()
    buyer, guest = make_person("Ana", job_title="Buyer"), make_person("Ben")
    make_interaction(relationship, people=[buyer, guest], happened_at=NOW - timedelta(days=2))
    found = {tie.name: tie for tie in people_of(relationship).ties}
    assert {name: (tie.role, tie.link_id) for name, tie in found.items()} == {
        "Ana": ("Buyer", None),
        "Ben": ("took part in talks", None),
    }
    assert found["Ana"].last_talk_at == NOW - timedelta(days=2)


def test_a_party_by_itself_has_its_ties_without_those_who_only_talked(workspace: Workspace) -> None:
    helen, acme = make_person("Helen"), make_party("Acme")
    make_link(acme, helen, "employs")
    page = party_page(viewer=make_user(), party=helen, today=TODAY)
    assert [(tie.name, tie.url) for tie in page.people.ties] == [("Acme", f"/parties/{acme.pk}/")]
    assert page.points == ()


def test_of_a_long_complaint_the_record_tells_the_beginning(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, body="x" * 140, problem_severity=8)
    make_interaction(relationship, body="y" * 141, problem_severity=4)
    assert [problem.words for problem in record_of(relationship).problems] == ["x" * 140, "y" * 139 + "…"]


def test_a_tie_without_a_number_offers_none() -> None:
    assert Tie(party_id=1, name="Ana", role="", is_person=True).phone is None
