"""Curves from a measure to points, and the steps that they offer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.curves import Curve, CurveError, Step
from analytics.repair import Lever, Repair, repairs

RECENCY = Curve(((1.0, 100.0), (2.0, 50.0), (5.0, 0.0)))
IDENTITY = Curve(((0.0, 0.0), (100.0, 100.0)))
HILL = Curve(((0.0, 10.0), (10.0, 90.0), (20.0, 90.0), (30.0, 0.0), (40.0, 0.0), (50.0, 20.0)))


@pytest.mark.parametrize(
    ("x", "points"), [(0, 100), (1, 100), (1.5, 75), (2, 50), (3.5, 25), (5, 0), (9, 0), (1.999999999, 50)]
)
def test_points_lie_on_straight_lines_and_stay_flat_beyond(x: float, points: float) -> None:
    assert RECENCY.value(x) == pytest.approx(points)
    assert RECENCY.values(np.array([x]))[0] == pytest.approx(points)


def test_stored_lists_become_a_curve() -> None:
    assert Curve.from_lists([[1, 100], [2, 50], [5, 0]]) == RECENCY


@pytest.mark.parametrize(
    ("points", "code", "position"),
    [
        ([], "too_few_points", 0),
        ([[1, 2]], "too_few_points", 1),
        ([[1, 2], [3]], "not_a_number", 1),
        ([[1, 2], [float("nan"), 3]], "not_a_number", 1),
        ([[float("inf"), 2], [3, 3]], "not_a_number", 0),
        ([[1, 2], [2, 101]], "points_out_of_range", 1),
        ([[1, -1], [2, 1]], "points_out_of_range", 0),
        ([[1, 2], [1, 3]], "x_not_increasing", 1),
        ([[1, 2], [3, 3], [2, 4]], "x_not_increasing", 2),
    ],
)
def test_curves_that_cannot_be_say_which_point(points: list[list[float]], code: str, position: int) -> None:
    with pytest.raises(CurveError) as error:
        Curve.from_lists(points)
    assert (error.value.code, error.value.position) == (code, position)
    assert f"point {position + 1}" in str(error.value)


def test_monotone_means_never_turning_back() -> None:
    assert RECENCY.is_monotone
    assert IDENTITY.is_monotone
    assert Curve(((0.0, 5.0), (1.0, 5.0))).is_monotone
    assert not HILL.is_monotone


@pytest.mark.parametrize(
    ("curve", "x", "step"),
    [
        (IDENTITY, 40, Step(65, 25)),
        (IDENTITY, 90, Step(100, 10)),
        (IDENTITY, 100, None),
        (IDENTITY, -5, Step(25, 25)),
        (RECENCY, 7, Step(3.5, 25)),
        (RECENCY, 2, Step(1.5, 25)),
        (RECENCY, 0.5, None),
        (HILL, 15, None),
        (HILL, 35, Step(30 - 25 / 9, 25)),
        (HILL, 29, Step(29 - 25 / 9, 25)),
        (HILL, 60, None),
    ],
)
def test_the_next_step_leads_towards_more_points(curve: Curve, x: float, step: Step | None) -> None:
    found = curve.step(x)
    assert (found is None) == (step is None)
    if found and step:
        assert (found.target, found.gain) == (pytest.approx(step.target), pytest.approx(step.gain))


POINTS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(0, 100)), min_size=2, max_size=7, unique_by=lambda p: p[0]
)


@given(POINTS, st.floats(-60, 60))
def test_a_step_brings_what_it_promises(points: list[tuple[int, int]], x: float) -> None:
    curve = Curve(tuple(sorted((float(place), float(worth)) for place, worth in points)))
    assert curve.value(x) == pytest.approx(float(curve.values(np.array([x]))[0]))
    step = curve.step(x)
    if step is not None:
        assert 0 < step.gain <= 25
        assert curve.value(step.target) - curve.value(x) == pytest.approx(step.gain)


def test_the_cheapest_repair_brings_most_points_of_the_score() -> None:
    levers = [
        Lever("sentiment", 1.0, IDENTITY, 40.0),
        Lever("recency", 3.0, RECENCY, 1.8),
        Lever("promises", 6.0, IDENTITY, 100.0),
    ]
    assert repairs(levers) == [
        Repair("recency", 1.8, pytest.approx(1.3), pytest.approx(7.5)),
        Repair("sentiment", 40.0, 65.0, 2.5),
    ]
    assert repairs([]) == []


def test_weights_that_sum_to_nothing_repair_nothing() -> None:
    with pytest.raises(ValueError, match="sum to nothing"):
        repairs([Lever("sentiment", 0.0, IDENTITY, 40.0)])
