"""Days and clock times read from words, by rules that never guess.

A reader takes the casefolded words that begin where the phrase should begin, and returns how many of them it
used. A weekday never means today (for that one writes "today"): towards the future it is the next such day,
towards the past the last one. A day and month without a year is the next (or last) such date, today
included.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum

FIRST_YEAR, LAST_YEAR = 1900, 2100

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed weds wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
RELATIVE_DAYS = {
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "tmr": 1,
    "tmrw": 1,
    "overmorrow": 2,
    "ereyesterday": -2,
}
UNITS = {
    name: unit
    for unit, names in {"d": "d day days", "w": "w week weeks", "m": "month months"}.items()
    for name in names.split()
}
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
ENDS = {("eow",): "week", ("eom",): "month", ("eoq",): "quarter", ("eoy",): "year"} | {
    ("end", "of", period): period for period in ("week", "month", "quarter", "year")
}

_DAY_OF_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"[0-9]{4}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_COUNT = re.compile(r"[0-9]{1,4}")
_SHORT_SPAN = re.compile(r"([0-9]{1,4})([dw])")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_TWELVE_HOUR = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(am|pm)")
_HOUR = re.compile(r"[0-9]{1,2}")


class Toward(Enum):
    """Which way an unfinished date looks: a promise into the future, a finished call into the past."""

    FUTURE = 1
    PAST = -1


@dataclass(frozen=True)
class DayReading:
    """A day phrase of `length` words.

    `days` holds one day, or several where the words fit several (03/04, "next friday" on a Tuesday), or none
    when `problem` says why (`date_impossible`, `date_out_of_range`). `fixed` is true where the words alone
    fix the day and the direction played no part.
    """

    length: int
    days: tuple[date, ...] = ()
    problem: str | None = None
    fixed: bool = True


@dataclass(frozen=True)
class TimeReading:
    """A clock phrase of `length` words: one time, two for an hour without am or pm, none with a `problem`."""

    length: int
    times: tuple[time, ...] = ()
    problem: str | None = None


def read_day(words: Sequence[str], today: date, toward: Toward) -> DayReading | None:
    """The longest day phrase at the beginning of `words` (casefolded, without punctuation), or None if there
    is none.
    """
    for reader in _READERS:
        reading = reader(words, today, toward)
        if reading is not None:
            return _within_range(reading)
    return None


def read_time(words: Sequence[str], *, bare_hour: bool = False) -> TimeReading | None:
    """A clock time at the beginning of `words`: `08:05`, `9am`, `9 pm`, `9:30pm`, `noon`.

    With `bare_hour` a lone `3` is taken too, as both 03:00 and 15:00, and `14` as 14:00.
    """
    if not words:
        return None
    if words[0] in {"noon", "midday"}:
        return TimeReading(1, (time(12),))
    half = words[1] if len(words) > 1 and words[1] in {"am", "pm"} else ""
    length = 2 if half else 1
    if match := _TWELVE_HOUR.fullmatch(words[0] + half):
        return _twelve_hour(int(match[1]), int(match[2] or 0), match[3], length)
    if match := _CLOCK.fullmatch(words[0]):
        return _clock(int(match[1]), int(match[2]), length)
    return _bare_hour(int(words[0])) if bare_hour and _HOUR.fullmatch(words[0]) else None


def end_of(period: str, today: date) -> date:
    """Last day of the running week (its Friday; at the weekend the next Friday), month, quarter or year."""
    if period == "week":
        return today + timedelta(days=(4 - today.weekday()) % 7)
    month = {"month": today.month, "quarter": (today.month + 2) // 3 * 3, "year": 12}[period]
    return date(today.year, month, calendar.monthrange(today.year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier), or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _within_range(reading: DayReading) -> DayReading:
    if all(FIRST_YEAR <= day.year <= LAST_YEAR for day in reading.days):
        return reading
    return DayReading(reading.length, problem="date_out_of_range")


def _relative(words: Sequence[str], today: date, _toward: Toward) -> DayReading | None:
    offset = RELATIVE_DAYS.get(words[0]) if words else None
    return None if offset is None else DayReading(1, (today + timedelta(days=offset),))


def _weekday(words: Sequence[str], today: date, toward: Toward) -> DayReading | None:
    number = WEEKDAYS.get(words[0]) if words else None
    return None if number is None else DayReading(1, (_nearest(number, today, toward),), fixed=False)


def _nearest(weekday: int, today: date, toward: Toward) -> date:
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead if toward is Toward.FUTURE else (ahead - 7 or -7))


def _named_weekday(words: Sequence[str], today: date, _toward: Toward) -> DayReading | None:
    """`this fri`, `last fri`, and `next fri`, two days where this week still holds a Friday."""
    if len(words) < 2 or words[0] not in {"this", "next", "last"} or words[1] not in WEEKDAYS:
        return None
    number = WEEKDAYS[words[1]]
    if words[0] == "last":
        return DayReading(2, (_nearest(number, today, Toward.PAST),))
    coming = _nearest(number, today, Toward.FUTURE)
    if words[0] == "next" and number > today.weekday():
        return DayReading(2, (coming, coming + timedelta(days=7)))
    return DayReading(2, (coming,))


def _next_period(words: Sequence[str], today: date, _toward: Toward) -> DayReading | None:
    """`next week` and `next month` name a stretch, so both its first and its last working or calendar day
    are offered.
    """
    if tuple(words[:2]) == ("next", "week"):
        monday = today + timedelta(days=7 - today.weekday())
        return DayReading(2, (monday, monday + timedelta(days=4)))
    if tuple(words[:2]) == ("next", "month"):
        first = add_months(today.replace(day=1), 1)
        return DayReading(2, (first, end_of("month", first)))
    return None


def _end_of(words: Sequence[str], today: date, _toward: Toward) -> DayReading | None:
    for phrase, period in ENDS.items():
        if tuple(words[: len(phrase)]) == phrase:
            return DayReading(len(phrase), (end_of(period, today),))
    return None


def _in_or_ago(words: Sequence[str], today: date, _toward: Toward) -> DayReading | None:
    """`in 3 days`, `in a week`, `in 2w`, and `3 days ago`, `a week ago`."""
    start = 1 if words and words[0] == "in" else 0
    span = _span(words[start:])
    if span is None:
        return None
    length, count, unit = span
    if start:
        return DayReading(length + 1, (_shift(today, count, unit),))
    if len(words) > length and words[length] == "ago":
        return DayReading(length + 1, (_shift(today, -count, unit),))
    return None


def _span(words: Sequence[str]) -> tuple[int, int, str] | None:
    if words and (match := _SHORT_SPAN.fullmatch(words[0])):
        return 1, int(match[1]), match[2]
    if len(words) < 2 or words[1] not in UNITS:
        return None
    if _COUNT.fullmatch(words[0]):
        return 2, int(words[0]), UNITS[words[1]]
    return (2, COUNTS[words[0]], UNITS[words[1]]) if words[0] in COUNTS else None


def _shift(today: date, count: int, unit: str) -> date:
    if unit == "m":
        return add_months(today, count)
    return today + timedelta(days=count * (7 if unit == "w" else 1))


def _written(words: Sequence[str], today: date, toward: Toward) -> DayReading | None:
    """`3 May`, `3rd of May`, `May 3`, each with or without a year."""
    found = _day_and_month(words)
    if found is None:
        return None
    length, day, month = found
    if len(words) > length and _YEAR.fullmatch(words[length]):
        return _exact(length + 1, int(words[length]), month, day)
    return _without_year(length, month, day, today, toward)


def _day_and_month(words: Sequence[str]) -> tuple[int, int, int] | None:
    if (
        len(words) > 2
        and words[1] == "of"
        and (match := _DAY_OF_MONTH.fullmatch(words[0]))
        and words[2] in MONTHS
    ):
        return 3, int(match[1]), MONTHS[words[2]]
    if len(words) > 1 and (match := _DAY_OF_MONTH.fullmatch(words[0])) and words[1] in MONTHS:
        return 2, int(match[1]), MONTHS[words[1]]
    if len(words) > 1 and words[0] in MONTHS and (match := _DAY_OF_MONTH.fullmatch(words[1])):
        return 2, int(match[1]), MONTHS[words[0]]
    return None


def _numeric(words: Sequence[str], today: date, toward: Toward) -> DayReading | None:
    """`2026-12-01`, `01.12.2026`, `13/04`, `13/04/26`; `03/04` reads as two days and is left for the person
    to say.
    """
    if not words:
        return None
    if match := _ISO.fullmatch(words[0]):
        return _exact(1, int(match[1]), int(match[2]), int(match[3]))
    if match := _DOTTED.fullmatch(words[0]):
        return _exact(1, int(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.fullmatch(words[0]):
        return _slashed(int(match[1]), int(match[2]), match[3], today, toward)
    return None


def _slashed(first: int, second: int, year: str | None, today: date, toward: Toward) -> DayReading:
    orders = {(second, first), (first, second)}
    readings = [
        _exact(1, int(year) % 100 + 2000 if len(year) == 2 else int(year), month, day)
        if year
        else _without_year(1, month, day, today, toward)
        for month, day in orders
        if 1 <= month <= 12
    ]
    days = tuple(sorted(day for reading in readings for day in reading.days))
    if days:
        return DayReading(1, days, fixed=bool(year))
    return DayReading(1, problem="date_impossible")


def _exact(length: int, year: int, month: int, day: int) -> DayReading:
    try:
        return DayReading(length, (date(year, month, day),))
    except ValueError:
        return DayReading(length, problem="date_impossible")


def _without_year(length: int, month: int, day: int, today: date, toward: Toward) -> DayReading:
    """The nearest such date on the right side of today; 29 February looks as far as the next leap year."""
    for years in range(9):
        try:
            found = date(today.year + years * toward.value, month, day)
        except ValueError:
            continue
        if (found - today).days * toward.value >= 0:
            return DayReading(length, (found,), fixed=False)
    return DayReading(length, problem="date_impossible")


def _twelve_hour(hour: int, minute: int, half: str, length: int) -> TimeReading:
    if not 1 <= hour <= 12:
        return TimeReading(length, problem="time_impossible")
    return _clock(hour % 12 + (12 if half == "pm" else 0), minute, length)


def _clock(hour: int, minute: int, length: int) -> TimeReading:
    if hour > 23 or minute > 59:
        return TimeReading(length, problem="time_impossible")
    return TimeReading(length, (time(hour, minute),))


def _bare_hour(hour: int) -> TimeReading:
    if hour > 23:
        return TimeReading(1, problem="time_impossible")
    return TimeReading(1, (time(hour), time(hour + 12)) if 1 <= hour < 12 else (time(hour),))


_READERS: tuple[Callable[[Sequence[str], date, Toward], DayReading | None], ...] = (
    _relative,
    _weekday,
    _named_weekday,
    _next_period,
    _end_of,
    _in_or_ago,
    _written,
    _numeric,
)
