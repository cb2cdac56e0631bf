"""Bands that do not flap."""

import pytest

from analytics.hysteresis import Held, Status, band, settle

HEALTHY, WATCH, AT_RISK = Status.HEALTHY, Status.WATCH, Status.AT_RISK


@pytest.mark.parametrize(
    ("score", "status"),
    [(100, HEALTHY), (70, HEALTHY), (69.99, WATCH), (50, WATCH), (49.99, AT_RISK), (0, AT_RISK)],
)
def test_bands_begin_at_70_and_50(score: float, status: Status) -> None:
    assert band(score) is status
    assert settle(Held(), score, week_ends=False) == Held(status)


@pytest.mark.parametrize(
    ("held", "score", "status"),
    [
        (HEALTHY, 67.01, HEALTHY),
        (HEALTHY, 67, WATCH),
        (HEALTHY, 40, AT_RISK),
        (WATCH, 72.99, WATCH),
        (WATCH, 73, HEALTHY),
        (WATCH, 47.01, WATCH),
        (WATCH, 47, AT_RISK),
        (AT_RISK, 52.99, AT_RISK),
        (AT_RISK, 53, WATCH),
        (AT_RISK, 90, HEALTHY),
    ],
)
def test_an_edge_is_left_at_once_only_by_three_points(held: Status, score: float, status: Status) -> None:
    assert settle(Held(held), score, week_ends=False).status is status


def test_an_edge_is_left_after_two_week_ends_beyond_it() -> None:
    first = settle(Held(HEALTHY), 69, week_ends=True)
    between = settle(first, 68, week_ends=False)
    assert (first, between) == (Held(HEALTHY, 1), Held(HEALTHY, 1))
    assert settle(between, 69, week_ends=True) == Held(WATCH)


def test_a_return_into_the_band_forgets_the_week() -> None:
    first = settle(Held(HEALTHY), 69, week_ends=True)
    assert settle(first, 70, week_ends=False) == Held(HEALTHY)


def test_scores_swinging_around_an_edge_keep_the_status() -> None:
    held = Held(HEALTHY)
    for week in range(20):
        held = settle(held, 69 if week % 2 else 71, week_ends=True)
        assert held.status is HEALTHY


def test_without_a_score_there_is_no_status() -> None:
    assert settle(Held(HEALTHY, 1), None, week_ends=True) == Held()
