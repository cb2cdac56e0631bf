"""When an hour comes next where somebody is, and when their quiet hours are over."""

from datetime import UTC, datetime, time

import pytest

from analytics.day_clock import after_quiet, next_at


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "clock", "zone", "comes"),
    [
        ("2026-03-18 06:59", "07:00", "Europe/London", "2026-03-18 07:00"),
        ("2026-03-18 07:00", "07:00", "Europe/London", "2026-03-19 07:00"),
        ("2026-03-28 12:00", "07:00", "Europe/London", "2026-03-29 06:00"),  # summer time since the night
        ("2026-03-29 00:10", "01:30", "Europe/London", "2026-03-29 01:30"),  # an hour that is left out
        ("2026-10-24 23:30", "01:30", "Europe/London", "2026-10-25 00:30"),  # the first of two
        ("2026-03-18 20:00", "08:00", "Asia/Tokyo", "2026-03-18 23:00"),
        ("2026-03-18 20:00", "08:00", "America/New_York", "2026-03-19 12:00"),
    ],
)
def test_an_hour_comes_next_by_the_clocks_of_the_zone(now: str, clock: str, zone: str, comes: str) -> None:
    assert next_at(at(now), time.fromisoformat(clock), zone) == at(comes)


@pytest.mark.parametrize(
    ("now", "hours", "over"),
    [
        ("2026-03-18 19:59", "20:00 07:00", "2026-03-18 19:59"),
        ("2026-03-18 20:00", "20:00 07:00", "2026-03-19 07:00"),
        ("2026-03-19 06:59", "20:00 07:00", "2026-03-19 07:00"),
        ("2026-03-19 07:00", "20:00 07:00", "2026-03-19 07:00"),
        ("2026-03-18 12:30", "12:00 13:00", "2026-03-18 13:00"),
        ("2026-03-18 13:30", "12:00 13:00", "2026-03-18 13:30"),
        ("2026-03-18 11:30", "12:00 12:00", "2026-03-18 11:30"),
    ],
)
def test_what_comes_in_quiet_hours_waits_for_their_end(now: str, hours: str, over: str) -> None:
    begins, ends = (time.fromisoformat(each) for each in hours.split())
    assert after_quiet(at(now), begins, ends, "Europe/London") == at(over)


def test_without_quiet_hours_nothing_waits() -> None:
    assert after_quiet(at("2026-03-18 03:00"), None, None, "Europe/London") == at("2026-03-18 03:00")
