"""The clocks of a case that is held: started, stood still, let go on, given another target, stopped, called off.

Each of these counts the clock anew from its start, over the working hours as they are now and all its pauses.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from analytics.business_time import BusinessCalendar
from analytics.service_clock import MARKS, next_mark, read_clock
from cases.enums import ClockType
from cases.models import Case, CaseClock, ClockPause
from cases.queries.calendars import case_calendar
from cases.queries.policies import targets_for

PAUSED_BY_WAITING = (ClockType.RESOLUTION,)
"""While others are waited for, only this clock stands; nobody waits for an answer any shorter."""


def start_clocks(case: Case, types: Collection[ClockType], *, at: datetime, now: datetime) -> None:
    """Lets clocks run from `at` on, against the targets of the case's severity. None of them may be open."""
    policy, targets = targets_for(case.severity)
    calendar = case_calendar(case.relationship.business_unit, at, now)
    clocks = [
        CaseClock(
            case=case,
            type=type,
            cycle=case.cycle,
            policy=policy,
            target_minutes=targets[type],
            started_at=at,
        )
        for type in types
    ]
    for clock in clocks:
        count(clock, calendar, [], now)
    CaseClock.objects.bulk_create(clocks)
    settle_due(case)


def stop_clocks(case: Case, types: Collection[str], *, at: datetime, now: datetime) -> None:
    """What the clocks waited for came, at `at`; one that had not begun then goes on."""
    for clock in open_clocks(case, types):
        if clock.started_at > at:
            continue
        calendar = case_calendar(case.relationship.business_unit, clock.started_at, now)
        _end_pauses(clock, max(at, clock.started_at))
        count(clock, calendar, list(clock.pauses.order_by("started_at", "id")), at)
        clock.stopped_at, clock.next_mark_at = at, None
        if clock.breached_at is not None and at <= clock.breached_at:
            clock.breached_at = None  # it came in time, and was only written down late
        elif clock.due_at is not None and at > clock.due_at:
            clock.breached_at = clock.breached_at or clock.due_at
        clock.save()
    settle_due(case)


def call_off_clocks(case: Case, *, now: datetime) -> None:
    """Nothing is owed any more: what still ran counts neither as kept nor as broken."""
    for clock in open_clocks(case):
        calendar = case_calendar(case.relationship.business_unit, clock.started_at, now)
        _end_pauses(clock, now)
        count(clock, calendar, list(clock.pauses.order_by("started_at", "id")), now)
        clock.cancelled_at, clock.next_mark_at = now, None
        clock.save()
    settle_due(case)


def pause_clocks(case: Case, *, reason: str, now: datetime) -> None:
    """Others are waited for; `reason` is the state of the case that says for whom. What ran out before stays so."""
    for clock in open_clocks(case, PAUSED_BY_WAITING):
        if clock.due_at is not None and clock.due_at < now:
            clock.breached_at = clock.breached_at or clock.due_at
        ClockPause.objects.create(clock=clock, started_at=max(now, clock.started_at), reason=reason)
        recount(clock, case, now=now)
    settle_due(case)


def resume_clocks(case: Case, *, at: datetime, now: datetime) -> None:
    """They are waited for no longer since `at`."""
    for clock in open_clocks(case, PAUSED_BY_WAITING):
        _end_pauses(clock, at)
        recount(clock, case, now=now)
    settle_due(case)


def retarget_clocks(case: Case, *, now: datetime) -> None:
    """The case is of another severity: what has passed stays, the targets are those of now."""
    policy, targets = targets_for(case.severity)
    for clock in open_clocks(case):
        calendar = case_calendar(case.relationship.business_unit, clock.started_at, now)
        pauses = list(clock.pauses.order_by("started_at", "id"))
        clock.policy = policy
        hold_to(clock, targets[clock.type], calendar, pauses, now)
        clock.save()
    settle_due(case)


def hold_to(
    clock: CaseClock, minutes: int, calendar: BusinessCalendar, pauses: Sequence[ClockPause], now: datetime
) -> None:
    """Gives a clock another target; marks that lie behind it already are not told any more. Keeps nothing."""
    clock.target_minutes, clock.marked_percent = minutes, 0
    count(clock, calendar, pauses, now)
    used = 100 * clock.elapsed_seconds / (60 * clock.target_minutes)
    clock.marked_percent = max((mark for mark in MARKS[:-1] if mark <= used), default=0)
    count(clock, calendar, pauses, now)


def waits_since(case: Case, at: datetime) -> bool:
    """Whether the case was waiting at a moment and does so still."""
    return ClockPause.objects.filter(clock__case=case, ended_at=None, started_at__lte=at).exists()


def open_clocks(case: Case, types: Collection[str] = ()) -> list[CaseClock]:
    """The clocks that still run or stand, of some types or of all."""
    rows = CaseClock.objects.open().filter(case=case)
    if types:
        rows = rows.filter(type__in=types)
    return list(rows.order_by("id"))


def recount(clock: CaseClock, case: Case, *, now: datetime) -> None:
    """Counts an open clock anew and keeps it."""
    calendar = case_calendar(case.relationship.business_unit, clock.started_at, now)
    count(clock, calendar, list(clock.pauses.order_by("started_at", "id")), now)
    clock.save()


def count(clock: CaseClock, calendar: BusinessCalendar, pauses: Sequence[ClockPause], now: datetime) -> None:
    """Sets what has passed, when it is due, and when it next has something to tell; keeps nothing."""
    stood = [(pause.started_at, pause.ended_at) for pause in pauses]
    reading = read_clock(calendar, clock.started_at, clock.target_minutes, stood, now)
    clock.elapsed_seconds, clock.due_at, clock.next_mark_at = reading.elapsed_seconds, reading.due_at, None
    if reading.due_at is not None:
        ended = [(start, end) for start, end in stood if end is not None]
        mark = next_mark(calendar, clock.started_at, clock.target_minutes, ended, clock.marked_percent)
        clock.next_mark_at = mark[1] if mark else None


def settle_due(case: Case) -> None:
    """Sets when the first of the case's running clocks is due; kept with the case by whoever holds it."""
    dues = CaseClock.objects.open().filter(case=case, due_at__isnull=False)
    case.next_due_at = dues.order_by("due_at", "id").values_list("due_at", flat=True).first()


def _end_pauses(clock: CaseClock, at: datetime) -> None:
    """Ends the pause that goes on, if any; one that began later than that was none."""
    for pause in clock.pauses.filter(ended_at=None):
        pause.ended_at = max(at, pause.started_at)
        pause.save(update_fields=["ended_at"])
