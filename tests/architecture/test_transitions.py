"""The state machines: columns hold what the tables name; a move that is not there is refused with those that are."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.operations.workspace import Workspace
from cases.enums import CaseState, QuestionState
from cases.transitions import CASE, QUESTION, SHORT_CASE
from core.refusals import Conflict
from core.transitions import TransitionTable
from health.enums import AlertState, ProposalState, ReviewState
from health.transitions import ALERT, PROPOSAL, REVIEW
from messaging.enums import DeliveryOutcome, MessageState
from messaging.transitions import DELIVERY, MESSAGE
from relationships.enums import OPEN_COMMITMENT_STATES, CommitmentState, FollowUpState
from relationships.models import Commitment, FollowUp
from relationships.operations import follow_ups
from relationships.operations.commitments import move_commitment
from relationships.transitions import COMMITMENT, FOLLOW_UP
from tests.factories import NOW, make_commitment, make_follow_up

TABLES = {
    COMMITMENT: set(CommitmentState.values),
    FOLLOW_UP: set(FollowUpState.values),
    ALERT: set(AlertState.values),
    PROPOSAL: set(ProposalState.values),
    REVIEW: set(ReviewState.values),
    CASE: set(CaseState.values) - {"answered"},
    MESSAGE: set(MessageState.values),
    DELIVERY: set(DeliveryOutcome.values),
    SHORT_CASE: {"new", "answered", "closed", "withdrawn", "duplicate", "reopened"},
    QUESTION: set(QuestionState.values),
}
LATER = NOW.date() + timedelta(days=30)


def every_pair(table: TransitionTable) -> list[tuple[str, str]]:
    return [(state, move.name) for state in table.states for move in table.transitions]


def judge(table: Any, entity: Any, move: str, carry_out: Any) -> None:
    """The move is made where the table has it; else it is refused, and nothing is changed."""
    state = entity.state
    allowed = [transition.name for transition in table.allowed(state)]
    if move in allowed:
        assert carry_out(entity, move).state == table.named(move).target
        return
    with pytest.raises(Conflict) as refused:
        carry_out(entity, move)
    entity.refresh_from_db()
    assert (refused.value.status, refused.value.allowed, entity.state) == (409, allowed, state)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.entity)
def test_the_states_of_the_column_are_those_of_the_table(table: TransitionTable) -> None:
    assert {str(state) for state in table.states} == {str(state) for state in TABLES[table]}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.entity)
def test_every_state_is_reached_and_only_final_ones_are_not_left(table: TransitionTable) -> None:
    reached = {table.initial} | {move.target for move in table.transitions}
    left = {source for move in table.transitions for source in move.sources}
    assert reached == set(table.states)
    assert set(table.states) - left == set(table.final)


def test_a_promise_is_open_exactly_while_it_can_be_withdrawn() -> None:
    assert set(OPEN_COMMITMENT_STATES) == COMMITMENT.named("withdraw").sources


ROAD = {
    "proposed": [],
    "agreed": ["agree"],
    "in_progress": ["agree", "start"],
    "delivered": ["agree", "deliver"],
    "confirmed": ["agree", "deliver", "confirm"],
    "missed": ["agree", "miss"],
    "withdrawn": ["withdraw"],
}


def move_promise(promise: Commitment, move: str) -> Commitment:
    again: dict[str, Any] = {"new_due_date": LATER, "agreed_with": "Ana"} if move == "re_promise" else {}
    return move_commitment(
        actor=promise.owner, commitment=promise, transition=move, now=NOW, reason="x", **again
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "move"), every_pair(COMMITMENT))
def test_a_promise_makes_the_moves_of_its_table_and_no_other(
    workspace: Workspace, state: str, move: str
) -> None:
    promise = make_commitment(state="proposed")
    for step in ROAD[state]:
        promise = move_promise(promise, step)
    assert promise.state == state
    judge(COMMITMENT, promise, move, move_promise)


def move_follow_up(follow_up: FollowUp, move: str) -> FollowUp:
    given: dict[str, Any] = {"actor": follow_up.assignee, "follow_up": follow_up, "now": NOW}
    verbs: dict[str, Any] = {
        "finish": lambda: follow_ups.finish_follow_up(**given),
        "cancel": lambda: follow_ups.cancel_follow_up(**given),
        "reopen": lambda: follow_ups.reopen_follow_up(**given),
        "snooze": lambda: follow_ups.snooze_follow_up(**given, due_date=LATER),
        "edit": lambda: follow_ups.edit_follow_up(
            **given, what="x", due_date=LATER, assignee=follow_up.assignee
        ),
    }
    done: FollowUp = verbs[move]()
    return done


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "move"), every_pair(FOLLOW_UP))
def test_a_follow_up_makes_the_moves_of_its_table_and_no_other(
    workspace: Workspace, state: str, move: str
) -> None:
    follow_up = make_follow_up()
    for step in {"open": [], "done": ["finish"], "cancelled": ["cancel"]}[state]:
        follow_up = move_follow_up(follow_up, step)
    judge(FOLLOW_UP, follow_up, move, move_follow_up)
