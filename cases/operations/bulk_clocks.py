"""Clocks of many drafted cases at once: counted by what was owed then, for the moments that a file tells."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from accounts.models import BusinessUnit
from analytics.business_time import BusinessCalendar
from analytics.service_clock import MARKS, next_mark, read_clock
from cases.enums import ENDED, CaseRemark, CaseState, ClockType
from cases.queries.calendars import Calendars
from cases.queries.lives import Life, Step, Turn, life_of
from cases.queries.policies import PastTargets, past_targets

BATCH = 1_000

DRAFTS = """
SELECT draft.ref, relationship.business_unit_id, draft.severity, draft.state, draft.raised_at, draft.acknowledged_at,
       draft.answered_at, draft.closed_at, draft.counts
FROM case_drafts draft JOIN relationships_relationship relationship ON relationship.id = draft.relationship_id
WHERE (draft.is_new OR draft.is_free) AND draft.ref > %(after)s
ORDER BY draft.ref LIMIT %(batch)s
"""

STEPS = """
SELECT ref, at, state, has_time FROM (
    SELECT ref, at, state, has_time, n, 1 AS place FROM step_drafts WHERE ref = ANY (%(refs)s)
    UNION ALL
    SELECT draft.ref, known.at, known.state, known.has_time, known.id, 0
    FROM cases_casestep known JOIN case_drafts draft ON draft.case_id = known.case_id
    WHERE draft.ref = ANY (%(refs)s)) told
ORDER BY ref, at, place, n
"""

KEEP_LIVES = """
UPDATE case_drafts draft SET state = life.state, raised_at = life.raised_at, acknowledged_at = life.acknowledged_at,
       answered_at = life.answered_at, closed_at = life.closed_at, cycle = life.cycle, remarks = life.remarks
FROM jsonb_populate_recordset(NULL::case_drafts, %s::jsonb) life WHERE life.ref = draft.ref
"""

KEEP_CLOCKS = "INSERT INTO clock_drafts SELECT * FROM jsonb_populate_recordset(NULL::clock_drafts, %s::jsonb)"
KEEP_PAUSES = "INSERT INTO pause_drafts SELECT * FROM jsonb_populate_recordset(NULL::pause_drafts, %s::jsonb)"


FIRST = """
SELECT LEAST(%(now)s, (SELECT min(raised_at) FROM case_drafts), (SELECT min(at) FROM step_drafts),
             (SELECT min(known.at) FROM cases_casestep known JOIN case_drafts draft USING (case_id)))
