"""Open clocks counted anew, as working hours, holidays and what we owe may have changed: thousands at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts.models import BusinessUnit
from accounts.queries.actors import system_actor
from analytics.business_time import EPOCH, BusinessCalendar, add_business_minutes_many
from analytics.service_clock import MARKS
from cases.models import CaseClock, SlaPolicy
from cases.operations.clocks import hold_to
from cases.operations.due_clocks import counted, keep, loaded, moved_lines, pauses_of
from cases.queries.calendars import Calendars
from cases.queries.policies import minutes_of
from relationships.operations.events import record_events

AT_ONCE = 5_000

RUNNING = """
SELECT clock.id, relationship.business_unit_id, (extract(epoch FROM clock.started_at) * 1000000)::bigint,
       clock.target_minutes, clock.marked_percent,
       (extract(epoch FROM COALESCE(clock.due_at, 'epoch')) * 1000000)::bigint,
       (extract(epoch FROM COALESCE(clock.next_mark_at, 'epoch')) * 1000000)::bigint,
       (clock.policy_id <> %(policy)s OR EXISTS (
           SELECT FROM cases_clockpause pause WHERE pause.clock_id = clock.id))::int
FROM cases_caseclock clock JOIN cases_case own ON own.id = clock.case_id
JOIN relationships_relationship relationship ON relationship.id = own.relationship_id
WHERE clock.stopped_at IS NULL AND clock.cancelled_at IS NULL AND clock.id > %(after)s
  AND (clock.due_at IS NOT NULL OR clock.policy_id <> %(policy)s)
ORDER BY clock.id LIMIT %(limit)s
"""
ID, UNIT, START, TARGET, MARKED, DUE, MARK, IS_APART = range(8)
"""Those apart are counted one by one: they ever stood, or are held to what we owed before."""

HOLD = """
SELECT clock.id FROM cases_caseclock clock JOIN cases_case own ON own.id = clock.case_id
WHERE clock.id = ANY (%(ids)s) AND clock.stopped_at IS NULL AND clock.cancelled_at IS NULL
ORDER BY clock.id FOR NO KEY UPDATE SKIP LOCKED
"""


@transaction.atomic
def recount_open(*, now: datetime, after: int = 0, limit: int = AT_ONCE) -> int:
    """Counts open clocks anew, and holds them to what we owe now; returns the last one's number.

    Takes those with numbers above `after`, in their order; 0 when there were none. What moved is told on the
    timeline. Those of a case that somebody is working on at this moment are left to the next time.
    """
    policy = SlaPolicy.objects.prefetch_related("targets").get(retired_at=None)
    running = _running(policy, after, limit)
    if not len(running):
        return 0
    clocks = loaded(_held(running[_may_have_moved(running, now), ID].tolist()))
    before = {clock.pk: clock.due_at for clock in clocks}
    known = {clock.pk: _known(clock) for clock in clocks}
    calendars = Calendars(min((clock.started_at for clock in clocks), default=now), now)
    for clock in clocks:
        if clock.policy_id == policy.pk:
            counted(clock, calendars, now)
        else:
            _hold(clock, policy, calendars, now)
    keep(clock for clock in clocks if _known(clock) != known[clock.pk])
    record_events(moved_lines(clocks, before, system_actor(), now))
    return int(running[-1, ID])


def _known(clock: CaseClock) -> tuple[object, ...]:
    """What is written of a clock that runs."""
    return clock.policy_id, clock.due_at, clock.next_mark_at


def _hold(clock: CaseClock, policy: SlaPolicy, calendars: Calendars, now: datetime) -> None:
    """Holds a clock to what we owe now; where that is as long as before, nothing else changes."""
    minutes = minutes_of(policy)[clock.case.severity, clock.type]
    has_changed, clock.policy = minutes != clock.target_minutes, policy
    if has_changed:
        calendar = calendars.of(clock.case.relationship.business_unit)
        hold_to(clock, minutes, calendar, pauses_of(clock), now)
    else:
        counted(clock, calendars, now)


def _running(policy: SlaPolicy, after: int, limit: int) -> NDArray[np.int64]:
    """A row of the columns above for each clock."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, {"policy": policy.pk, "after": after, "limit": limit})
        return np.array(cursor.fetchall(), np.int64)


def _held(ids: Sequence[int]) -> list[int]:
    """Those of the clocks that still run, locked for us with their cases."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"ids": list(ids)})
        return [row[0] for row in cursor.fetchall()]


def _may_have_moved(running: NDArray[np.int64], now: datetime) -> NDArray[np.bool_]:
    """Which of them are due, or next have something to tell, at another time than is written there."""
    since = EPOCH + timedelta(microseconds=int(running[:, START].min()))
    calendars, units = Calendars(since, now), BusinessUnit.objects.in_bulk()
    found: NDArray[np.bool_] = running[:, IS_APART] == 1
    for unit in np.unique(running[~found, UNIT]):
        rows = (running[:, UNIT] == unit) & ~found
        found[rows] = _moved(running[rows], calendars.of(units[int(unit)]))
    return found


def _moved(running: NDArray[np.int64], calendar: BusinessCalendar) -> NDArray[np.bool_]:
    starts, targets = running[:, START].astype("datetime64[us]"), running[:, TARGET].astype(np.float64)
    due = add_business_minutes_many(calendar, starts, targets).astype(np.int64)
    coming = np.searchsorted(MARKS, running[:, MARKED], side="right")
    percents = np.array([*MARKS, MARKS[-1]])[coming]
    marks = add_business_minutes_many(calendar, starts, targets * percents / 100).astype(np.int64)
    marks[coming == len(MARKS)] = 0
    moved: NDArray[np.bool_] = (due != running[:, DUE]) | (marks != running[:, MARK])
    return moved
