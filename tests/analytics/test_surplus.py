"""Ranges from seeded draws, and the levers that make an arrangement fair."""

import pytest

from analytics.balance import Estimate, lopsidedness
from analytics.surplus import Levers, Line, levers, surplus


def line(ours: bool, low: float, likely: float, high: float, cost: bool = False) -> Line:
    return Line(ours, cost, low, likely, high)


def test_certain_lines_have_no_range() -> None:
    found = surplus(
        [line(True, 60, 60, 60), line(True, 10, 10, 10, cost=True), line(False, 50, 50, 50)],
        currency="GBP",
        seed=1,
    )
    assert found.us == Estimate(50, 50, 50, "GBP")
    assert found.them == Estimate(50, 50, 50, "GBP")
    assert found.share == (0.5, 0.5, 0.5)
    assert (found.we_lose, found.they_lose) == (0.0, 0.0)


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    lines = [line(True, 0, 50, 120), line(False, 10, 30, 40)]
    first, again, other = (surplus(lines, currency="GBP", seed=seed) for seed in (18, 18, 19))
    assert first == again
    assert first != other


def test_the_range_is_that_of_a_triangle() -> None:
    """The 5 % point of a triangle 0, 50, 100 is √(0.05·100·50) = 15.8."""
    found = surplus([line(True, 0, 50, 100)], currency="GBP", seed=18, draws=200_000)
    assert found.us.low == pytest.approx(15.81, abs=0.3)
    assert found.us.high == pytest.approx(100 - 15.81, abs=0.3)
    assert found.us.mid == 50


def test_a_likely_amount_outside_the_middle_of_the_draws_still_lies_in_its_range() -> None:
    found = surplus([line(True, 0, 0, 100)], currency="GBP", seed=18)
    assert found.us.low == 0 == found.us.mid


def test_how_often_a_side_loses_is_counted() -> None:
    found = surplus([line(True, 0, 50, 100), line(True, 50, 50, 50, cost=True)], currency="GBP", seed=18)
    assert found.we_lose == pytest.approx(0.5, abs=0.05)
    assert found.they_lose == 0


def test_without_joint_gain_there_is_no_share() -> None:
    assert surplus([line(True, 5, 5, 5, cost=True)], currency="GBP", seed=1).share is None
    assert surplus([], currency="GBP", seed=1).share is None


@pytest.mark.parametrize("amounts", [(-1, 0, 1), (3, 2, 4), (1, 5, 4)])
def test_a_line_must_rise_from_zero(amounts: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="must not"):
        line(True, *amounts)


@pytest.mark.parametrize(("us", "them"), [(90.0, 10.0), (10.0, 90.0)])
def test_each_lever_alone_brings_it_to_the_edge(us: float, them: float) -> None:
    found = levers(us, them)
    assert found is not None
    more, less = max(us, them), min(us, them)
    for favoured, other in (
        (more - found.price, less + found.price),
        (more, less + found.service),
        (more - found.volume, less),
    ):
        assert lopsidedness(favoured, other) == pytest.approx(0.4)
    assert found == Levers(pytest.approx(20), pytest.approx(90 * 3 / 7 - 10), pytest.approx(90 - 10 * 7 / 3))


@pytest.mark.parametrize(("us", "them"), [(60.0, 40.0), (50.0, -5.0), (0.0, 0.0)])
def test_nothing_is_moved_where_it_is_fair_or_a_side_loses(us: float, them: float) -> None:
    assert levers(us, them) is None
