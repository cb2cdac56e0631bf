"""What happens to promises whose day is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import DateField, DateTimeField, F, Func, Value
from django.db.models.functions import Coalesce

from accounts.queries.actors import system_actor
from relationships.enums import CommitmentState, Verb
from relationships.models import Commitment
from relationships.operations.commitments import commitment_event
from relationships.operations.events import record_events
from relationships.operations.notices import tell_broken
from relationships.operations.state import mark_stale
from relationships.transitions import COMMITMENT


class LocalToday(Func):
    """The day of a moment in the zone that stands in a column."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


@transaction.atomic
def miss_due(*, now: datetime, limit: int = 500) -> int:
    """Marks as missed what was promised for a day that is over where the business unit is; returns how many.

    Takes at most `limit` of them, and none that somebody is working on at this moment: those come next time.
    A first miss keeps its time.
    """
    sources = COMMITMENT.named("miss").sources
    today = LocalToday(Value(now, DateTimeField()), F("relationship__business_unit__time_zone"))
    due = list(
        Commitment.objects.filter(state__in=sorted(sources))
        .alias(today=today)
        .filter(current_due_date__lt=F("today"))
        .select_related("relationship__party", "made_in")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("current_due_date", "id")[:limit]
    )
    ids = [promise.pk for promise in due]
    Commitment.objects.filter(pk__in=ids).update(
        state=CommitmentState.MISSED, missed_at=Coalesce("missed_at", Value(now, DateTimeField()))
    )
    actor = system_actor()
    record_events(
        [
            commitment_event(
                promise,
                promise.relationship,
                Verb.COMMITMENT_MOVED,
                actor,
                now,
                data={"move": "miss", "from": promise.state, "to": CommitmentState.MISSED},
            )
            for promise in due
        ]
    )
    tell_broken(due, actor=actor, now=now)
    mark_stale(sorted({promise.relationship_id for promise in due}), now=now)
    return len(due)
