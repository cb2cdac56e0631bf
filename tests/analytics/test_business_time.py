"""Business time against published examples, and against the wall clock around clock changes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.business_time import (
    BusinessCalendar,
    Stretch,
    add_business_minutes,
    add_business_minutes_many,
    business_minutes,
    business_minutes_many,
    working_day,
)

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = BusinessCalendar(BERLIN, {day: [(540, 1020)] for day in range(5)})
AROUND_THE_CLOCK = BusinessCalendar(BERLIN, {day: [(0, 1440)] for day in range(7)})


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def test_an_hour_from_friday_half_past_four_ends_on_monday() -> None:
    """Published example of a peer's working-hours change (Chatwoot, pull request 13392)."""
    due = add_business_minutes(NINE_TO_FIVE, berlin(2026, 1, 30, 16, 30), 60)
    assert due == berlin(2026, 2, 2, 9, 30)
    assert due.tzinfo is UTC


def test_two_holidays_are_passed_over() -> None:
    """Published example (Zammad, issue 390): 48 hours on days of twelve, two of the days are holidays."""
    holidays = frozenset({date(2016, 11, 11), date(2016, 11, 13)})
    calendar = BusinessCalendar(BERLIN, {day: [(540, 1260)] for day in range(7)}, holidays)
    assert add_business_minutes(calendar, berlin(2016, 11, 9, 23), 48 * 60) == berlin(2016, 11, 15, 21)


def test_a_start_on_a_holiday_counts_from_the_next_opening() -> None:
    calendar = BusinessCalendar(BERLIN, NINE_TO_FIVE.weekly, frozenset({date(2026, 1, 30)}))
    assert add_business_minutes(calendar, berlin(2026, 1, 30, 10), 15) == berlin(2026, 2, 2, 9, 15)
    assert business_minutes(calendar, berlin(2026, 1, 30, 10), berlin(2026, 2, 2, 9, 15)) == 15


def test_a_start_before_opening_counts_from_opening() -> None:
    assert add_business_minutes(NINE_TO_FIVE, berlin(2026, 1, 28, 6), 30) == berlin(2026, 1, 28, 9, 30)


def test_a_split_day_pauses_over_lunch() -> None:
    split = BusinessCalendar(BERLIN, {2: [(480, 720), (810, 1080)]})
    assert add_business_minutes(split, berlin(2026, 1, 28, 11, 30), 60) == berlin(2026, 1, 28, 14)
    assert business_minutes(split, berlin(2026, 1, 28, 7), berlin(2026, 1, 28, 20)) == 240 + 270


def test_a_weekend_within_a_pause_is_not_credited_twice() -> None:
    pauses = [(berlin(2026, 1, 30, 16), berlin(2026, 2, 2, 10))]
    start = berlin(2026, 1, 30, 15)
    assert add_business_minutes(NINE_TO_FIVE, start, 90, pauses) == berlin(2026, 2, 2, 10, 30)
    assert business_minutes(NINE_TO_FIVE, start, berlin(2026, 2, 2, 10, 30), pauses) == 90


def test_two_pauses_both_count_and_overlapping_ones_only_once() -> None:
    start, end = berlin(2026, 1, 28, 9), berlin(2026, 1, 28, 17)
    apart: list[Stretch] = [
        (berlin(2026, 1, 28, 12), berlin(2026, 1, 28, 13)),
        (berlin(2026, 1, 28, 10), berlin(2026, 1, 28, 11)),
    ]
    overlapping: list[Stretch] = [
        (berlin(2026, 1, 28, 10), berlin(2026, 1, 28, 12)),
        (berlin(2026, 1, 28, 11), berlin(2026, 1, 28, 13)),
    ]
    outside: list[Stretch] = [(berlin(2026, 1, 27), berlin(2026, 1, 28, 9)), (end, berlin(2026, 1, 29))]
    assert business_minutes(NINE_TO_FIVE, start, end, apart) == 480 - 120
    assert business_minutes(NINE_TO_FIVE, start, end, overlapping) == 480 - 180
    assert business_minutes(NINE_TO_FIVE, start, end, outside) == 480
    assert business_minutes(NINE_TO_FIVE, start, end, [(start, end)]) == 0


def test_the_hour_that_the_clocks_skip_holds_no_time() -> None:
    night = BusinessCalendar(BERLIN, {6: [(120, 180)]})
    assert business_minutes(night, berlin(2027, 3, 28), berlin(2027, 3, 29)) == 0
    assert add_business_minutes(night, berlin(2027, 3, 28), 30) == berlin(2027, 4, 4, 2, 30)
    half_in = BusinessCalendar(BERLIN, {6: [(150, 240)]})
    assert business_minutes(half_in, berlin(2027, 3, 28), berlin(2027, 3, 29)) == 60


def test_the_hour_that_comes_twice_counts_twice() -> None:
    night = BusinessCalendar(BERLIN, {6: [(120, 180)]})
    assert business_minutes(night, berlin(2027, 10, 31), berlin(2027, 11, 1)) == 120
    half = BusinessCalendar(BERLIN, {6: [(120, 150)]})
    assert business_minutes(half, berlin(2027, 10, 31), berlin(2027, 11, 1)) == 60