"""

EVERY = ("raised_at", "acknowledged_at", "answered_at", "closed_at")


@dataclass(frozen=True)
class Draft:
    """A drafted case with its life; `counts` names the moments that are told to the minute, as clocks need them."""

    ref: str
    unit_id: int
    severity: int
    life: Life
    counts: frozenset[str]


@dataclass(frozen=True)
class Owed:
    """One clock: from when, until when (none while it runs), where it stood. Void: neither kept nor broken."""

    type: ClockType
    cycle: int
    started_at: datetime
    ended_at: datetime | None
    pauses: Sequence[tuple[datetime, datetime | None, str]] = ()
    is_void: bool = False


def draft_clocks(*, now: datetime) -> None:
    """Fills `clock_drafts` and `pause_drafts` for the drafted cases that are new or free to be counted anew.

    The state and the moments of a case that has steps are worked out from these first. A clock is made where both its
    moments are told. Of an open case that of its resolution runs, and has told already what lies behind it.
    """
    ((since,),) = _read(FIRST, {"now": now})
    calendars, units = Calendars(since, now), BusinessUnit.objects.in_bulk()
    targets = past_targets()
    after = ""
    while rows := _read(DRAFTS, {"after": after, "batch": BATCH}):
        after = rows[-1][0]
        clocks: list[dict[str, Any]] = []
        pauses: list[dict[str, Any]] = []
        for draft in _with_lives(rows):
            for owed in owed_in(draft):
                clock = _counted(owed, draft, calendars.of(units[draft.unit_id]), targets, now)
                clocks.append(clock)
                pauses += [
                    {**clock, "started_at": begun, "ended_at": ended, "reason": reason}
                    for begun, ended, reason in owed.pauses
                ]
        with connection.cursor() as cursor:
            cursor.execute(KEEP_CLOCKS, [_json(clocks)])
            cursor.execute(KEEP_PAUSES, [_json(pauses)])


def _with_lives(rows: Sequence[tuple[Any, ...]]) -> list[Draft]:
    """The drafts with their lives: out of their steps where they have such, which are then kept with the draft."""
    steps = _steps([row[0] for row in rows])
    drafts, told = [], []
    for ref, unit_id, severity, state, raised_at, acknowledged_at, answered_at, closed_at, known in rows:
        counts = known
        if ref in steps:
            life = life_of(Step(at, reached) for at, reached, _has_time in steps[ref])
            counts = EVERY if all(has_time for _at, _reached, has_time in steps[ref]) else []
            told.append(_told(ref, life, counts))
        else:
            life = Life(raised_at, state, acknowledged_at, answered_at, [Turn(raised_at, closed_at)])
        drafts.append(Draft(ref, unit_id, severity, life, frozenset(counts)))
    with connection.cursor() as cursor:
        cursor.execute(KEEP_LIVES, [_json(told)])
    return drafts


def _steps(refs: list[str]) -> dict[str, list[tuple[datetime, str, bool]]]:
    found = _read(STEPS, {"refs": refs})
    return {ref: [row[1:] for row in rows] for ref, rows in groupby(found, key=lambda row: row[0])}


def _told(ref: str, life: Life, counts: Sequence[str]) -> dict[str, Any]:
    moments = ("state", "raised_at", "acknowledged_at", "answered_at", "closed_at")
    remarks = [] if counts else [CaseRemark.DAYS_ALONE]
    told = {name: getattr(life, name) for name in moments}
    return {"ref": ref, **told, "cycle": len(life.turns), "remarks": remarks}


def owed_in(draft: Draft) -> Iterator[Owed]:
    """The clocks of a case, each with its two moments: one of which only a day is told is in none that has ended."""
    life, first = draft.life, draft.life.turns[0]
    known = {"acknowledged_at": ClockType.ACKNOWLEDGE, "answered_at": ClockType.FIRST_RESPONSE}
    for name, type in known.items():
        if {"raised_at", name} <= draft.counts and getattr(life, name) is not None:
            yield Owed(type, 1, first.started_at, getattr(life, name))
    for cycle, turn in enumerate(life.turns, 1):
        if turn.ended_at is None or {"raised_at", "closed_at"} <= draft.counts:
            is_last = cycle == len(life.turns)
            is_void = is_last and life.state in ENDED and life.state != CaseState.CLOSED
            yield Owed(ClockType.RESOLUTION, cycle, turn.started_at, turn.ended_at, turn.pauses, is_void)


def _counted(
    owed: Owed, draft: Draft, calendar: BusinessCalendar, targets: PastTargets, now: datetime
) -> dict[str, Any]:
    """The clock as it is kept, counted by the targets that held when it began."""
    policy_id, minutes = targets.of(owed.started_at, draft.severity, owed.type)
    stood = [(begun, ended) for begun, ended, _reason in owed.pauses]
    reading = read_clock(calendar, owed.started_at, minutes, stood, owed.ended_at or now)
    over = reading.due_at if reading.due_at is not None and (owed.ended_at or now) > reading.due_at else None
    marked, mark_at = 0, None
    if owed.ended_at is None:
        marked = max((mark for mark in MARKS if mark <= reading.used_percent), default=0)
        if reading.due_at is not None:
            over_by_now = [(begun, ended) for begun, ended in stood if ended is not None]
            rest = next_mark(calendar, owed.started_at, minutes, over_by_now, marked)
            mark_at = rest[1] if rest else None
    return {
        "ref": draft.ref,
        "type": owed.type,
        "cycle": owed.cycle,
        "policy_id": policy_id,
        "target_minutes": minutes,
        "started_at": owed.started_at,
        "due_at": reading.due_at,
        "elapsed_seconds": reading.elapsed_seconds,
        "next_mark_at": mark_at,
        "marked_percent": marked,
        "stopped_at": None if owed.is_void else owed.ended_at,
        "cancelled_at": owed.ended_at if owed.is_void else None,
        "breached_at": None if owed.is_void else over,
    }


def _read(query: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=datetime.isoformat)
