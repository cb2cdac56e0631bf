"""Changing directions: work goes to somebody else who has room for it, with the reason told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.refusals import Conflict, Missing
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations.access import check_colleague, hold_relationship
from relationships.operations.commitments import settle
from relationships.operations.inputs import Problems
from relationships.operations.passing_on import pass_on_follow_ups, pass_on_promises
from relationships.operations.relationships import assign_relationships


@transaction.atomic
def give_follow_up(*, actor: User, follow_up: FollowUp, to: User, reason: str, now: datetime) -> FollowUp:
    """Gives an open follow-up to a colleague. Raises Missing, NotAllowed, Conflict when theirs or over, Invalid."""
    seen = FollowUp.objects.visible_to(actor).open().filter(pk=follow_up.pk).first()
    if seen is None:
        raise Missing(_("There is no such follow-up."))
    held = hold_relationship(actor, seen.relationship_id, Permission.ASSIGN)
    rows = FollowUp.objects.select_related("assignee", "planned_in").select_for_update(of=("self",))
    found = rows.get(pk=seen.pk)
    words = _checked(found.assignee_id, to, reason, held)
    found.relationship = held
    pass_on_follow_ups([found], lambda _held: to, actor=actor, now=now, reason=words)
    settle([held.pk], now=now)
    return found


@transaction.atomic
def give_commitment(
    *, actor: User, commitment: Commitment, to: User, reason: str, now: datetime
) -> Commitment:
    """Gives an open promise to a colleague. Raises Missing, NotAllowed, Conflict when theirs or over, Invalid."""
    seen = Commitment.objects.visible_to(actor).open().filter(pk=commitment.pk).first()
    if seen is None:
        raise Missing(_("There is no such promise."))
    held = hold_relationship(actor, seen.relationship_id, Permission.ASSIGN)
    rows = Commitment.objects.select_related("owner", "made_in").select_for_update(of=("self",))
    found = rows.get(pk=seen.pk)
    words = _checked(found.owner_id, to, reason, held)
    found.relationship = held
    pass_on_promises([found], lambda _held: to, actor=actor, now=now, reason=words)
    settle([held.pk], now=now)
    return found


@transaction.atomic
def give_relationship(
    *, actor: User, relationship: Relationship, to: User, reason: str, now: datetime
) -> Relationship:
    """Gives a relationship to a colleague, with the open follow-ups and promises that its owner has in it."""
    held = hold_relationship(actor, relationship.pk, Permission.ASSIGN)
    before = held.owner
    words = _checked(before.pk, to, reason)
    assign_relationships(actor=actor, relationship_ids=[held.pk], owner=to, now=now, reason=words)
    promises = list(
        held.commitments.open()
        .filter(owner=before)
        .select_related("owner", "made_in", "relationship__party")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    follow_ups = list(
        held.follow_ups.open()
        .filter(assignee=before)
        .select_related("assignee", "planned_in", "relationship__party")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    pass_on_promises(promises, lambda _held: to, actor=actor, now=now, reason=words)
    pass_on_follow_ups(follow_ups, lambda _held: to, actor=actor, now=now, reason=words)
    settle([held.pk], now=now)
    held.refresh_from_db()
    return held


def _checked(holder_id: int, to: User, reason: str, held: Relationship | None = None) -> str:
    """The reason; raises Conflict when they have it, Invalid without a reason or when they would not see `held`."""
    if holder_id == to.pk:
        raise Conflict(_("%(name)s has it already.") % {"name": to.name})
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    if held is not None:
        check_colleague("to", to, [held], problems)
    problems.refuse()
    return words
