"""Teams: made, led, joined, left and closed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import AuditEntry, Team, TeamMembership, User
from accounts.operations.roles import grant_role
from accounts.operations.teams import add_member, close_team, create_team, edit_team, end_membership
from accounts.queries.workspace import members_of, teams
from core.refusals import Conflict, Invalid, NotAllowed
from tests.factories import make_relationship
from tests.factories.people import make_business_unit, make_team, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def administrator() -> User:
    return make_user("administrator")


def test_a_team_is_made_and_changed(administrator: User) -> None:
    unit, lead = make_business_unit(), make_user(name="Lea")
    team = create_team(actor=administrator, name=" North  West ", business_unit=unit, lead=lead, now=NOW)
    assert (team.name, team.business_unit, team.lead) == ("North West", unit, lead)
    edited = edit_team(actor=administrator, team=team, name="north west", lead=None, now=NOW)
    assert (edited.name, edited.lead) == ("north west", None)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "subject_id", "data")) == [
        ("team_created", team.pk, {"lead": lead.pk}),
        ("team_edited", team.pk, {"lead": None}),
    ]


def test_wrong_values_are_named(administrator: User) -> None:
    team = make_team("North")
    gone = make_user("", name="Tom", is_active=False, deactivated_at=NOW)
    shut = make_business_unit("Shut", closed_at=NOW)

    def errors(**fields: object) -> dict[str, list[str]]:
        with pytest.raises(Invalid) as refusal:
            create_team(actor=administrator, now=NOW, **fields)
        return refusal.value.errors

    assert errors(name="NORTH", business_unit=team.business_unit, lead=gone) == {
        "name": ["Main has a team called NORTH already."],
        "lead": ["Tom is not active and cannot lead a team."],
    }
    assert errors(name="x" * 121, business_unit=team.business_unit) == {
        "name": ["At most 120 characters; this has 121."]
    }
    assert errors(name=" ", business_unit=shut) == {
        "name": ["A team needs a name."],
        "business_unit": ["The business unit Shut is closed."],
    }
    create_team(actor=administrator, name="North", business_unit=make_business_unit(), now=NOW)


def test_somebody_joins_once_and_leaves(administrator: User) -> None:
    team, user = make_team("North"), make_user("representative")
    membership = add_member(actor=administrator, team=team, user=user, now=NOW)
    assert add_member(actor=administrator, team=team, user=user, now=NOW) == membership
    assert [held.user for held in members_of(team.pk)] == [user]
    assert User.objects.get(pk=user.pk).current_team_ids() == [team.pk]
    ended = end_membership(actor=administrator, membership=membership, now=NOW - timedelta(days=1))
    assert ended.ended_at == NOW  # never before it began
    assert User.objects.get(pk=user.pk).current_team_ids() == []
    with pytest.raises(Conflict, match="This membership has been ended already"):
        end_membership(actor=administrator, membership=membership, now=NOW)
    add_member(actor=administrator, team=team, user=user, now=NOW)
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == [
        "team_member_added",
        "team_member_removed",
        "team_member_added",
    ]


def test_nobody_joins_once_they_have_left_the_company(administrator: User) -> None:
    gone = make_user("", name="Tom", is_active=False, deactivated_at=NOW)
    with pytest.raises(Conflict, match="Tom is not active and cannot join a team"):
        add_member(actor=administrator, team=make_team(), user=gone, now=NOW)


def test_a_closed_team_has_no_members_and_takes_no_change(administrator: User) -> None:
    team, user = make_team("North"), make_user("representative")
    add_member(actor=administrator, team=team, user=user, now=NOW)
    closed = close_team(actor=administrator, team=team, now=NOW)
    assert closed.closed_at == NOW
    assert TeamMembership.objects.filter(team=team, ended_at=None).count() == 0
    for change in (
        lambda: close_team(actor=administrator, team=team, now=NOW),
        lambda: edit_team(actor=administrator, team=team, name="N", lead=None, now=NOW),
        lambda: add_member(actor=administrator, team=team, user=user, now=NOW),
    ):
        with pytest.raises(Conflict, match="The team North is closed"):
            change()


def test_a_team_with_roles_or_relationships_stays_open(administrator: User) -> None:
    team = make_team("North")
    grant = grant_role(actor=administrator, user=make_user(""), role="representative", team=team, now=NOW)
    with pytest.raises(Conflict, match="1 role is limited to North"):
        close_team(actor=administrator, team=team, now=NOW)
    grant.ended_at, grant.ended_by = NOW, administrator
    grant.save()
    make_relationship(team=team)
    with pytest.raises(Conflict, match="North still has 1 open relationship"):
        close_team(actor=administrator, team=team, now=NOW)


def test_only_an_administrator_manages_teams() -> None:
    manager, team = make_user("relationship_manager"), make_team()
    membership = TeamMembership.objects.create(user=manager, team=team, started_at=NOW)
    for change in (
        lambda: create_team(actor=manager, name="X", business_unit=team.business_unit, now=NOW),
        lambda: edit_team(actor=manager, team=team, name="X", lead=manager, now=NOW),
        lambda: add_member(actor=manager, team=team, user=manager, now=NOW),
        lambda: end_membership(actor=manager, membership=membership, now=NOW),
        lambda: close_team(actor=manager, team=team, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_open_teams_are_listed_first_with_their_members_counted() -> None:
    closed, south, north = make_team("Alpha"), make_team("South"), make_team("North")
    Team.objects.filter(pk=closed.pk).update(closed_at=NOW)
    make_user("", member_of=north)
    make_user("", member_of=north, is_active=False, deactivated_at=NOW)
    assert [(team.name, team.member_count) for team in teams()] == [
        ("North", 1),
        ("South", 0),
        ("Alpha", 0),
    ]
    assert south.closed_at is None


def test_the_pages_make_fill_and_close_a_team(client: Client, administrator: User) -> None:
    user = make_user("", name="Tom Baptiste")
    client.force_login(administrator)
    assert "No teams yet" in client.get("/administration/teams/").content.decode()
    unit = make_business_unit("Retail")
    assert client.get("/administration/teams/new/").status_code == 200
    answer = client.post("/administration/teams/new/", {"name": "North", "business_unit": unit.pk})
    team = Team.objects.get()
    address = f"/administration/teams/{team.pk}/"
    assert answer.headers["Location"] == address
    again = client.post("/administration/teams/new/", {"name": "north", "business_unit": unit.pk})
    assert (again.status_code, "Retail has a team called north already." in again.content.decode()) == (
        422,
        True,
    )
    assert client.post("/administration/teams/new/", {"name": ""}).status_code == 422
    assert "Nobody is in this team" in client.get(address).content.decode()
    assert client.post(f"{address}members/", {"user": user.pk}).headers["Location"] == address
    assert client.post(f"{address}members/", {"user": ""}).status_code == 422
    assert "Tom Baptiste" in client.get(address).content.decode()
    assert client.post(address, {"name": "North", "lead": user.pk}).status_code == 302
    assert Team.objects.get().lead == user
    assert client.post(address, {"name": " "}).status_code == 422
    listed = client.get("/administration/teams/").content.decode()
    assert ("led by Tom Baptiste" in listed, "1 member" in listed) == (True, True)
    membership = TeamMembership.objects.get()
    assert client.post(f"/administration/memberships/{membership.pk}/ending/").status_code == 302
    assert client.post("/administration/memberships/0/ending/").status_code == 404
    assert client.post(f"{address}closure/").headers["Location"] == "/administration/teams/"
    assert "Closed" in client.get("/administration/teams/").content.decode()
    assert client.post(f"{address}closure/").status_code == 409
    assert client.get("/administration/teams/0/").status_code == 404


def test_the_page_says_what_hangs_on_a_team(client: Client, administrator: User) -> None:
    team = make_team("North")
    make_relationship(team=team)
    client.force_login(administrator)
    address = f"/administration/teams/{team.pk}/"
    assert "1 open relationship" in client.get(address).content.decode()
    make_user("representative", team=team, name="Rita")
    assert "Rita (Representative)" in client.get(address).content.decode()
    assert client.post(f"{address}closure/").status_code == 409
