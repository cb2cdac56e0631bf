"""Time that counts: the part of a stretch in which somebody was there to answer.

elapsed = Σ |[start, end) ∩ Business(calendar) \\ ∪ pauses|, measured in real seconds, so that a night with a
clock change counts what the wall clock really showed. Intervals are half-open. All instants are aware;
results are UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY_MINUTES = 24 * 60
MINUTE = 60_000_000
"""In microseconds."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 2**62
"""Later than any instant, in microseconds."""
_ZONES_REACH = timedelta(hours=15)  # no zone lies further than 14 hours from UTC

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours of a week in one zone.

    `weekly` maps a weekday (Monday 0 … Sunday 6) to its openings, each (from, to) in minutes after midnight,
    0 to 1440, in order and without overlap; days left out are closed, as are `holidays`. Raises ValueError,
    naming the day, for anything else, and for a week that never opens: a clock on it would never run.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[tuple[int, int]]]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        for weekday, openings in self.weekly.items():
            if not 0 <= weekday <= 6:
                raise ValueError(f"weekday {weekday}: must be 0 (Monday) to 6 (Sunday)")
            previous = 0
            for start, end in openings:
                if not previous <= start < end <= DAY_MINUTES:
                    raise ValueError(
                        f"weekday {weekday}: opening {start}–{end} must lie within the day, end after it starts "
                        "and not overlap the one before"
                    )
                previous = end
        if not any(self.weekly.values()):
            raise ValueError("a calendar without any opening hours counts no time")

    def openings(self, day: date) -> list[Stretch]:
        """The openings of a local day as UTC stretches, in order; around a clock change by what the wall
        showed.
        """
        if day in self.holidays:
            return []
        midnight = datetime.combine(day, time(), UTC)
        found: list[Stretch] = []
        for begins, ends, offset in self._offsets(
            midnight - _ZONES_REACH, midnight + timedelta(days=1) + _ZONES_REACH
        ):
            for start, end in self.weekly.get(day.weekday(), ()):
                first = max(begins, midnight + timedelta(minutes=start) - offset)
                last = min(ends, midnight + timedelta(minutes=end) - offset)
                if first < last:
                    found.append((first, last))
        return found

    def is_open(self, day: date) -> bool:
        """Whether anybody is there at all on a local day."""
        return day not in self.holidays and bool(self.weekly.get(day.weekday()))

    def _offsets(self, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime, timedelta]]:
        """The stretch cut where the zone changes its offset from UTC (at most once in so few hours)."""
        before, after = self._offset(begins), self._offset(ends)
        if before == after:
            return [(begins, ends, before)]
        low, high = 0, int((ends - begins).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(begins + timedelta(seconds=middle)) == before:
                low = middle
            else:
                high = middle
        change = begins + timedelta(seconds=high)
        return [(begins, change, before), (change, ends, after)]

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta()


def business_minutes(
    calendar: BusinessCalendar, start: datetime, end: datetime, pauses: Iterable[Stretch] = ()
) -> float:
    """Minutes of business time in [start, end) outside the pauses, which may overlap.

    Raises ValueError where the end lies before the start.
    """
    if end < start:
        raise ValueError(f"end {end} lies before start {start}")
    merged = _merged(pauses)
    total = timedelta()
    for opens, closes in _open_stretches(calendar, start):  # pragma: no branch - openings never end
        if opens >= end:
            break
        for first, last in _without(merged, max(opens, start), min(closes, end)):
            total += last - first
    return total / timedelta(minutes=1)


def add_business_minutes(
    calendar: BusinessCalendar, start: datetime, minutes: float, pauses: Iterable[Stretch] = ()
) -> datetime:
    """The UTC instant at which `minutes` of business time have passed since `start`, pauses not counted.

    Raises ValueError for a target that is not positive.
    """
    if minutes <= 0:
        raise ValueError(f"target of {minutes} minutes: must be positive")
    merged = _merged(pauses)
    left = timedelta(minutes=minutes)
    for opens, closes in _open_stretches(calendar, start):  # pragma: no branch - openings never end
        for first, last in _without(merged, max(opens, start), closes):
            if last - first >= left:
                return (first + left).astimezone(UTC)
            left -= last - first
    raise AssertionError("opening hours never end")  # pragma: no cover - the calendar has opening hours


def working_day(calendar: BusinessCalendar, day: date, steps: int) -> date:
    """The working day that lies `steps` working days after `day` (before it where negative).

    With no steps it is the day itself, or the last working day before it. The holidays of the calendar must
    reach that far.
    """
    step = timedelta(days=1 if steps > 0 else -1)
    if steps == 0:
        while not calendar.is_open(day):
            day += step
    for _passed in range(abs(steps)):
        day += step
        while not calendar.is_open(day):
            day += step
    return day


def business_minutes_many(
    calendar: BusinessCalendar, starts: NDArray[np.datetime64], ends: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Business minutes of n stretches at once: both arrays (n,), datetime64 in UTC; the result (n,) in
    minutes.

    Raises ValueError where an end lies before its start.
    """
    first, last = _instants(starts), _instants(ends)
    if np.any(last < first):
        raise ValueError(f"row {int(np.argmax(last < first))}: end lies before start")
    if not len(first):
        return np.zeros(0)
    open_time = _OpenTime.of(calendar, int(first.min()), int(last.max()))
    return (open_time.until(last) - open_time.until(first)) / MINUTE


def add_business_minutes_many(
    calendar: BusinessCalendar, starts: NDArray[np.datetime64], minutes: NDArray[np.float64]
) -> NDArray[np.datetime64]:
    """The instants at which n targets are reached: arrays (n,), datetime64 in UTC, to the microsecond.

    The same as `add_business_minutes` without pauses. Raises ValueError for a target that is not positive.
    """
    if np.any(minutes <= 0):
        row = int(np.argmax(minutes <= 0))
        raise ValueError(f"row {row}: target of {minutes[row]} minutes: must be positive")
    if not len(starts):
        return np.zeros(0, "datetime64[us]")
    first, wanted = _instants(starts), np.rint(minutes * MINUTE).astype(np.int64)
    open_time = _OpenTime.of(calendar, int(first.min()), int(first.max()), int(wanted.max()))
    return open_time.reaching(open_time.until(first) + wanted).astype("datetime64[us]")


@dataclass(frozen=True)
class _OpenTime:
    """The openings of a calendar in order, as arrays (n,) of microseconds; `opened` is the open time before each.

    The open time up to an instant is piecewise linear: its knots are worked out once for all instants.
    """

    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    opened: NDArray[np.int64]

    @classmethod
    def of(cls, calendar: BusinessCalendar, since: int, until: int, beyond: int = 0) -> "_OpenTime":
        """Everything between two instants, and at least so much open time beyond."""
        found: list[tuple[int, int]] = []
        left = beyond
        for opening in _open_stretches(calendar, _moment(since)):  # pragma: no branch - openings never end
            opens, closes = _microseconds(opening[0]), _microseconds(opening[1])
            if opens >= until and left <= 0:
                break
            found.append((opens, closes))
            left -= max(0, closes - max(opens, until))
        spans = np.array([*found, (LAST, LAST)], np.int64)
        opened = np.concatenate(([0], np.cumsum(spans[:-1, 1] - spans[:-1, 0])))
        return cls(spans[:, 0], spans[:, 1], opened)

    def until(self, instants: NDArray[np.int64]) -> NDArray[np.int64]:
        """The open time before each instant."""
        at = np.searchsorted(self.closes, instants, side="right")
        passed: NDArray[np.int64] = self.opened[at] + np.maximum(0, instants - self.opens[at])
        return passed

    def reaching(self, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first instant before which so much was open; the opposite of `until`."""
        at = np.searchsorted(self.opened + self.closes - self.opens, amounts)
        return self.opens[at] + amounts - self.opened[at]


def _instants(moments: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return moments.astype("datetime64[us]").astype(np.int64)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def _open_stretches(calendar: BusinessCalendar, start: datetime) -> Iterator[Stretch]:
    """Openings that end after `start`, in order, without end."""
    day = start.astimezone(calendar.zone).date() - timedelta(days=1)
    while True:
        for opens, closes in calendar.openings(day):
            if closes > start:
                yield opens, closes
        day += timedelta(days=1)


def _merged(pauses: Iterable[Stretch]) -> list[Stretch]:
    """Pauses in order, those that touch or overlap made one."""
    merged: list[Stretch] = []
    for start, end in sorted(pauses):
        if end < start:
            raise ValueError(f"pause ends {end} before it starts {start}")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(pauses: list[Stretch], start: datetime, end: datetime) -> Iterator[Stretch]:
    """What is left of [start, end) when the (merged) pauses are cut out."""
    for begins, finishes in pauses:
        if begins < end and finishes > start:
            if start < begins:
                yield start, begins
            start = finishes
    if start < end:
        yield start, end
