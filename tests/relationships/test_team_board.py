"""The team board: who has how much, only of what the viewer may know, and moved with a reason."""

from datetime import timedelta

import pytest

from accounts.models import Team, User
from relationships.models import Commitment, Event, FollowUp, Relationship
from relationships.queries.team_board import Board, Column, team_board
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()


@pytest.fixture
def team() -> Team:
    return make_team("Key accounts")


@pytest.fixture
def lead(team: Team) -> User:
    return make_user(name="Lead", member_of=team)


@pytest.fixture
def ben(team: Team) -> User:
    return make_user(name="Ben", member_of=team)


def board(viewer: User, team_id: int | None = None) -> Board:
    return team_board(viewer=viewer, team_id=team_id, now=NOW)


def lane(found: Board, user: User) -> Column:
    return next(column for column in found.columns if column.user == user)


def test_a_lane_tells_what_somebody_has_and_the_nearest_of_it(lead: User, ben: User) -> None:
    relationship = make_relationship(owner=ben, now=NOW - timedelta(days=60))
    make_relationship(owner=ben)
    late = make_follow_up(relationship, what="Late", assignee=ben, due_date=TODAY - timedelta(days=1))
    make_follow_up(relationship, what="Today", assignee=ben, due_date=TODAY)
    make_follow_up(relationship, what="Far", assignee=ben, due_date=TODAY + timedelta(days=15))
    made = {"owner": ben, "made_at": NOW - timedelta(days=9)}
    promise = make_commitment(relationship, what="Quote", due_date=TODAY + timedelta(days=1), **made)
    for days, minutes in ((1, 45), (27, 30), (29, 600)):
        make_interaction(
            relationship, actor=ben, happened_at=NOW - timedelta(days=days), duration_minutes=minutes
        )
    found = lane(board(lead), ben)
    assert (found.relationships, found.due, found.overdue, found.at_risk) == (2, 2, 1, 1)
    assert (found.minutes, found.hours) == (75, 1.2)
    assert [(card.words, card.is_overdue) for card in found.cards] == [
        ("Late", True),
        ("Today", False),
        ("Quote", False),
    ]
    assert [card.move_url for card in (found.cards[0], found.cards[2])] == [
        f"/follow-ups/{late.pk}/new-assignee/",
        f"/commitments/{promise.pk}/new-owner/",
    ]
    assert (lane(board(lead), lead).hours, lane(board(lead), lead).cards) == (None, [])


def test_a_full_lane_counts_what_it_does_not_show(lead: User, ben: User) -> None:
    relationship = make_relationship(owner=ben)
    for _ in range(14):
        make_follow_up(relationship, assignee=ben)
    found = lane(board(lead), ben)
    assert (len(found.cards), found.more) == (12, 2)


def test_who_has_most_overdue_stands_first(lead: User, ben: User) -> None:
    make_follow_up(assignee=lead, due_date=TODAY)
    make_follow_up(assignee=ben, due_date=TODAY - timedelta(days=1))
    assert [column.user for column in board(lead).columns] == [ben, lead]


def test_only_what_the_viewer_may_know_of_is_counted_and_shown(team: Team, ben: User) -> None:
    viewer = make_user("relationship_manager", "suppliers", member_of=team)
    hidden = make_relationship("customers", owner=ben, name="Zebra")
    make_follow_up(hidden, assignee=ben, due_date=TODAY)
    make_commitment(hidden, owner=ben, due_date=TODAY)
    make_interaction(hidden, actor=ben, duration_minutes=30)
    found = lane(board(viewer), ben)
    assert (found.relationships, found.due, found.overdue, found.at_risk) == (0, 0, 0, 0)
    assert (found.minutes, found.cards) == (None, [])
    assert "Zebra" not in signed_in(viewer).get("/team/").content.decode()


def test_ones_own_team_comes_first_and_others_are_for_those_who_may_assign_everywhere(
    team: Team, lead: User, ben: User
) -> None:
    other = make_team("Americas")
    assert (board(lead).team, board(lead, other.pk).team) == (team, other)
    inside = make_user("representative", member_of=team)
    assert (board(inside, other.pk).team, board(inside).teams) == (team, [team])
    assert board(make_user("representative")).team is None
    limited = make_user("relationship_manager", team=team, member_of=team)
    assert board(limited).teams == [team]


def test_the_page_says_what_to_do_without_a_team_and_with_an_empty_one() -> None:
    assert "You are in no team" in signed_in(make_user("representative")).get("/team/").content.decode()
    empty = make_team("Empty")
    page = signed_in(make_user("administrator")).get("/team/", {"team": empty.pk}).content.decode()
    assert "Nobody is in this team" in page
    assert signed_in(make_user("administrator")).get("/team/", {"team": "x"}).status_code == 200


def test_each_thing_is_given_on_with_a_reason_and_one_comes_back(lead: User, ben: User) -> None:
    relationship = make_relationship(owner=lead)
    plan, promise = make_follow_up(relationship, assignee=lead), make_commitment(relationship, owner=lead)
    client = signed_in(lead)
    for address in (
        f"/follow-ups/{plan.pk}/new-assignee/",
        f"/commitments/{promise.pk}/new-owner/",
        f"/customers/{relationship.pk}/new-owner/",
    ):
        page = client.get(address, {"to": ben.pk, "back": "/team/"}).content.decode()
        assert f'<option value="{ben.pk}" selected>' in page
        assert client.post(address, {"to": ben.pk, "reason": "", "back": "/team/"}).status_code == 422
        response = client.post(address, {"to": ben.pk, "reason": "Holiday", "back": "/team/"})
        assert (response.status_code, response.headers["Location"]) == (302, "/team/")
    assert FollowUp.objects.get(pk=plan.pk).assignee == ben
    assert Commitment.objects.get(pk=promise.pk).owner == ben
    assert Relationship.objects.get(pk=relationship.pk).owner == ben
    assert Event.objects.filter(reason="Holiday").count() == 3


def test_without_the_right_to_assign_nothing_is_offered_and_nothing_moves(team: Team, lead: User) -> None:
    relationship = make_relationship(owner=lead, team=team)
    plan = make_follow_up(relationship, assignee=lead)
    client = signed_in(make_user("representative", member_of=team))
    assert "draggable" not in client.get("/team/").content.decode()
    assert client.get(f"/follow-ups/{plan.pk}/new-assignee/").status_code == 403
    assert (
        client.post(f"/customers/{relationship.pk}/new-owner/", {"to": lead.pk, "reason": "x"}).status_code
        == 403
    )
    assert client.get("/follow-ups/999999/new-assignee/").status_code == 404
    assert client.get("/commitments/999999/new-owner/").status_code == 404
    assert "draggable" in signed_in(lead).get("/team/").content.decode()
