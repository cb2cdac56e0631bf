"""The queue of cases: which rows, in the order in which they are due, each with the clock that is due first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.models import User
from analytics.business_time import BusinessCalendar, business_minutes
from analytics.service_clock import Reading
from cases.enums import ClockType
from cases.models import Case, CaseClock
from cases.queries.calendars import Calendars
from core import keyset
from relationships.models import Relationship
from relationships.queries.counts import FIGURE_CAP, capped_counts

PAGE_SIZE = 25
SHOWN_ON_RECORD = 5
BACK = timedelta(days=5 * 366)

SORTS: dict[str, keyset.SortKey] = {
    "due": keyset.SortKey("next_due_at", datetime.fromisoformat, nullable=True),
    "opened": keyset.SortKey("opened_at", datetime.fromisoformat),
}


@dataclass(frozen=True)
class QueueQuery:
    """What the queue is narrowed to. `status`: open, overdue, ended or empty; `owner`: me, team, an id or empty."""

    status: str = ""
    state: str = ""
    type: str = ""
    severity: int | None = None
    owner: str = ""
    kind: str = ""
    relationship_id: int | None = None
    q: str = ""
    sort: str = "due"

    @property
    def order(self) -> keyset.Order:
        """The sort key with its direction."""
        return keyset.Order(SORTS[self.sort.removeprefix("-")], descending=self.sort.startswith("-"))

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort="due") != QueueQuery()


@dataclass(frozen=True)
class ClockState:
    """A clock as it is now: `state` is running, paused, met, breached or cancelled, as a clock chip shows it."""

    clock: CaseClock
    reading: Reading
    state: str

    @property
    def used(self) -> int:
        """Hundredths of the target that are used, 100 at most."""
        return min(100, round(self.reading.used_percent))

    @property
    def tone(self) -> str:
        """How pressing it is."""
        if self.state in ("met", "cancelled"):
            return ""
        if self.state == "breached" or self.used >= 90:
            return "bad"
        return "warn" if self.used >= 70 else "good"


@dataclass(frozen=True)
class Line:
    """One case of the queue with its next clock; none where nothing runs."""

    case: Case
    next: ClockState | None


def clock_state(clock: CaseClock, calendar: BusinessCalendar, now: datetime) -> ClockState:
    """How a clock with its `pauses` stands: of one that runs, what is left is the business time until it is due.

    Its pauses before that are in the moment at which it is due; it may have stood once more since it ran out.
    """
    if clock.is_open and clock.due_at is not None:
        ahead = clock.due_at >= now
        between = (now, clock.due_at) if ahead else (clock.due_at, now)
        stood = [(pause.started_at, pause.ended_at) for pause in clock.pauses.all() if pause.ended_at]
        left = round(60 * business_minutes(calendar, *between, stood)) * (1 if ahead else -1)
        passed = clock.target_minutes * 60 - left
        state = "breached" if not ahead or clock.breached_at else "running"
        return ClockState(clock, Reading(passed, clock.target_minutes, clock.due_at), state)
    reading = Reading(clock.elapsed_seconds, clock.target_minutes, clock.due_at)
    if clock.breached_at is not None:
        return ClockState(clock, reading, "breached")
    if clock.is_open:
        return ClockState(clock, reading, "paused")
    return ClockState(clock, reading, "met" if clock.stopped_at else "cancelled")


def queue(*, viewer: User, query: QueueQuery, now: datetime) -> "QuerySet[Case]":
    """The cases that the viewer may know of and the query asks for, unordered."""
    rows: QuerySet[Any] = Case.objects.visible_to(viewer).filter(
        _status(query.status, now), _whose(query, viewer)
    )
    asked = {
        "state": query.state,
        "type": query.type,
        "severity": query.severity,
        "relationship__kind": query.kind,
        "relationship_id": query.relationship_id,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    for word in query.q.split():
        rows = rows.filter(
            Q(subject__icontains=word) | Q(ref__icontains=word) | Q(relationship__party_name__icontains=word)
        )
    return rows


def _status(status: str, now: datetime) -> Q:
    return {
        "open": Q(closed_at=None),
        "overdue": Q(closed_at=None, next_due_at__lt=now),
        "ended": Q(closed_at__isnull=False),
    }.get(status, Q())


def _whose(query: QueueQuery, viewer: User) -> Q:
    if query.owner == "me":
        return Q(owner_id=viewer.pk)
    if query.owner == "team":
        return Q(owner_id=viewer.pk) | Q(team_id__in=viewer.current_team_ids())
    return Q(owner_id=int(query.owner)) if query.owner else Q()


def queue_page(
    *, viewer: User, query: QueueQuery, now: datetime, cursor: str = "", limit: int = PAGE_SIZE
) -> keyset.Page[Case]:
    """One page of the queue, each row with its relationship, its people and its open clocks."""
    return keyset.page(
        beside(queue(viewer=viewer, query=query, now=now)), query.order, cursor=cursor, limit=limit
    )


def beside(rows: "QuerySet[Case]") -> "QuerySet[Case]":
    """The rows with everything that a line of the queue shows."""
    running = CaseClock.objects.open().order_by("id").prefetch_related("pauses")
    chosen = rows.select_related(
        "relationship__business_unit", "relationship__party", "owner", "person", "team"
    )
    return chosen.prefetch_related(Prefetch("clocks", running, to_attr="open_clocks"))


def lines(cases: Iterable[Case], now: datetime) -> list[Line]:
    """The rows as the queue shows them."""
    calendars = Calendars(now - BACK, now)
    return [Line(case, _next(case, vars(case)["open_clocks"], calendars, now)) for case in cases]


def _next(case: Case, clocks: list[CaseClock], calendars: Calendars, now: datetime) -> ClockState | None:
    """The clock that is due first; where all of them stand, the first of those."""
    running = sorted((clock for clock in clocks if clock.due_at), key=lambda clock: (clock.due_at, clock.pk))
    chosen = next(iter([*running, *clocks]), None)
    if chosen is None:
        return None
    return clock_state(chosen, calendars.of(case.relationship.business_unit), now)


def counts(*, viewer: User, queries: list[QueueQuery], now: datetime) -> list[int]:
    """How many rows each query finds, up to `FIGURE_CAP`, in one round trip."""
    return capped_counts(*(queue(viewer=viewer, query=query, now=now) for query in queries), cap=FIGURE_CAP)


def cases_of(*, viewer: User, relationship: Relationship, now: datetime) -> list[Line]:
    """The open cases of a relationship that the viewer was found to know of, the first due first; five at most.

    An open case always has an open clock, that of its resolution: the cases come with their clocks.
    """
    seen = Case.objects.of_seen(relationship, viewer).open()
    clocks = CaseClock.objects.open().filter(case__in=seen).prefetch_related("pauses")
    clocks = clocks.select_related("case__relationship__business_unit")
    first_due = F("case__next_due_at").asc(nulls_last=True)
    found: dict[int, list[CaseClock]] = {}
    for clock in clocks.order_by(first_due, "case_id", "id")[: SHOWN_ON_RECORD * len(ClockType)]:
        found.setdefault(clock.case_id, []).append(clock)
    calendars = Calendars(now - BACK, now)
    shown = list(found.values())[:SHOWN_ON_RECORD]
    return [Line(of[0].case, _next(of[0].case, of, calendars, now)) for of in shown]