def test_whole_days_have_23_24_and_25_hours() -> None:
    lengths = [
        business_minutes(AROUND_THE_CLOCK, berlin(2027, 3, 28), berlin(2027, 3, 29)),
        business_minutes(AROUND_THE_CLOCK, berlin(2027, 3, 30), berlin(2027, 3, 31)),
        business_minutes(AROUND_THE_CLOCK, berlin(2027, 10, 31), berlin(2027, 11, 1)),
    ]
    assert lengths == [23 * 60, 24 * 60, 25 * 60]


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Asia/Kathmandu"]
)
def test_a_day_is_the_local_day_in_every_zone(zone: str) -> None:
    calendar = BusinessCalendar(ZoneInfo(zone), {0: [(0, 1440)]})
    monday, tuesday = (datetime(2027, 6, day, tzinfo=ZoneInfo(zone)) for day in (7, 8))
    assert calendar.openings(date(2027, 6, 7)) == [(monday, tuesday)]
    assert calendar.openings(date(2027, 6, 8)) == []


def test_targets_and_stretches_that_make_no_sense_are_refused() -> None:
    start = berlin(2026, 1, 28, 9)
    for minutes in (0, -5):
        with pytest.raises(ValueError, match="must be positive"):
            add_business_minutes(NINE_TO_FIVE, start, minutes)
    with pytest.raises(ValueError, match="lies before start"):
        business_minutes(NINE_TO_FIVE, start, berlin(2026, 1, 28, 8))
    with pytest.raises(ValueError, match="before it starts"):
        business_minutes(NINE_TO_FIVE, start, berlin(2026, 1, 29), [(start, berlin(2026, 1, 28, 8))])


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        ({}, "without any opening hours"),
        ({0: []}, "without any opening hours"),
        ({7: [(0, 60)]}, "weekday 7"),
        ({0: [(60, 60)]}, "opening 60–60"),
        ({0: [(0, 1441)]}, "opening 0–1441"),
        ({0: [(0, 120), (60, 180)]}, "opening 60–180"),
    ],
)
def test_impossible_weeks_are_refused(weekly: dict[int, list[tuple[int, int]]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        BusinessCalendar(BERLIN, weekly)


def test_many_stretches_at_once_need_their_ends_after_their_starts() -> None:
    starts = np.array(["2026-01-28T09:00", "2026-01-28T09:00"], dtype="datetime64[m]")
    ends = np.array(["2026-01-28T10:00", "2026-01-28T08:00"], dtype="datetime64[m]")
    with pytest.raises(ValueError, match="row 1"):
        business_minutes_many(NINE_TO_FIVE, starts, ends)
    assert business_minutes_many(NINE_TO_FIVE, starts[:0], ends[:0]).tolist() == []


MOMENTS = st.integers(0, 400 * 24 * 60).map(lambda minute: np.datetime64("2027-01-01T00:00") + minute)


@settings(max_examples=60)
@given(st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted), min_size=1, max_size=5))
def test_many_at_once_equal_each_on_its_own(stretches: list[list[np.datetime64]]) -> None:
    starts, ends = (np.array([pair[side] for pair in stretches]) for side in (0, 1))
    calendar = BusinessCalendar(
        BERLIN, {0: [(480, 720), (810, 1080)], 6: [(90, 200)]}, frozenset({date(2027, 5, 17)})
    )
    each = [
        business_minutes(calendar, start.item().replace(tzinfo=UTC), end.item().replace(tzinfo=UTC))
        for start, end in stretches
    ]
    assert business_minutes_many(calendar, starts, ends) == pytest.approx(each)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(MOMENTS, st.integers(1, 50_000).map(lambda part: part / 10)), min_size=1, max_size=5)
)
def test_many_targets_are_reached_when_each_is(targets: list[tuple[np.datetime64, float]]) -> None:
    calendar = BusinessCalendar(
        BERLIN, {0: [(480, 720), (810, 1080)], 6: [(90, 200)]}, frozenset({date(2027, 5, 17)})
    )
    starts, minutes = np.array([start for start, _ in targets]), np.array([part for _, part in targets])
    each = [
        add_business_minutes(calendar, start.item().replace(tzinfo=UTC), part).replace(tzinfo=None)
        for start, part in targets
    ]
    assert add_business_minutes_many(calendar, starts, minutes).tolist() == each


def test_many_targets_at_once_are_positive() -> None:
    starts = np.array(["2026-01-28T09:00", "2026-01-28T09:00"], dtype="datetime64[m]")
    with pytest.raises(ValueError, match=r"row 1: target of 0\.0 minutes"):
        add_business_minutes_many(NINE_TO_FIVE, starts, np.array([1.0, 0.0]))
    assert add_business_minutes_many(NINE_TO_FIVE, starts[:0], np.zeros(0)).tolist() == []


@settings(max_examples=60)
@given(MOMENTS, st.integers(1, 5000))
def test_adding_and_measuring_agree(start: np.datetime64, minutes: int) -> None:
    begins = start.item().replace(tzinfo=UTC)
    due = add_business_minutes(NINE_TO_FIVE, begins, minutes)
    assert business_minutes(NINE_TO_FIVE, begins, due) == minutes


@pytest.mark.parametrize(
    ("day", "steps", "found"),
    [
        (date(2026, 3, 18), 0, date(2026, 3, 18)),  # a Wednesday
        (date(2026, 3, 21), 0, date(2026, 3, 20)),  # a Saturday: the Friday before it
        (date(2026, 3, 18), -3, date(2026, 3, 13)),
        (date(2026, 3, 22), -1, date(2026, 3, 20)),
        (date(2026, 3, 20), 1, date(2026, 3, 23)),
        (date(2026, 3, 21), 3, date(2026, 3, 25)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),  # over Easter: Friday and Monday are holidays
        (date(2026, 4, 3), 0, date(2026, 4, 2)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
    ],
)
def test_working_days_are_counted_without_weekends_and_holidays(day: date, steps: int, found: date) -> None:
    easter = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
    calendar = BusinessCalendar(BERLIN, NINE_TO_FIVE.weekly, easter)
    assert working_day(calendar, day, steps) == found
