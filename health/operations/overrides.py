"""What a person says of a relationship's health beside what is computed: with a reason, and until a day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Missing
from health.enums import OverrideEnding
from health.models import RelationshipScore, ScoreOverride
from relationships.models import Event, Relationship
from relationships.operations.access import hold_relationship
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems

USUAL_DAYS, MOST_DAYS = 30, 60
WHOLE = ""
"""The component of an override that is about the whole score."""


@transaction.atomic
def set_override(
    *,
    actor: User,
    relationship: Relationship,
    value: Decimal,
    reason: str,
    now: datetime,
    component: str = WHOLE,
    expires_date: date | None = None,
) -> ScoreOverride:
    """Says a value from 0 to 100 instead of the computed one, until the end of a day (30 days on unless given).

    It takes the place of one that stands for the same component. Raises Missing, NotAllowed, Invalid naming the
    field, Conflict where nothing has been computed that it could stand beside or the relationship is closed.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    stored = RelationshipScore.objects.select_related("basis").filter(pk=held.pk).first()
    if held.closed_at is not None or stored is None:
        raise Conflict(_("Only a relationship that is open and has been measured can be judged by hand."))
    zone = ZoneInfo(held.business_unit.time_zone)
    today = now.astimezone(zone).date()
    expires_date = expires_date or today + timedelta(days=USUAL_DAYS)
    reason = _check(stored, component, value, reason, expires_date, today)
    standing = ScoreOverride.objects.filter(relationship=held, component=component, ended_at=None)
    standing.update(ended_at=now, ended_by=actor, ending=OverrideEnding.REPLACED)
    override = ScoreOverride.objects.create(
        relationship=held,
        component=component,
        value=value,
        reason=reason,
        set_at=now,
        set_by=actor,
        expires_at=datetime.combine(expires_date + timedelta(days=1), time.min, tzinfo=zone),
    )
    _tell([override], verb="health.override_set", actor=actor, now=now)
    _audit(override, "health_override_set", actor, now)
    return override


def _check(
    stored: RelationshipScore, component: str, value: Decimal, reason: str, expires_date: date, today: date
) -> str:
    problems = Problems()
    counted = {part["key"] for part in stored.parts if part["used"]}
    if component != WHOLE and component not in counted:
        words = _("“%(component)s” is no component that is computed here.") % {"component": component[:40]}
        problems.add("component", words)
    if not value.is_finite() or not 0 <= value <= 100 or value != value.quantize(Decimal("0.1")):
        problems.add("value", _("A value lies between 0 and 100 and has at most one decimal."))
    reason = problems.text("reason", reason, most=400, required=True)
    if not today < expires_date <= today + timedelta(days=MOST_DAYS):
        words = _("It ends after today and within %(days)s days.") % {"days": MOST_DAYS}
        problems.add("expires_date", words)
    problems.refuse()
    return reason


@transaction.atomic
def withdraw_override(*, actor: User, override: ScoreOverride, now: datetime) -> ScoreOverride:
    """Ends it before its day. Raises Missing, NotAllowed, Conflict when it has ended already."""
    held = hold_relationship(actor, override.relationship_id, Permission.MANAGE_RELATIONSHIPS)
    found = ScoreOverride.objects.filter(relationship=held, pk=override.pk).first()
    if found is None:
        raise Missing(_("There is no such judgement."))
    if found.ended_at is not None:
        raise Conflict(_("This judgement has ended already."))
    found.ended_at, found.ended_by, found.ending = now, actor, OverrideEnding.WITHDRAWN
    found.save(update_fields=["ended_at", "ended_by", "ending"])
    _tell([found], verb="health.override_ended", actor=actor, now=now)
    _audit(found, "health_override_withdrawn", actor, now)
    return found


@transaction.atomic
def end_due(*, now: datetime, limit: int = 500) -> int:
    """Ends those whose day has come, at most `limit`; returns how many. Rows that somebody holds come next time."""
    due = list(
        ScoreOverride.objects.filter(ended_at=None, expires_at__lte=now)
        .select_related("relationship__party")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("expires_at", "id")[:limit]
    )
    actor = system_actor()
    ScoreOverride.objects.filter(pk__in=[override.pk for override in due]).update(
        ended_at=now, ended_by=actor, ending=OverrideEnding.EXPIRED
    )
    _tell(due, verb="health.override_ended", actor=actor, now=now)
    return len(due)


def _tell(overrides: Sequence[ScoreOverride], *, verb: str, actor: User, now: datetime) -> None:
    """The lines of the timelines; what they are about is named by the reader's language."""
    scores = RelationshipScore.objects.select_related("basis").in_bulk(
        [override.relationship_id for override in overrides]
    )
    events: list[Event] = []
    for override in overrides:
        score = scores.get(override.relationship_id)
        measured = {part["key"]: part["measure"] for part in score.parts} if score else {}
        events.append(
            event_of(
                relationship=override.relationship,
                party=override.relationship.party,
                verb=verb,
                actor=actor,
                now=now,
                reason=override.reason,
                data={
                    "component": override.component,
                    "measure": measured.get(override.component, ""),
                    "value": float(override.value),
                    "until": override.expires_at.isoformat(),
                },
            )
        )
    record_events(events)


def _audit(override: ScoreOverride, verb: str, actor: User, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk,
        verb=verb,
        now=now,
        subject_type="relationship",
        subject_id=override.relationship_id,
        data={"override": override.pk, "component": override.component, "value": f"{override.value:f}"},
    )
