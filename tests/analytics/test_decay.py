"""Fading evidence, stored forwards and counted directly."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decay import ForwardSum, decayed_sum, weights
from analytics.shrinkage import shrunk

LANDMARK = datetime(2027, 1, 1, tzinfo=UTC)


def test_an_event_counts_half_after_a_half_life() -> None:
    assert weights(np.array([0.0, 30.0, 60.0]), 30.0).tolist() == [1, 0.5, 0.25]
    assert decayed_sum(np.array([1.0, 4.0]), np.array([30.0, 60.0]), 30.0) == 1.5


EVENTS = st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 200)), max_size=12)


@given(EVENTS, st.floats(0, 300), st.floats(1, 400))
def test_the_stored_sum_equals_the_direct_one_whatever_the_landmark(
    events: list[tuple[float, float]], moved_days: float, half_life: float
) -> None:
    stored = ForwardSum(LANDMARK, half_life)
    for value, day in events:
        stored = stored.plus(value, LANDMARK + timedelta(days=day))
    now = LANDMARK + timedelta(days=200)
    values, ages = np.array([value for value, _ in events]), np.array([200 - day for _, day in events])
    direct = decayed_sum(values, ages, half_life)
    assert stored.at(now) == pytest.approx(direct, abs=1e-6)
    assert stored.moved(LANDMARK + timedelta(days=moved_days)).at(now) == pytest.approx(direct, abs=1e-6)


@pytest.mark.parametrize("half_life", [0.0, -1.0, float("nan")])
def test_a_half_life_is_positive(half_life: float) -> None:
    with pytest.raises(ValueError, match="half-life"):
        ForwardSum(LANDMARK, half_life)
    with pytest.raises(ValueError, match="half-life"):
        weights(np.array([1.0]), half_life)


def test_few_observations_are_drawn_to_the_prior() -> None:
    assert shrunk(0.0, 0.0, 0.8) == 0.8
    assert shrunk(5.0, 0.4, 0.8) == pytest.approx(0.6)
    many = shrunk(np.array([0.0, 15.0]), np.array([0.0, 1.0]), 0.6, strength=5.0)
    assert many.tolist() == pytest.approx([0.6, 0.9])


def test_shrinkage_needs_sensible_counts() -> None:
    with pytest.raises(ValueError, match="strength 0"):
        shrunk(1.0, 1.0, 0.5, strength=0)
    with pytest.raises(ValueError, match="negative"):
        shrunk(np.array([-1.0]), np.array([1.0]), 0.5)
