"""Times, spans and amounts in the product's words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core import wording

NOW = datetime(2026, 11, 19, 9, 50, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_london() -> Iterator[None]:
    with timezone.override(ZoneInfo("Europe/London")):
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 19, 8, 5, tzinfo=UTC), "Today 08:05"),
        (datetime(2026, 11, 18, 17, 42, tzinfo=UTC), "Yesterday 17:42"),
        (datetime(2026, 11, 20, 8, 30, tzinfo=UTC), "Tomorrow 08:30"),
        (datetime(2026, 11, 17, 10, 14, tzinfo=UTC), "Tue 17 Nov, 10:14"),
        (datetime(2026, 6, 1, 10, 0, tzinfo=UTC), "Mon 1 Jun, 11:00"),
        (datetime(2027, 1, 5, 10, 0, tzinfo=UTC), "5 Jan 2027"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert wording.moment_words(moment, NOW) == words


def test_a_moment_inside_a_sentence_begins_small() -> None:
    assert wording.moment_words(NOW, NOW, lower=True) == "today 09:50"


def test_the_day_is_the_viewer_s_not_utc_s() -> None:
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert wording.moment_words(late, NOW) == "Tomorrow 08:30"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        wording.moment_words(datetime(2026, 11, 19), NOW)  # noqa: DTZ001  the fault under test


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "Today"),
        (date(2026, 11, 18), "Yesterday"),
        (date(2026, 11, 20), "Tomorrow"),
        (date(2026, 11, 27), "Fri 27 Nov"),
        (date(2027, 1, 5), "5 Jan 2027"),
    ],
)
def test_a_day_is_said_by_its_distance(day: date, words: str) -> None:
    assert wording.day_words(day, date(2026, 11, 19)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW - timedelta(seconds=20), "just now"),
        (NOW - timedelta(minutes=1), "1 minute ago"),
        (NOW - timedelta(hours=3), "3 hours ago"),
        (NOW + timedelta(minutes=38), "in 38 minutes"),
        (NOW + timedelta(hours=1), "in 1 hour"),
        (NOW - timedelta(days=1), "yesterday"),
        (NOW + timedelta(days=1), "tomorrow"),
        (NOW - timedelta(days=41), "41 days ago"),
        (date(2026, 11, 22), "in 3 days"),
        (date(2026, 11, 19), "today"),
        (date(2020, 11, 19), "2,191 days ago"),
    ],
)
def test_how_long_ago_or_how_far_off(value: date, words: str) -> None:
    assert wording.since_words(value, NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (45, "45 s"),
        (2280, "38 min"),
        (timedelta(hours=1, minutes=38), "1 h 38 m"),
        (timedelta(hours=2, minutes=5), "2 h 05 m"),
        (7200, "2 h"),
        (timedelta(days=2, hours=4), "2 d 4 h"),
        (172800, "2 d"),
        (-2280, "−38 min"),
    ],
)
def test_a_span_has_its_two_largest_units(span: timedelta | float, words: str) -> None:
    assert wording.duration_words(span) == words


@pytest.mark.parametrize(
    ("amount", "currency", "options", "words"),
    [
        (Decimal("228400"), "EUR", {}, "€228,400"),
        (Decimal("228400.00"), "EUR", {}, "€228,400"),
        ("12.5", "GBP", {}, "£12.50"),
        (Decimal("-3.2"), "USD", {}, "−$3.20"),
        (900, "SEK", {}, "SEK 900"),
        (Decimal("12.345"), "GBP", {}, "£12.35"),
        (Decimal("12.5"), "GBP", {"whole": True}, "£13"),
        (Decimal("-0.2"), "GBP", {"whole": True}, "£0"),
        (Decimal("1499.6"), "JPY", {}, "¥1,500"),
        (61200, "EUR", {"compact": True}, "€61 k"),
        (1340000, "EUR", {"compact": True}, "€1.34 m"),
        (-2500000000, "EUR", {"compact": True}, "−€2.5 bn"),
        (640, "EUR", {"compact": True}, "€640"),
    ],
)
def test_an_amount_stands_with_its_currency(
    amount: Decimal, currency: str, options: dict[str, bool], words: str
) -> None:
    assert wording.money_words(amount, currency, **options) == words


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [(2, 0, "+2"), (-6.2, 0, "−6"), (0.3, 0, "0"), (-2.14, 1, "−2.1"), (1234, 0, "+1,234")],
)
def test_a_change_is_signed_with_a_true_minus(value: float, places: int, words: str) -> None:
    assert wording.signed(value, places) == words


def test_everything_is_said_in_the_tooltip() -> None:
    assert wording.full_words(NOW) == "Thursday 19 November 2026, 09:50"
    assert wording.full_words(date(2027, 1, 5)) == "Tuesday 5 January 2027"
