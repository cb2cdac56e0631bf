"""Changing directions: a follow-up, a promise or a relationship goes to a colleague, with the reason told."""

import pytest

from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, RelationshipState
from relationships.operations.commitments import move_commitment
from relationships.operations.follow_ups import finish_follow_up
from relationships.operations.replanning import give_commitment, give_follow_up, give_relationship
from tests.factories import NOW, make_commitment, make_follow_up, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_user(name="Lead")


@pytest.fixture
def ben() -> User:
    return make_user(name="Ben")


def test_a_follow_up_changes_hands_with_its_next_touch(lead: User, ben: User) -> None:
    plan = make_follow_up(make_relationship(owner=lead), assignee=lead)
    given = give_follow_up(actor=lead, follow_up=plan, to=ben, reason="Holiday", now=NOW)
    assert given.assignee == ben
    assert RelationshipState.objects.get(pk=plan.relationship_id).next_touch_owner == ben
    told = Event.objects.get(verb="follow_up_moved")
    assert (told.reason, told.data["from"], told.data["to"]) == ("Holiday", "Lead", "Ben")


def test_a_promise_changes_hands(lead: User, ben: User) -> None:
    promise = make_commitment(make_relationship(owner=lead), owner=lead)
    assert give_commitment(actor=lead, commitment=promise, to=ben, reason="Holiday", now=NOW).owner == ben
    told = Event.objects.get(verb="commitment_transferred")
    assert (told.reason, told.data["from"], told.data["to"]) == ("Holiday", "Lead", "Ben")


def test_a_relationship_takes_its_owners_work_along_and_leaves_that_of_others(lead: User, ben: User) -> None:
    relationship = make_relationship(owner=lead)
    other = make_user(name="Other")
    mine, theirs = (make_follow_up(relationship, assignee=user) for user in (lead, other))
    promise = make_commitment(relationship, owner=lead)
    given = give_relationship(actor=lead, relationship=relationship, to=ben, reason="More room", now=NOW)
    for thing in (mine, theirs, promise):
        thing.refresh_from_db()
    assert (given.owner, mine.assignee, theirs.assignee, promise.owner) == (ben, ben, other, ben)
    assert Event.objects.get(verb="relationship_assigned").reason == "More room"


def test_it_wants_a_reason_and_somebody_else(lead: User, ben: User) -> None:
    relationship = make_relationship(owner=lead)
    plan, promise = make_follow_up(relationship, assignee=lead), make_commitment(relationship, owner=lead)
    moves = (
        (give_follow_up, {"follow_up": plan}),
        (give_commitment, {"commitment": promise}),
        (give_relationship, {"relationship": relationship}),
    )
    for move, thing in moves:
        with pytest.raises(Invalid, match="cannot be empty"):
            move(actor=lead, to=ben, reason=" ", now=NOW, **thing)
        with pytest.raises(Conflict, match="Lead has it already"):
            move(actor=lead, to=lead, reason="x", now=NOW, **thing)
        with pytest.raises(Invalid, match="cannot see"):
            move(actor=lead, to=make_user(kind="suppliers"), reason="x", now=NOW, **thing)
        with pytest.raises(NotAllowed):
            move(actor=make_user("auditor"), to=ben, reason="x", now=NOW, **thing)
        with pytest.raises(Missing):
            move(actor=make_user(kind="suppliers"), to=ben, reason="x", now=NOW, **thing)


def test_what_is_over_stays_where_it_was(lead: User, ben: User) -> None:
    relationship = make_relationship(owner=lead)
    plan = finish_follow_up(actor=lead, follow_up=make_follow_up(relationship, assignee=lead), now=NOW)
    promise = make_commitment(relationship, owner=lead)
    move_commitment(actor=lead, commitment=promise, transition="deliver", now=NOW)
    with pytest.raises(Missing):
        give_follow_up(actor=lead, follow_up=plan, to=ben, reason="x", now=NOW)
    with pytest.raises(Missing):
        give_commitment(actor=lead, commitment=promise, to=ben, reason="x", now=NOW)
