"""The facts beside a relationship are those that its rows tell, whatever happened and in whatever order."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.operations.workspace import ensure_workspace
from core.refusals import Conflict, Invalid
from relationships.enums import OPEN_COMMITMENT_STATES, Channel
from relationships.models import Commitment, FollowUp, Interaction, Relationship, RelationshipState
from relationships.operations import commitments, due_promises, follow_ups, interactions, transfers
from relationships.operations import relationships as relationship_operations
from tests.factories import NOW, make_commitment, make_follow_up, make_interaction, make_relationship

pytestmark = pytest.mark.django_db

STEPS = (
    "log_in", "log_out", "log_note", "log_problem", "correct", "close_problem", "promise", "hear_promise",
    "agree", "deliver", "withdraw", "miss", "renegotiate", "plan", "finish", "snooze", "cancel", "reopen",
    "transfer", "close", "open_again",
)  # fmt: skip


def pick(rows: list[object], number: int) -> object:
    if not rows:
        raise Conflict("nothing there")
    return rows[number % len(rows)]


def do(step: str, number: int, held: Relationship, heir: Relationship) -> None:
    """One step with one of the rows there are; what is impossible is refused and changes nothing."""
    actor, ago = held.owner, NOW - timedelta(days=number)
    talks = list(Interaction.objects.filter(relationship=held, superseded_at=None).order_by("id"))
    both = (held, heir)
    promises = list(Commitment.objects.filter(relationship__in=both).order_by("id"))
    plans = list(FollowUp.objects.filter(relationship__in=both).order_by("id"))
    day = NOW.date() + timedelta(days=number)

    def move(name: str) -> None:
        commitments.move_commitment(
            actor=actor, commitment=pick(promises, number), transition=name, now=NOW, reason="x"
        )

    verbs = {
        "log_in": lambda: make_interaction(held, actor=actor, direction="in", happened_at=ago),
        "log_out": lambda: make_interaction(
            held, actor=actor, direction="out", happened_at=ago, channel="email"
        ),
        "log_note": lambda: make_interaction(held, actor=actor, channel="note", happened_at=ago),
        "log_problem": lambda: make_interaction(held, actor=actor, problem_severity=2, happened_at=ago),
        "correct": lambda: interactions.correct_interaction(
            actor=actor,
            interaction=pick(talks, number),
            now=NOW,
            reason="x",
            happened_at=ago,
            direction="out",
        ),
        "close_problem": lambda: interactions.close_problem(
            actor=actor, interaction=pick(talks, number), now=NOW, reason="x"
        ),
        "promise": lambda: make_commitment(held, actor=actor, due_date=day, state="proposed"),
        "hear_promise": lambda: make_commitment(held, actor=actor, due_date=day, direction="theirs"),
        "agree": lambda: move("agree"),
        "deliver": lambda: move("deliver"),
        "withdraw": lambda: move("withdraw"),
        "miss": lambda: due_promises.miss_due(now=NOW + timedelta(days=number)),
        "renegotiate": lambda: commitments.renegotiate(
            actor=actor,
            commitment=pick(promises, number),
            to_date=day,
            agreed_with="Ana",
            reason="x",
            now=NOW,
        ),
        "plan": lambda: make_follow_up(held, actor=actor, due_date=day),
        "finish": lambda: follow_ups.finish_follow_up(actor=actor, follow_up=pick(plans, number), now=NOW),
        "snooze": lambda: follow_ups.snooze_follow_up(
            actor=actor, follow_up=pick(plans, number), due_date=day, now=NOW
        ),
        "cancel": lambda: follow_ups.cancel_follow_up(actor=actor, follow_up=pick(plans, number), now=NOW),
        "reopen": lambda: follow_ups.reopen_follow_up(actor=actor, follow_up=pick(plans, number), now=NOW),
        "transfer": lambda: transfers.transfer_commitments(
            actor=actor, relationship=held, to=heir, now=NOW, reason="x"
        ),
        "close": lambda: relationship_operations.close_relationship(
            actor=actor, relationship=held, now=NOW, reason="x"
        ),
        "open_again": lambda: relationship_operations.reopen_relationship(
            actor=actor, relationship=held, now=NOW, reason="x"
        ),
    }
    with suppress(Conflict, Invalid):
        verbs[step]()


def facts_in_rows(held: Relationship) -> dict[str, object]:
    """The same facts, told in the plainest way from the rows."""
    held = Relationship.objects.get(pk=held.pk)
    talks = [row for row in held.interactions.all() if row.superseded_at is None]
    contacts = [row for row in talks if row.channel != Channel.NOTE]
    promises = [row for row in held.commitments.all() if row.state in OPEN_COMMITMENT_STATES]
    plans = [row for row in held.follow_ups.all() if row.done_at is None and row.cancelled_at is None]
    touches = [(row.due_date, 1, row.pk, "follow_up", row.assignee_id) for row in plans] + [
        (row.current_due_date, 2, row.pk, "commitment", row.owner_id)
        for row in promises
        if row.direction != "theirs"
    ]
    last = max((row.happened_at for row in contacts), default=None)
    rhythm = ((last or held.opened_at) + timedelta(days=held.cadence_days)).date()
    due, _rank, thing, reason, owner = min(touches, default=(rhythm, 3, None, "cadence", held.owner_id))
    if held.closed_at is not None:
        due, thing, reason, owner = None, None, "", None
    return {
        "open_commitments": len(promises),
        "open_follow_ups": len(plans),
        "open_problems": sum(1 for row in talks if row.problem_severity and row.problem_closed_at is None),
        "last_interaction_at": last,
        "last_inbound_at": max((r.happened_at for r in contacts if r.direction != "out"), default=None),
        "last_outbound_at": max((r.happened_at for r in contacts if r.direction != "in"), default=None),
        "next_touch_date": due,
        "next_touch_id": thing,
        "next_touch_reason": reason,
        "next_touch_owner_id": owner,
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 12)), min_size=1, max_size=14))
def test_counts_contacts_and_next_touch_are_what_the_rows_say(steps: list[tuple[str, int]]) -> None:
    ensure_workspace(now=NOW)
    held = make_relationship("customers")
    heir = make_relationship("suppliers", party=held.party)
    for step, number in steps:
        do(step, number, held, heir)
        for relationship in (held, heir):
            wanted = facts_in_rows(relationship)
            kept = RelationshipState.objects.filter(relationship=relationship).values(*wanted).get()
            assert kept == wanted, step
