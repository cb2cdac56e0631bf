"""Calibration against worked figures and the plain definitions on raw rows."""

import numpy as np
import pytest

from analytics.calibration import (
    Auc,
    Isotonic,
    Tally,
    auc,
    brier,
    expected_error,
    fit_isotonic,
    is_shown_to_predict,
    lift,
    reliability,
)


def tallied(scores: list[float], came: list[int]) -> list[Tally]:
    return [
        Tally(
            score,
            sum(c for s, c in zip(scores, came, strict=True) if s == score),
            sum(1 - c for s, c in zip(scores, came, strict=True) if s == score),
        )
        for score in sorted(set(scores))
    ]


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    tallies = tallied([10, 20, 30, 40, 40], [1, 0, 1, 0, 1])
    # pairs (event, other): 10<20, 10<40, 30>20 wrong, 30<40, 40>20 wrong, 40=40 half
    found = auc(tallies)
    assert found is not None
    assert found.value == pytest.approx(3.5 / 6)


def delong(scores: np.ndarray, came: np.ndarray) -> tuple[float, float]:
    """The estimator and its variance as they are written, pair by pair."""
    with_event, without = scores[came == 1], scores[came == 0]
    psi = (with_event[:, None] < without[None, :]) + 0.5 * (with_event[:, None] == without[None, :])
    variance = psi.mean(1).var(ddof=1) / len(with_event) + psi.mean(0).var(ddof=1) / len(without)
    return float(psi.mean()), float(variance)


def test_the_interval_is_delongs() -> None:
    rng = np.random.default_rng(18)
    scores = rng.integers(0, 101, 400).astype(float)
    came = (rng.random(400) < 0.6 - 0.004 * scores).astype(int)
    found = auc(tallied(scores.tolist(), came.tolist()))
    value, variance = delong(scores, came)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * variance**0.5)


def test_without_events_or_others_nothing_is_said() -> None:
    assert auc([Tally(10, 0, 5)]) is None
    assert auc([Tally(10, 5, 0)]) is None
    assert auc([Tally(10, 1, 0), Tally(20, 0, 1)]) == Auc(1.0, 1.0, 1.0)


def test_neighbours_that_rise_are_pooled() -> None:
    """Shares .5, .2, .4, .1 with equal weight: the middle two rise, and are pooled to .3."""
    tallies = [Tally(10, 5, 5), Tally(20, 2, 8), Tally(30, 4, 6), Tally(40, 1, 9)]
    fitted = fit_isotonic(tallies)
    assert fitted == Isotonic(((10, 0.5), (20, pytest.approx(0.3)), (30, pytest.approx(0.3)), (40, 0.1)))
    assert [fitted.probability(score) for score in (0, 15, 25, 35, 99)] == pytest.approx(
        [0.5, 0.4, 0.3, 0.2, 0.1]
    )


def test_pooling_goes_back_as_far_as_it_must() -> None:
    fitted = fit_isotonic([Tally(1, 1, 9), Tally(2, 2, 8), Tally(3, 6, 4), Tally(4, 0, 0)])
    assert fitted.corners == ((1, pytest.approx(0.3)), (3, pytest.approx(0.3)))
    with pytest.raises(ValueError, match="at least one"):
        fit_isotonic([Tally(4, 0, 0)])


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    forecast = [(0.8, Tally(10, 3, 1)), (0.1, Tally(90, 1, 5))]
    assert brier(forecast) == pytest.approx((3 * 0.04 + 0.64 + 0.81 + 5 * 0.01) / 10)


def test_bins_hold_equal_numbers_whatever_is_tied() -> None:
    forecast = [(0.1, Tally(90, 10, 90)), (0.5, Tally(50, 50, 50))]
    bins = reliability(forecast)
    assert [each.n for each in bins] == [20] * 10
    assert [each.said for each in bins] == pytest.approx([0.1] * 5 + [0.5] * 5)
    assert [each.came for each in bins] == pytest.approx([0.1] * 5 + [0.5] * 5)
    assert expected_error(bins) == pytest.approx(0)


def test_what_reaches_over_an_edge_is_shared_out() -> None:
    bins = reliability([(0.0, Tally(90, 0, 30)), (1.0, Tally(10, 10, 0))], bins=2)
    assert [(each.n, each.events, each.said) for each in bins] == [(20, 0, 0.0), (20, 10, 0.5)]
    assert (bins[1].lowest, bins[1].highest) == (10, 90)


def test_fewer_relationships_than_bins_still_make_bins() -> None:
    bins = reliability([(0.2, Tally(50, 1, 0))])
    assert sum(each.came for each in bins) == pytest.approx(10)
    assert reliability([]) == []
    assert expected_error([]) == 0


def test_the_expected_error_is_the_mean_distance() -> None:
    bins = reliability([(0.3, Tally(90, 10, 90)), (0.5, Tally(50, 80, 20))])
    assert expected_error(bins) == pytest.approx((0.2 + 0.3) / 2)


def test_the_lift_compares_the_worst_tenth_with_everybody() -> None:
    assert lift([Tally(10, 5, 5), Tally(90, 5, 85)]) == pytest.approx(5.0)
    assert lift([Tally(10, 0, 5), Tally(20, 0, 0)]) is None


@pytest.mark.parametrize(
    ("events", "found", "shown"),
    [
        (200, Auc(0.7, 0.56, 0.8), True),
        (199, Auc(0.9, 0.8, 1.0), False),
        (500, Auc(0.6, 0.55, 0.65), False),
        (500, None, False),
    ],
)
def test_the_gate_wants_two_hundred_events_and_more_than_chance(
    events: int, found: Auc | None, shown: bool
) -> None:
    assert is_shown_to_predict(events, found) is shown
