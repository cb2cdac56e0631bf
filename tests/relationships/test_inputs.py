"""What is wrong with a value is said in words, under the field's name."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from relationships.operations.inputs import Problems, local_day, parse_amount


def refused(problems: Problems) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refusal:
        problems.refuse()
    return refusal.value.errors


def test_everything_that_is_wrong_is_said_at_once() -> None:
    problems = Problems()
    problems.text("name", "  ", required=True)
    problems.text("note", "x" * 5, most=4)
    problems.text("body", "a\x00b")
    problems.choice("channel", "pigeon", ["", "call", "email"])
    problems.day("due_date", date(1899, 12, 31))
    problems.span("until_date", date(2026, 2, 2), date(2026, 2, 1))
    problems.whole_number("strength", 6, least=1, most=5)
    assert refused(problems) == {
        "name": ["This cannot be empty."],
        "note": ["This has 5 characters; at most 4 fit."],
        "body": ["This holds a character that cannot be stored."],
        "channel": ["“pigeon” is not known here. Possible: call, email."],
        "due_date": ["1899-12-31 is not between 1900 and 2100."],
        "until_date": ["2026-02-01 is before the start, 2026-02-02."],
        "strength": ["6 is not between 1 and 5."],
    }


def test_what_is_right_passes() -> None:
    problems = Problems()
    assert problems.text("name", " Ana ", most=3, required=True) == "Ana"
    problems.choice("channel", "call", ["call"])
    problems.day("due_date", date(1900, 1, 1))
    problems.day("due_date", date(2100, 12, 31))
    problems.day("due_date", None)
    problems.span("until_date", None, date(2026, 1, 1))
    problems.span("until_date", date(2026, 1, 1), date(2026, 1, 1))
    problems.whole_number("strength", None, least=1, most=5)
    problems.past_moment("at", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    problems.refuse()


def test_a_moment_is_neither_in_the_future_nor_before_1900() -> None:
    problems = Problems()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    problems.past_moment("later", datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC), now)
    problems.past_moment("early", datetime(1899, 1, 1, tzinfo=UTC), now)
    assert refused(problems) == {
        "later": ["This lies in the future."],
        "early": ["1899-01-01 is not between 1900 and 2100."],
    }


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1234.5", "1234.5"), ("1,234.50", "1234.50"), (" -12 ", "-12"), ("1 234.00", "1234.00"), ("0", "0")],
)
def test_amounts_are_written_with_a_decimal_point(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["12,5", "1.234,50", "1,23.00", "1,234,5", ",500", "5."])
def test_a_comma_that_may_be_the_decimal_sign_is_not_guessed_at(text: str) -> None:
    with pytest.raises(Invalid, match="Write decimals with a point"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "why"), [("many", "not an amount"), ("NaN", "too large"), ("1000000000000", "too large")]
)
def test_what_is_no_amount_is_refused(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        parse_amount(text)


@pytest.mark.django_db
def test_a_day_is_that_of_the_business_unit(workspace: Workspace) -> None:
    unit = workspace.business_unit
    unit.time_zone = "Asia/Tokyo"
    assert local_day(datetime(2026, 3, 18, 16, 0, tzinfo=UTC), unit) == date(2026, 3, 19)
