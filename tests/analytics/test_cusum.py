"""The CUSUM against its published table, and its run lengths against a simulation."""

import numpy as np
import pytest

from analytics.cusum import (
    LEAST_DEVIATION,
    SLACK,
    Baseline,
    Sums,
    baseline,
    chart,
    run_length,
    threshold_for,
)

MONTGOMERY = [
    102.0, 94.8, 98.3, 98.4, 102.0, 98.5, 99.0, 97.7, 100.0, 98.1,
    101.3, 98.7, 101.1, 98.4, 97.0, 96.7, 100.3, 101.4, 97.2, 101.0,
]  # fmt: skip
"""Viscosities with the target 99, K = 1 and H = 10."""


def test_montgomerys_table_is_reproduced() -> None:
    line = chart(MONTGOMERY, target=99, slack=1)
    assert line[-1].upper == pytest.approx(1.0)
    lower = [sums.lower for sums in line]
    assert (max(lower), lower.index(max(lower)) + 1) == (pytest.approx(3.2), 2)
    assert [sums.signals(10) for sums in line] == [False] * 20


def test_a_chart_goes_on_from_where_it_stood() -> None:
    first = chart(MONTGOMERY[:7], target=99, slack=1)
    rest = chart(MONTGOMERY[7:], target=99, slack=1, start=first[-1])
    assert first + rest == chart(MONTGOMERY, target=99, slack=1)


def test_either_side_signals_only_above_the_threshold() -> None:
    assert [Sums(5, 0).signals(5), Sums(5.01, 0).signals(5), Sums(0, 5.01).signals(5)] == [False, True, True]


def simulated(threshold: float, shift: float, runs: int, weeks: int) -> float:
    """The mean run length of seeded runs; every run must end within `weeks`."""
    rng = np.random.default_rng(18)
    upper, lower = np.zeros(runs), np.zeros(runs)
    ended = np.zeros(runs, dtype=int)
    for week in range(1, weeks + 1):
        z = rng.standard_normal(runs) + shift
        upper, lower = np.maximum(0, z - SLACK + upper), np.maximum(0, -z - SLACK + lower)
        ended[(ended == 0) & ((upper > threshold) | (lower > threshold))] = week
        if ended.all():
            return float(ended.mean())
    raise AssertionError(f"{(ended == 0).sum()} runs did not end")


@pytest.mark.parametrize(("threshold", "weeks"), [(4, 169), (5, 469), (6, 1286)])
def test_in_control_run_lengths_are_those_that_are_known(threshold: float, weeks: int) -> None:
    assert run_length(threshold) == pytest.approx(weeks, rel=0.01)
    assert simulated(threshold, 0, 6_000, 40_000) == pytest.approx(weeks, rel=0.05)


def test_eight_deviations_are_passed_by_chance_once_in_nine_thousand_weeks() -> None:
    assert run_length(8) == pytest.approx(9556, rel=0.01)
    assert simulated(8, 0, 2_400, 120_000) == pytest.approx(9556, rel=0.05)


@pytest.mark.parametrize(
    ("threshold", "shift", "weeks"),
    [
        (4, -1, 8.3), (5, -1, 10.3), (6, -1, 12.3), (8, -1, 16.3),
        (4, -2, 3.2), (5, -2, 3.9), (6, -2, 4.6), (8, -2, 5.9),
    ],
)  # fmt: skip
def test_a_fall_is_found_in_the_weeks_that_are_known(threshold: float, shift: float, weeks: float) -> None:
    assert run_length(threshold, shift) == pytest.approx(weeks, rel=0.05)
    assert simulated(threshold, shift, 20_000, 400) == pytest.approx(weeks, rel=0.05)


def test_a_change_of_exactly_the_slack_has_the_limit_of_its_neighbours() -> None:
    assert run_length(5, SLACK) == pytest.approx(run_length(5, SLACK + 1e-5), rel=1e-3)


def test_a_baseline_is_mean_and_deviation_but_never_under_three_points() -> None:
    assert baseline([70, 70, 70]) == Baseline(70, LEAST_DEVIATION)
    assert baseline([60, 80]) == Baseline(70, 10)
    assert Baseline(70, 10).standardised(55) == -1.5
    with pytest.raises(ValueError, match="at least one"):
        baseline([])


def test_a_large_portfolio_waits_for_stronger_signs() -> None:
    assert [threshold_for(n) for n in (0, 9_999, 10_000, 1_000_000)] == [5, 5, 8, 8]
