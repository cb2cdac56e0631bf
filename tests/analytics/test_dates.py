"""Days and times in words, on Wednesday 10 March 2027."""

from datetime import date, time

import pytest

from analytics.dates import Toward, add_months, end_of, read_day, read_time

TODAY = date(2027, 3, 10)

FUTURE = {
    "today": (1, [date(2027, 3, 10)]),
    "tomorrow": (1, [date(2027, 3, 11)]),
    "thu": (1, [date(2027, 3, 11)]),
    "wednesday": (1, [date(2027, 3, 17)]),
    "tues": (1, [date(2027, 3, 16)]),
    "this fri": (2, [date(2027, 3, 12)]),
    "next fri": (2, [date(2027, 3, 12), date(2027, 3, 19)]),
    "next wed": (2, [date(2027, 3, 17)]),
    "next mon": (2, [date(2027, 3, 15)]),
    "last fri": (2, [date(2027, 3, 5)]),
    "next week": (2, [date(2027, 3, 15), date(2027, 3, 19)]),
    "next month": (2, [date(2027, 4, 1), date(2027, 4, 30)]),
    "eow": (1, [date(2027, 3, 12)]),
    "end of month": (3, [date(2027, 3, 31)]),
    "eoq": (1, [date(2027, 3, 31)]),
    "end of year": (3, [date(2027, 12, 31)]),
    "in 3 days": (3, [date(2027, 3, 13)]),
    "in a week": (3, [date(2027, 3, 17)]),
    "in two months": (3, [date(2027, 5, 10)]),
    "in 2w": (2, [date(2027, 3, 24)]),
    "3d ago": (2, [date(2027, 3, 7)]),
    "2 weeks ago": (3, [date(2027, 2, 24)]),
    "a month ago": (3, [date(2027, 2, 10)]),
    "3 may": (2, [date(2027, 5, 3)]),
    "3rd of may call": (3, [date(2027, 5, 3)]),
    "may 3rd": (2, [date(2027, 5, 3)]),
    "3 may 2026": (3, [date(2026, 5, 3)]),
    "10 march": (2, [date(2027, 3, 10)]),
    "9 march": (2, [date(2028, 3, 9)]),
    "29 feb": (2, [date(2028, 2, 29)]),
    "2026-12-01": (1, [date(2026, 12, 1)]),
    "01.12.2026": (1, [date(2026, 12, 1)]),
    "13/04": (1, [date(2027, 4, 13)]),
    "04/13": (1, [date(2027, 4, 13)]),
    "04/04": (1, [date(2027, 4, 4)]),
    "03/04": (1, [date(2027, 4, 3), date(2028, 3, 4)]),
    "03/04/27": (1, [date(2027, 3, 4), date(2027, 4, 3)]),
    "13/04/2028": (1, [date(2028, 4, 13)]),
}


@pytest.mark.parametrize("words", FUTURE)
def test_days_towards_the_future(words: str) -> None:
    reading = read_day(words.split(), TODAY, Toward.FUTURE)
    assert reading is not None
    assert (reading.length, list(reading.days), reading.problem) == (*FUTURE[words], None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("wed", date(2027, 3, 3)),
        ("thu", date(2027, 3, 4)),
        ("tue", date(2027, 3, 9)),
        ("yesterday", date(2027, 3, 9)),
        ("10 march", date(2027, 3, 10)),
        ("11 march", date(2026, 3, 11)),
        ("29 feb", date(2024, 2, 29)),
    ],
)
def test_days_towards_the_past(words: str, day: date) -> None:
    reading = read_day(words.split(), TODAY, Toward.PAST)
    assert reading is not None
    assert reading.days == (day,)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("31 feb", "date_impossible"),
        ("32/13", "date_impossible"),
        ("31/02/2027", "date_impossible"),
        ("2027-02-30", "date_impossible"),
        ("1899-12-31", "date_out_of_range"),
        ("in 9999 months", "date_out_of_range"),
        ("in 9999 weeks", "date_out_of_range"),
    ],
)
def test_days_that_cannot_be_say_why(words: str, problem: str) -> None:
    reading = read_day(words.split(), TODAY, Toward.FUTURE)
    assert reading is not None
    assert (reading.days, reading.problem) == ((), problem)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "price",
        "in",
        "in price",
        "in many days",
        "3",
        "3 days",
        "3 blue",
        "next",
        "next price",
        "may",
        "3 of 4",
    ],
)
def test_other_words_are_no_days(words: str) -> None:
    assert read_day(words.split(), TODAY, Toward.FUTURE) is None


def test_on_the_29_february_itself_the_day_is_today() -> None:
    reading = read_day(["29", "feb"], date(2028, 2, 29), Toward.PAST)
    assert reading is not None
    assert reading.days == (date(2028, 2, 29),)


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("08:05", [time(8, 5)]),
        ("9am", [time(9)]),
        ("9 pm", [time(21)]),
        ("12am", [time(0)]),
        ("12pm", [time(12)]),
        ("9:30pm", [time(21, 30)]),
        ("9:30 am", [time(9, 30)]),
        ("noon", [time(12)]),
        ("25:00", []),
        ("10:60", []),
        ("13pm", []),
    ],
)
def test_clock_times(words: str, times: list[time]) -> None:
    reading = read_time(words.split())
    assert reading is not None
    assert (reading.length, list(reading.times)) == (len(words.split()), times)
    assert (reading.problem == "time_impossible") == (not times)


@pytest.mark.parametrize(
    ("words", "times"),
    [("3", [time(3), time(15)]), ("12", [time(12)]), ("14", [time(14)]), ("0", [time(0)]), ("24", [])],
)
def test_a_bare_hour_is_read_only_where_it_is_allowed(words: str, times: list[time]) -> None:
    reading = read_time([words], bare_hour=True)
    assert reading is not None
    assert list(reading.times) == times
    assert read_time([words]) is None
    assert read_time([]) is None


def test_ends_of_periods() -> None:
    assert end_of("week", date(2027, 3, 12)) == date(2027, 3, 12)
    assert end_of("week", date(2027, 3, 13)) == date(2027, 3, 19)
    assert end_of("month", date(2028, 2, 1)) == date(2028, 2, 29)
    assert end_of("quarter", date(2027, 4, 1)) == date(2027, 6, 30)
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 1, 31), -2) == date(2026, 11, 30)
