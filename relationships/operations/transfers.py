"""Promises and follow-ups handed on from one relationship to another, with or without another owner."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.refusals import Conflict, Invalid
from relationships.enums import Verb
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations import commitments, follow_ups
from relationships.operations.access import check_colleague, hold_relationship
from relationships.operations.events import record_events
from relationships.operations.inputs import Problems
from relationships.operations.notices import tell_planned, tell_promised


@transaction.atomic
def transfer_commitments(
    *,
    actor: User,
    relationship: Relationship,
    to: Relationship,
    now: datetime,
    reason: str,
    only: Sequence[Commitment] | None = None,
    owner: User | None = None,
    field: str = "",
) -> int:
    """Moves open promises of a relationship, all or `only` those, to another; returns how many.

    They stay the same promises, with their dates and their misses; both timelines tell of it. Whoever looks
    after one, the `owner` where one is given, must see it there. `field` is put before the names of wrong fields.
    """
    held, heir = _pair(actor, relationship, to, Permission.MANAGE_COMMITMENTS, field)
    problems = Problems()
    words = problems.text(f"{field}reason", reason, most=400, required=True)
    promises = list(_still_owed(held, only))
    for reader in {owner} if owner else {promise.owner for promise in promises}:
        check_colleague(f"{field}owner", reader, [heir], problems)
    problems.refuse()
    record_events(
        [
            commitments.commitment_event(promise, side, Verb.COMMITMENT_TRANSFERRED, actor, now, reason=words)
            for promise in promises
            for side in (held, heir)
        ]
    )
    taken = [promise for promise in promises if owner and promise.owner_id != owner.pk]
    for promise in promises:
        promise.relationship, promise.owner = heir, owner or promise.owner
    Commitment.objects.bulk_update(promises, ["relationship", "owner"])
    tell_promised(taken, actor=actor, now=now)
    commitments.settle([held.pk, heir.pk], now=now)
    return len(promises)


def _still_owed(held: Relationship, only: Sequence[Commitment] | None) -> "QuerySet[Commitment]":
    found = held.commitments.open().select_related("made_in", "owner").select_for_update(of=("self",))
    chosen = found if only is None else found.filter(pk__in=[promise.pk for promise in only])
    return chosen.order_by("id")


@transaction.atomic
def transfer_follow_up(
    *,
    actor: User,
    follow_up: FollowUp,
    to: Relationship,
    now: datetime,
    reason: str,
    assignee: User | None = None,
    field: str = "",
) -> FollowUp:
    """Moves an open follow-up to another relationship, for `assignee` where one is given; both timelines tell."""
    held, heir = _pair(actor, follow_up.relationship, to, Permission.MANAGE_FOLLOW_UPS, field)
    problems = Problems()
    words = problems.text(f"{field}reason", reason, most=400, required=True)
    found, _held = follow_ups.hold_follow_up(actor, follow_up, "edit")
    is_anothers = assignee is not None and assignee.pk != found.assignee_id
    found.assignee = assignee or found.assignee
    check_colleague(f"{field}owner", found.assignee, [heir], problems)
    problems.refuse()
    found.relationship = heir
    found.save(update_fields=["relationship", "assignee"])
    verb = Verb.FOLLOW_UP_TRANSFERRED
    told = [follow_ups.follow_up_event(found, side, verb, actor, now, reason=words) for side in (held, heir)]
    record_events(told)
    tell_planned([found] if is_anothers else [], actor=actor, now=now)
    follow_ups.settle([held.pk, heir.pk], now=now)
    return found


def _pair(
    actor: User, relationship: Relationship, to: Relationship, permission: Permission, field: str
) -> tuple[Relationship, Relationship]:
    """Both relationships, locked in the order of their ids; what the first keeps from people the second keeps too."""
    if relationship.pk == to.pk:
        raise Invalid({f"{field}to": _("Choose another relationship.")})
    pair = {pk: hold_relationship(actor, pk, permission) for pk in sorted({relationship.pk, to.pk})}
    held, heir = pair[relationship.pk], pair[to.pk]
    if heir.closed_at is not None:
        raise Conflict(_("“%(name)s” is closed; it cannot take promises over.") % {"name": heir.party_name})
    if heir.confidentiality < held.confidentiality:
        raise Invalid({f"{field}to": _("More people may know of that relationship than of this one.")})
    return held, heir
