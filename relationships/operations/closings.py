"""Ending a relationship together with what is still open in it: each thing is handed on or called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations.access import hold_relationship
from relationships.operations.commitments import move_commitment
from relationships.operations.follow_ups import cancel_follow_up
from relationships.operations.relationships import close_relationship
from relationships.operations.transfers import transfer_commitments, transfer_follow_up


@dataclass(frozen=True)
class Decision:
    """What becomes of an open promise or follow-up: it goes `to` another relationship, or is called off.

    There `owner` looks after it, else whoever does now. `reason` is the reason of the closing where it is
    empty. `field` is put before the names of wrong fields.
    """

    thing: Commitment | FollowUp
    to: Relationship | None = None
    owner: User | None = None
    reason: str = ""
    field: str = ""


@transaction.atomic
def close_with_decisions(
    *,
    actor: User,
    relationship: Relationship,
    now: datetime,
    reason: str,
    decisions: Sequence[Decision] = (),
) -> Relationship:
    """Carries out the decisions and ends the relationship, all or nothing.

    As when closing without them, a promise of which nothing was decided forbids it; a follow-up is let go.
    """
    heirs = {decision.to.pk for decision in decisions if decision.to is not None}
    for pk in sorted({relationship.pk} | heirs):  # in one order, whatever order they are decided in
        hold_relationship(actor, pk, None)
    for decision in decisions:
        _carry_out(decision, relationship, actor, now, decision.reason.strip() or reason)
    return close_relationship(actor=actor, relationship=relationship, now=now, reason=reason)


def _carry_out(
    decision: Decision, relationship: Relationship, actor: User, now: datetime, reason: str
) -> None:
    """One decision, by the operation that would be called for it alone."""
    thing, to = decision.thing, decision.to
    if isinstance(thing, Commitment):
        if to is None:
            move_commitment(actor=actor, commitment=thing, transition="withdraw", now=now, reason=reason)
            return
        transfer_commitments(
            actor=actor, relationship=relationship, to=to, now=now, reason=reason,
            only=[thing], owner=decision.owner, field=decision.field,
        )  # fmt: skip
    elif to is None:
        cancel_follow_up(actor=actor, follow_up=thing, now=now, reason=reason)
    else:
        transfer_follow_up(
            actor=actor, follow_up=thing, to=to, now=now, reason=reason,
            assignee=decision.owner, field=decision.field,
        )  # fmt: skip
