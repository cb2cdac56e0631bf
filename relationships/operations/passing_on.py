"""Open work that goes from one colleague to another: promises and follow-ups, each told where it belongs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from relationships.enums import Verb
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations.commitments import commitment_event
from relationships.operations.events import record_events
from relationships.operations.follow_ups import follow_up_event
from relationships.operations.notices import tell_planned, tell_promised

Taker = Callable[[Relationship], User]


def locked_in(rows: "QuerySet[Any]", held: Mapping[int, Relationship]) -> list[Any]:
    """Open work in relationships that are held, locked in the order of ids, each with its relationship."""
    found = list(rows.filter(relationship__in=list(held)).select_for_update(of=("self",)).order_by("id"))
    for each in found:
        each.relationship = held[each.relationship_id]
    return found


def pass_on_promises(
    promises: Sequence[Commitment], taker: Taker, *, actor: User, now: datetime, reason: str
) -> None:
    """Gives locked promises to whoever takes over in their relationship; the caller has checked and settles."""
    events = []
    for promise in promises:
        before, promise.owner = promise.owner.name, taker(promise.relationship)
        data = {"from": before, "to": promise.owner.name}
        verb = Verb.COMMITMENT_TRANSFERRED
        events.append(
            commitment_event(promise, promise.relationship, verb, actor, now, reason=reason, data=data)
        )
    Commitment.objects.bulk_update(promises, ["owner"])
    record_events(events)
    tell_promised(promises, actor=actor, now=now)


def pass_on_follow_ups(
    follow_ups: Sequence[FollowUp], taker: Taker, *, actor: User, now: datetime, reason: str
) -> None:
    """Gives locked follow-ups to whoever takes over in their relationship; the caller has checked and settles."""
    events = []
    for follow_up in follow_ups:
        before, follow_up.assignee = follow_up.assignee.name, taker(follow_up.relationship)
        data = {"from": before, "to": follow_up.assignee.name}
        verb = Verb.FOLLOW_UP_MOVED
        events.append(
            follow_up_event(follow_up, follow_up.relationship, verb, actor, now, reason=reason, data=data)
        )
    FollowUp.objects.bulk_update(follow_ups, ["assignee"])
    record_events(events)
    tell_planned(follow_ups, actor=actor, now=now)
