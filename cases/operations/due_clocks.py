"""What clocks tell when they come to a mark: the rows that are due are claimed, each once.

Everything is read and written for many clocks at once: a million of them run, and a thousand may be due together.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from accounts.queries.actors import system_actor
from analytics.service_clock import MARKS
from cases.enums import CaseTells, Verb
from cases.models import CaseClock, ClockPause
from cases.operations.clocks import count
from cases.operations.lines import line_of
from cases.queries.calendars import Calendars
from messaging.operations.notifications import Telling, tell
from relationships.models import Event
from relationships.operations.events import acting, record_events

OVER = MARKS[-1]
AT_ONCE = 1_000

CLAIM = """
SELECT clock.id FROM cases_caseclock clock JOIN cases_case own ON own.id = clock.case_id
WHERE clock.next_mark_at < %(now)s ORDER BY clock.next_mark_at, clock.id LIMIT %(limit)s
FOR NO KEY UPDATE SKIP LOCKED
"""

KEEP = """
UPDATE cases_caseclock clock SET policy_id = new.policy_id, target_minutes = new.target_minutes,
       due_at = new.due_at, elapsed_seconds = new.elapsed_seconds,
       next_mark_at = new.next_mark_at, marked_percent = new.marked_percent, breached_at = new.breached_at
FROM jsonb_populate_recordset(NULL::cases_caseclock, %s::jsonb) new WHERE clock.id = new.id
"""

KEPT = (
    "id", "policy_id", "target_minutes", "due_at", "elapsed_seconds", "next_mark_at", "marked_percent", "breached_at",
)  # fmt: skip

SETTLE = """
UPDATE cases_case own SET next_due_at = (
    SELECT min(clock.due_at) FROM cases_caseclock clock
    WHERE clock.case_id = own.id AND clock.stopped_at IS NULL AND clock.cancelled_at IS NULL)
WHERE own.id = ANY (%s)
"""


@transaction.atomic
def tell_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Tells of the clocks that have come to a mark, and writes down which ran out; returns how many were looked at.

    Takes at most `limit` of them, and none of a case that somebody is working on at this moment: those come next
    time. Working hours or holidays may have changed since a clock was counted: it is counted anew first.
    """
    actor = system_actor()
    due = loaded(claimed(now=now, limit=limit))
    before = {clock.pk: clock.due_at for clock in due}
    calendars = Calendars(min((clock.started_at for clock in due), default=now), now)
    passed: dict[int, list[CaseClock]] = defaultdict(list)
    for clock in due:
        passed[_pass_marks(clock, calendars, now)].append(clock)
    for clock in passed[OVER]:
        clock.breached_at = clock.breached_at or clock.due_at
    keep(due)
    lines = moved_lines(due, before, actor, now)
    record_events([*lines, *(_breach(clock, actor, now) for clock in passed[OVER])])
    for mark in MARKS:
        _tell(mark, passed[mark], actor, now)
    return len(due)


def claimed(*, now: datetime, limit: int) -> list[int]:
    """The clocks that have come to a mark, the first due first; they and their cases are locked for us."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def loaded(ids: Sequence[int]) -> list[CaseClock]:
    """Those clocks in their order, with all that their lines tell."""
    rows = CaseClock.objects.filter(pk__in=ids).prefetch_related("pauses")
    found = {
        clock.pk: clock
        for clock in rows.select_related("case__relationship__business_unit", "case__relationship__party")
    }
    return [found[pk] for pk in ids]


def counted(clock: CaseClock, calendars: Calendars, now: datetime) -> None:
    """Counts a clock that was `loaded` anew, and keeps nothing."""
    count(clock, calendars.of(clock.case.relationship.business_unit), pauses_of(clock), now)


def pauses_of(clock: CaseClock) -> list[ClockPause]:
    """The stretches in which a clock that was `loaded` stood, in order."""
    return sorted(clock.pauses.all(), key=lambda pause: (pause.started_at, pause.pk))


def keep(clocks: Iterable[CaseClock]) -> None:
    """Writes down what was counted."""
    rows = [{name: getattr(clock, name) for name in KEPT} for clock in clocks]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [json.dumps(rows, default=datetime.isoformat)])


def moved_lines(
    clocks: Iterable[CaseClock], before: dict[int, datetime | None], actor: User, now: datetime
) -> list[Event]:
    """Lines for those that are due at another time than `before`; when their cases are due is written down."""
    moved = [clock for clock in clocks if clock.due_at != before[clock.pk]]
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(SETTLE, [[clock.case_id for clock in moved]])
    return [
        _line(clock, Verb.REDATED, actor, now, {"from": _said(before[clock.pk]), "to": _said(clock.due_at)})
        for clock in moved
    ]


def _pass_marks(clock: CaseClock, calendars: Calendars, now: datetime) -> int:
    """Counts the clock and passes the marks that are behind it; the highest of them, 0 for none."""
    before = clock.marked_percent
    counted(clock, calendars, now)
    while clock.next_mark_at is not None and clock.next_mark_at < now:
        clock.marked_percent = next(mark for mark in MARKS if mark > clock.marked_percent)
        counted(clock, calendars, now)
    return clock.marked_percent if clock.marked_percent > before else 0


def _breach(clock: CaseClock, actor: User, now: datetime) -> Event:
    return _line(clock, Verb.BREACHED, actor, now, {"due_at": _said(clock.due_at), "cycle": clock.cycle})


def _line(clock: CaseClock, verb: Verb, actor: User, now: datetime, data: dict[str, Any]) -> Event:
    told = {"clock": clock.type, **data}
    return line_of(clock.case, clock.case.relationship, verb, actor, now, data=told)


def _tell(mark: int, clocks: Iterable[CaseClock], actor: User, now: datetime) -> None:
    """Whoever looks after the cases hears that their clocks came to a mark, of each clock and target once."""
    is_over = mark == OVER
    tellings = [
        Telling(
            clock.case.owner_id,
            "case",
            clock.case_id,
            {"clock": clock.type} if is_over else {"stage": str(mark)},
            f"case_clock:{clock.pk}:{mark}:{clock.target_minutes}",
        )
        for clock in clocks
    ]
    topic = CaseTells.BREACH if is_over else CaseTells.WARNING
    tell(topic=topic, tellings=tellings, actor=acting(actor), now=now)


def _said(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
