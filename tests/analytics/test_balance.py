"""Mutual benefit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.balance import Estimate, Verdict, assess, balance, lopsidedness


def exactly(value: float) -> Estimate:
    return Estimate(value, value, value, "EUR")


@pytest.mark.parametrize(
    ("us", "them", "b", "lop", "verdict"),
    [
        (60, 40, 0.8, 0.2, Verdict.BALANCED),
        (90, 10, 0.2, 0.8, Verdict.FAVOURS_US),
        (10, 90, 0.2, -0.8, Verdict.FAVOURS_THEM),
        (-5, 50, 0.0, -1.0, Verdict.FAVOURS_THEM),
        (50, -5, 0.0, 1.0, Verdict.FAVOURS_US),
        (50, 50, 1.0, 0.0, Verdict.BALANCED),
        (-5, -50, None, 45 / 55, Verdict.LOSE_LOSE),
        (5, -50, None, 1.0, Verdict.NO_VALUE),
        (0, 0, None, None, Verdict.NO_VALUE),
        (70, 30, 0.6, 0.4, Verdict.BALANCED),
    ],
)
def test_sharp_estimates(
    us: float, them: float, b: float | None, lop: float | None, verdict: Verdict
) -> None:
    found = assess(exactly(us), exactly(them))
    assert found.balance == pytest.approx(b)
    assert found.lopsidedness == pytest.approx(lop)
    assert found.verdict is verdict


def test_a_range_that_reaches_balance_is_not_flagged() -> None:
    ours = Estimate(20, 90, 100, "EUR")
    assert assess(ours, Estimate(5, 10, 30, "EUR")).verdict is Verdict.BALANCED
    assert assess(ours, Estimate(5, 10, 30, "EUR")).best_lopsidedness == 0
    assert assess(ours, Estimate(5, 10, 15, "EUR")).verdict is Verdict.BALANCED
    assert assess(ours, Estimate(5, 10, 12, "EUR")).verdict is Verdict.FAVOURS_US
    assert assess(Estimate(5, 10, 12, "EUR"), ours).best_lopsidedness == pytest.approx(-0.25)


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        assess(exactly(1), Estimate(1, 1, 1, "USD"))


@pytest.mark.parametrize("figures", [(2, 1, 3), (1, 4, 3)])
def test_a_range_does_not_fall(figures: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="must not fall"):
        Estimate(*figures, "EUR")


AMOUNTS = st.floats(-1e6, 1e6)


@given(AMOUNTS, AMOUNTS)
def test_measures_stay_in_their_ranges_and_mirror(us: float, them: float) -> None:
    share, lop = balance(us, them), lopsidedness(us, them)
    assert share is None or 0 <= share <= 1
    assert lop is None or -1 <= lop <= 1
    assert balance(them, us) == share
    assert lopsidedness(them, us) == (None if lop is None else -lop)


@given(st.lists(AMOUNTS, min_size=6, max_size=6), st.floats(0, 1), st.floats(0, 1))
def test_no_point_of_the_ranges_is_nearer_to_balance_than_the_best(
    ends: list[float], first: float, second: float
) -> None:
    ours, theirs = Estimate(*sorted(ends[:3]), "EUR"), Estimate(*sorted(ends[3:]), "EUR")
    best = assess(ours, theirs).best_lopsidedness
    inside = lopsidedness(
        ours.low + (ours.high - ours.low) * first, theirs.low + (theirs.high - theirs.low) * second
    )
    if best is not None and inside is not None:
        assert abs(best) <= abs(inside) + 1e-9
