"""What a colleague sees and why: the reasons given are those by which it is decided, for everybody and everything."""

import random

import pytest
from django.test import Client

from accounts.enums import Permission
from accounts.models import RoleGrant, User
from accounts.operations.workspace import Workspace
from accounts.permissions import ROLES, holds_everywhere
from oversight.queries.matrix import OF_THE_WORKSPACE, person_rows, role_columns, role_rows
from oversight.queries.sight import counts_by_kind, judge, party_verdict
from relationships import kinds
from relationships.models import ConfidentialAccess, Party, Relationship
from relationships.permissions import may_in, may_somewhere
from tests.factories import (
    NOW,
    make_business_unit,
    make_link,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(workspace: Workspace) -> list[User]:
    """Somebody of every role without a limit, and of some within a kind, a team or a unit, in teams or in none."""
    unit, team = make_business_unit(), make_team()
    found = [make_user(role) for role in ROLES]
    found += [
        make_user(role, "customers", member_of=team) for role in ("representative", "relationship_manager")
    ]
    found += [
        make_user("representative", team=team, member_of=team),
        make_user("executive", business_unit=unit),
    ]
    found += [make_user(""), make_user("hr", "staff"), make_user("auditor", "suppliers")]
    return found


@pytest.fixture
def records(people: list[User]) -> list[Relationship]:
    """Two dozen relationships of three kinds and every class, owned and named at random, always the same."""
    chance = random.Random(7)
    team = people[-6].current_team_ids()[0]
    made = []
    for number in range(24):
        kind = ("customers", "suppliers", "staff")[number % 3]
        role = make_relationship(kind)
        owner = chance.choice(people)
        Relationship.objects.filter(pk=role.pk).update(
            confidentiality=number % 5, owner=owner, team=team if number % 2 else None
        )
        made.append(role)
    administrator = make_user("administrator", name="Namer")
    ConfidentialAccess.objects.bulk_create(
        ConfidentialAccess(
            relationship=role, user=people[1], granted_at=NOW, granted_by=administrator, reason="Audit"
        )
        for role in made[::4]
    )
    return list(Relationship.objects.filter(pk__in=[role.pk for role in made]).order_by("pk"))


def test_there_are_reasons_exactly_where_the_rule_lets_somebody_see(
    people: list[User], records: list[Relationship]
) -> None:
    seen = 0
    for person in people:
        visible = set(Relationship.objects.visible_to(person).values_list("pk", flat=True))
        for verdict in judge(person, records):
            told = bool(verdict.reach and verdict.opened)
            assert (told, verdict.sees) == (verdict.relationship.pk in visible,) * 2, (person, verdict)
            seen += told
    assert 0 < seen < len(people) * len(records)


def test_a_party_is_seen_exactly_where_the_rule_lets_somebody_see(
    people: list[User], records: list[Relationship]
) -> None:
    viewer = people[0]
    for role in Relationship.objects.visible_to(viewer)[:6]:
        make_person(works_for=role.party, actor=viewer)
    make_person()
    for party in Party.objects.visible_to(viewer):
        for person in people:
            found = party_verdict(viewer, person, party)
            assert found.sees == Party.objects.visible_to(person).filter(pk=party.pk).exists()
            if any(verdict.sees for verdict in found.roles) and not found.is_few:
                assert found.sees


def test_a_person_is_seen_through_whom_they_belong_to(workspace: Workspace) -> None:
    viewer, seller = make_user("auditor"), make_user("representative", "customers")
    role = make_relationship(owner=seller)
    ana = make_person(works_for=role.party)
    make_link(make_relationship("suppliers").party, ana, "knows")
    found = party_verdict(viewer, seller, ana)
    assert (found.sees, found.roles, found.through, found.is_unclaimed) == (True, [], [role], True)
    other = party_verdict(viewer, make_user("representative", "press"), ana)
    assert (other.sees, other.through) == (False, [])


def test_counts_are_of_what_the_asker_may_know_of(people: list[User], records: list[Relationship]) -> None:
    viewer, person = people[0], people[1]
    mine, theirs = (Relationship.objects.visible_to(each) for each in (viewer, person))
    assert [(count.kind.slug, count.seen, count.of) for count in counts_by_kind(viewer, person)] == [
        (
            kind.slug,
            mine.filter(kind=kind.slug, pk__in=theirs).count(),
            mine.filter(kind=kind.slug).count(),
        )
        for kind in kinds.registry
    ]


def test_the_matrix_says_what_the_rule_says(people: list[User]) -> None:
    for person in people:
        for row in person_rows(person):
            if row.permission in OF_THE_WORKSPACE:
                assert row.everywhere == holds_everywhere(person, row.permission)
                continue
            told = [bool(cell.grants) for cell in row.cells]
            assert told == [may_somewhere(person, row.permission, kind.slug) for kind in kinds.registry]
    for row in role_rows():
        assert list(row.cells) == [row.permission in role.permissions for role in ROLES.values()]


def test_who_may_do_nothing_in_a_kind_may_not_do_it_in_any_record_of_it(
    people: list[User], records: list[Relationship]
) -> None:
    for person in people:
        rows = {row.permission: row for row in person_rows(person)}
        for role in records:
            position = kinds.registry.slugs.index(role.kind)
            for permission in set(Permission) - OF_THE_WORKSPACE:
                is_theirs = (
                    role.kind == "staff"
                )  # a closed kind gives its own people rights without any grant
                if may_in(person, permission, role) and not is_theirs:
                    assert rows[permission].cells[position].grants


def test_a_role_is_counted_once_for_each_who_holds_it_now(workspace: Workspace) -> None:
    person = make_user("hr")
    RoleGrant.objects.create(user=person, role="hr", kind="staff", granted_at=NOW, granted_by=person)
    make_user("hr", is_active=False, deactivated_at=NOW)
    holders = {column.role.slug: column.holders for column in role_columns()}
    assert (holders["hr"], holders["finance"]) == (1, 0)
    assert [
        kind.slug for column in role_columns() if column.role.slug == "hr" for kind in column.closed_kinds
    ] == []


def test_the_pages_answer_for_one_person(workspace: Workspace, client: Client) -> None:
    auditor, seller = make_user("auditor"), make_user("representative", "customers", name="Tom Baptiste")
    seen = make_relationship(name="Brightwater Care", owner=seller)
    make_relationship("suppliers", name="Brightwater Water")
    ana = make_person("Ana Bright", works_for=seen.party)
    client.force_login(auditor)
    page = client.get(f"/administration/sight/?person={seller.pk}&q=bright").content.decode()
    assert (page.count("Sees it"), page.count("Does not see it")) == (1, 1)
    assert "by the role: Representative (Customers, own and of their teams)" in page
    assert "No role of theirs reaches it." in page
    party = client.get(f"/administration/sight/{seller.pk}/parties/{ana.pk}/").content.decode()
    assert ("Yes." in party, "Brightwater Care" in party) == (True, True)
    assert client.get(f"/administration/sight/{seller.pk}/parties/999999/").status_code == 404
    assert client.get("/administration/sight/999999/parties/1/").status_code == 404
    assert client.get("/administration/sight/?person=999999").status_code == 422
    rights = client.get(f"/administration/rights/?person={seller.pk}").content.decode()
    assert ("What Tom Baptiste may do" in rights, "Log talk" in rights) == (True, True)
