"""What clocks tell when they come to a mark: the rows that are due are claimed, each once."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.queries.actors import system_actor
from analytics.service_clock import MARKS
from cases.enums import CaseTells, Verb
from cases.models import Case, CaseClock
from cases.operations.clocks import count, settle_due
from cases.operations.lines import tell_owner, write_line
from cases.queries.calendars import case_calendar

OVER = MARKS[-1]


@transaction.atomic
def tell_due(*, now: datetime, limit: int = 200) -> int:
    """Tells of the clocks that have come to a mark, and writes down which ran out; returns how many were looked at.

    Takes at most `limit` of them, and none of a case that somebody is working on at this moment: those come next
    time. Working hours or holidays may have changed since a clock was counted: it is counted anew first.
    """
    actor = system_actor()
    due = _claimed(CaseClock.objects.filter(next_mark_at__lt=now).order_by("next_mark_at", "id")[:limit])
    for clock in due:
        before = clock.due_at
        passed = _pass_marks(clock, now)
        _keep(clock, before, actor, now)
        if passed == OVER:
            _tell_breach(clock, actor, now)
        elif passed:
            facts = {"stage": str(passed)}
            key = f"case_clock:{clock.pk}:{passed}:{clock.target_minutes}"
            tell_owner(CaseTells.WARNING, clock.case, actor=actor, now=now, facts=facts, key=key)
    return len(due)


@transaction.atomic
def recount_open(*, now: datetime, after: int = 0, limit: int = 500) -> int:
    """Counts running clocks anew, for working hours and holidays may have changed; returns the last one's number.

    Takes those with numbers above `after`, in their order; 0 when there were none. What moved is told on the
    timeline.
    """
    actor = system_actor()
    running = CaseClock.objects.open().filter(due_at__isnull=False, pk__gt=after)
    found = _claimed(running.order_by("id")[:limit])
    for clock in found:
        before = clock.due_at
        _count(clock, now)
        _keep(clock, before, actor, now)
    return found[-1].pk if found else 0


def _keep(clock: CaseClock, before: datetime | None, actor: User, now: datetime) -> None:
    """Keeps a clock that was counted anew; where it is due at another time than `before`, that is told."""
    clock.save()
    if clock.due_at == before:
        return
    settle_due(clock.case)
    Case.objects.filter(pk=clock.case_id).update(next_due_at=clock.case.next_due_at)
    moved = {"clock": clock.type, "from": _said(before), "to": _said(clock.due_at)}
    write_line(clock.case, clock.case.relationship, Verb.REDATED, actor, now, data=moved)


def _claimed(clocks: "QuerySet[CaseClock]") -> list[CaseClock]:
    beside = clocks.select_related("case__relationship__business_unit", "case__relationship__party")
    locked = beside.select_for_update(of=("self", "case"), skip_locked=True)
    return list(locked.prefetch_related("pauses"))


def _count(clock: CaseClock, now: datetime) -> None:
    unit = clock.case.relationship.business_unit
    pauses = sorted(clock.pauses.all(), key=lambda pause: (pause.started_at, pause.pk))
    count(clock, case_calendar(unit, clock.started_at, now), pauses, now)


def _pass_marks(clock: CaseClock, now: datetime) -> int:
    """Counts the clock and passes the marks that are behind it; the highest of them, 0 for none."""
    before = clock.marked_percent
    _count(clock, now)
    while clock.next_mark_at is not None and clock.next_mark_at < now:
        clock.marked_percent = next(mark for mark in MARKS if mark > clock.marked_percent)
        _count(clock, now)
    return clock.marked_percent if clock.marked_percent > before else 0


def _tell_breach(clock: CaseClock, actor: User, now: datetime) -> None:
    """A breach is written down once; what ran out before, under another target, stays as it was."""
    clock.breached_at = clock.breached_at or clock.due_at
    clock.save(update_fields=["breached_at"])
    told = {"clock": clock.type, "due_at": _said(clock.due_at), "cycle": clock.cycle}
    write_line(clock.case, clock.case.relationship, Verb.BREACHED, actor, now, data=told)
    key = f"case_clock:{clock.pk}:{OVER}:{clock.target_minutes}"
    tell_owner(CaseTells.BREACH, clock.case, actor=actor, now=now, facts={"clock": clock.type}, key=key)


def _said(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
