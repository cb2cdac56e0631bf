"""Clocks of service: the published examples, and against counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.business_time import BusinessCalendar, Stretch
from analytics.service_clock import MARKS, Pause, Reading, next_mark, read_clock

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = {day: [(540, 1020)] for day in range(5)}
NINE_TO_FIVE = BusinessCalendar(BERLIN, WEEKDAYS)
SPLIT = BusinessCalendar(BERLIN, {day: [(480, 720), (810, 1080)] for day in range(5)})
HOLIDAY = BusinessCalendar(BERLIN, WEEKDAYS, frozenset({date(2026, 1, 30)}))
SUNDAY_NIGHT = BusinessCalendar(BERLIN, {6: [(60, 240)]})


def berlin(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


FRIDAY = berlin(1, 30, 16, 30)
VECTORS: dict[str, tuple[BusinessCalendar, datetime, int, list[Stretch], datetime]] = {
    "over a weekend": (NINE_TO_FIVE, FRIDAY, 60, [], berlin(2, 2, 9, 30)),
    "from a holiday": (HOLIDAY, berlin(1, 30, 10), 60, [], berlin(2, 2, 10)),
    "from before opening": (NINE_TO_FIVE, berlin(1, 28, 6), 60, [], berlin(1, 28, 10)),
    "over a lunch": (SPLIT, berlin(1, 28, 11, 30), 60, [], berlin(1, 28, 14)),
    "a pause over a weekend": (
        NINE_TO_FIVE,
        berlin(1, 30, 15, 30),
        60,
        [(berlin(1, 30, 16), berlin(2, 2, 10))],
        berlin(2, 2, 10, 30),
    ),
    "two pauses": (
        NINE_TO_FIVE,
        berlin(1, 28, 9),
        120,
        [(berlin(1, 28, 9, 30), berlin(1, 28, 10)), (berlin(1, 28, 11), berlin(1, 28, 13))],
        berlin(1, 28, 13, 30),
    ),
    "the hour that is skipped": (
        SUNDAY_NIGHT,
        berlin(3, 28, 1, year=2027),
        90,
        [],
        berlin(3, 28, 3, 30, year=2027),
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_clock_is_due_when_its_target_of_business_time_is_reached(name: str) -> None:
    calendar, started_at, target, pauses, due_at = VECTORS[name]
    at_due = read_clock(calendar, started_at, target, pauses, due_at)
    assert at_due == Reading(target * 60, target, due_at.astimezone(UTC))
    assert (at_due.left_seconds, at_due.used_percent) == (0, 100)


def test_a_clock_that_stands_is_due_at_no_time_and_goes_on_where_it_stood() -> None:
    paused_at, resumed_at = berlin(1, 30, 16), berlin(2, 2, 10)
    standing: list[Pause] = [(paused_at, None)]
    for now in (paused_at, berlin(1, 30, 17), berlin(1, 31, 12), resumed_at):
        assert read_clock(NINE_TO_FIVE, berlin(1, 30, 15, 30), 60, standing, now) == Reading(1800, 60, None)
    again = read_clock(NINE_TO_FIVE, berlin(1, 30, 15, 30), 60, [(paused_at, resumed_at)], resumed_at)
    assert again == Reading(1800, 60, berlin(2, 2, 10, 30).astimezone(UTC))
    assert (again.left_seconds, again.used_percent) == (1800, 50)


def test_another_target_keeps_what_has_passed() -> None:
    started_at, now = berlin(1, 28, 9), berlin(1, 28, 12)
    for target, due_at in ((60, berlin(1, 28, 10)), (480, berlin(1, 28, 17)), (960, berlin(1, 29, 17))):
        found = read_clock(NINE_TO_FIVE, started_at, target, [], now)
        assert found == Reading(3 * 3600, target, due_at.astimezone(UTC))
    assert read_clock(NINE_TO_FIVE, started_at, 60, [], now).left_seconds == -2 * 3600


@pytest.mark.parametrize("target", [0, -5])
def test_a_target_that_is_not_positive_is_refused(target: int) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        read_clock(NINE_TO_FIVE, FRIDAY, target, [], FRIDAY)


def test_a_week_that_never_opens_has_no_clock() -> None:
    with pytest.raises(ValueError, match="without any opening hours"):
        BusinessCalendar(BERLIN, {day: [] for day in range(7)})


def test_a_clock_tells_of_half_three_quarters_nine_tenths_and_its_end() -> None:
    told, marked = [], 0
    while mark := next_mark(NINE_TO_FIVE, FRIDAY, 60, [], marked):
        marked, at = mark
        told.append((marked, at))
    expected = [(1, 30, 17, 0), (2, 2, 9, 15), (2, 2, 9, 24), (2, 2, 9, 30)]
    assert told == list(zip(MARKS, (berlin(*each).astimezone(UTC) for each in expected), strict=True))


def open_by_the_wall(calendar: BusinessCalendar, moment: datetime) -> bool:
    """What a person at the door would see: the local day and minute, held against the opening hours."""
    here = moment.astimezone(calendar.zone)
    minute = here.hour * 60 + here.minute
    hours = calendar.weekly.get(here.weekday(), ())
    return here.date() not in calendar.holidays and any(start <= minute < end for start, end in hours)


def counted(calendar: BusinessCalendar, start: datetime, end: datetime, pauses: list[Stretch]) -> int:
    """Minutes that are open and in no pause, one by one."""
    minutes = int((end - start) / timedelta(minutes=1))
    moments = [start + timedelta(minutes=number) for number in range(minutes)]
    return sum(
        open_by_the_wall(calendar, moment) and not any(first <= moment < last for first, last in pauses)
        for moment in moments
    )


BEGIN = datetime(2027, 3, 26, 0, 0, tzinfo=UTC)
MINUTES = st.integers(min_value=0, max_value=5 * 1440)


@settings(max_examples=40, deadline=None)
@given(
    calendar=st.sampled_from([NINE_TO_FIVE, SPLIT, HOLIDAY, SUNDAY_NIGHT]),
    start=MINUTES,
    target=st.integers(min_value=1, max_value=2000),
    ends=st.lists(st.tuples(MINUTES, MINUTES), max_size=3),
    steps=st.tuples(MINUTES, MINUTES),
)
def test_what_passes_is_what_a_count_of_minutes_finds(
    calendar: BusinessCalendar,
    start: int,
    target: int,
    ends: list[tuple[int, int]],
    steps: tuple[int, int],
) -> None:
    """It never goes back, counts no closed hour and no pause, and is the target when the clock is due."""
    started_at = BEGIN + timedelta(minutes=start)
    pauses = [
        (started_at + timedelta(minutes=min(pair)), started_at + timedelta(minutes=max(pair)))
        for pair in ends
    ]
    early, late = (started_at + timedelta(minutes=step) for step in sorted(steps))
    first, second = (read_clock(calendar, started_at, target, pauses, now) for now in (early, late))
    assert first.elapsed_seconds == counted(calendar, started_at, early, pauses) * 60
    assert second.elapsed_seconds == counted(calendar, started_at, late, pauses) * 60
    assert first.elapsed_seconds <= second.elapsed_seconds
    due_at = first.due_at
    assert due_at is not None
    assert due_at == second.due_at
    assert read_clock(calendar, started_at, target, pauses, due_at).elapsed_seconds == target * 60
