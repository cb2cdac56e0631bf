"""What happens to promises whose day is over, or whose relationship is."""

from datetime import datetime

from django.db import transaction
from django.db.models import DateField, DateTimeField, F, Func, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Invalid
from relationships.enums import CommitmentState, Verb
from relationships.models import Commitment, Relationship
from relationships.operations.access import hold_relationship
from relationships.operations.commitments import commitment_event, settle
from relationships.operations.events import record_events
from relationships.operations.inputs import Problems
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
    mark_stale(sorted({promise.relationship_id for promise in due}), now=now)
    return len(due)


@transaction.atomic
def transfer_commitments(
    *, actor: User, relationship: Relationship, to: Relationship, now: datetime, reason: str
) -> int:
    """Moves every open promise of a relationship to another, that the first may be closed; returns how many.

    They stay the same promises, with their dates and their misses; both timelines tell of it.
    """
    if relationship.pk == to.pk:
        raise Invalid({"to": _("Choose another relationship.")})
    pair = {
        pk: hold_relationship(actor, pk, Permission.MANAGE_COMMITMENTS)
        for pk in sorted({relationship.pk, to.pk})
    }
    held, heir = pair[relationship.pk], pair[to.pk]
    if heir.closed_at is not None:
        raise Conflict(_("“%(name)s” is closed; it cannot take promises over.") % {"name": heir.party_name})
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    promises = list(held.commitments.open().select_related("made_in").select_for_update(of=("self",)))
    record_events(
        [
            commitment_event(promise, side, Verb.COMMITMENT_TRANSFERRED, actor, now, reason=words)
            for promise in promises
            for side in (held, heir)
        ]
    )
    Commitment.objects.filter(pk__in=[promise.pk for promise in promises]).update(relationship=heir)
    settle([held.pk, heir.pk], now=now)
    return len(promises)
