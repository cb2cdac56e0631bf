"""Fifths and named cells."""

import numpy as np
import pytest

from analytics.rfm import CELL_NAMES, CELLS, cell, fifths


def test_fifths_are_even_and_rise_with_the_value() -> None:
    assert fifths([50, 10, 30, 20, 40], [1, 2, 3, 4, 5]).tolist() == [5, 1, 3, 2, 4]


def test_equal_values_are_parted_by_id() -> None:
    assert fifths([7, 7, 7, 7, 7], [30, 10, 50, 20, 40]).tolist() == [3, 1, 5, 2, 4]


def test_lower_fifths_hold_the_odd_ones_as_ntile_does() -> None:
    scores = fifths(np.arange(12), np.arange(12))
    assert np.bincount(scores).tolist() == [0, 3, 3, 2, 2, 2]
    assert fifths([3, 1], [1, 2]).tolist() == [2, 1]


def test_values_and_ids_belong_together() -> None:
    with pytest.raises(ValueError, match="2 values, 1 ids"):
        fifths([1, 2], [1])


def test_eleven_cells_cover_the_grid() -> None:
    assert len(CELL_NAMES) == 11
    assert set(CELLS) == {(recency, column) for recency in range(1, 6) for column in range(1, 6)}
    assert set(CELLS.values()) == set(CELL_NAMES)


@pytest.mark.parametrize(
    ("scores", "name"),
    [
        ((5, 5, 5), "champions"),
        ((5, 1, 1), "new"),
        ((4, 1, 1), "promising"),
        ((5, 3, 2), "potential_loyal"),
        ((3, 4, 5), "loyal"),
        ((3, 3, 3), "needs_attention"),
        ((3, 1, 2), "about_to_sleep"),
        ((1, 4, 4), "at_risk"),
        ((2, 5, 4), "cannot_lose"),
        ((2, 1, 1), "hibernating"),
        ((1, 1, 1), "lost"),
    ],
)
def test_cells_have_their_names(scores: tuple[int, int, int], name: str) -> None:
    assert cell(*scores) == name


@pytest.mark.parametrize(
    ("scores", "words"), [((0, 1, 1), "recency"), ((1, 6, 1), "frequency score 6"), ((1, 1, -1), "monetary")]
)
def test_scores_outside_the_fifths_are_refused(scores: tuple[int, int, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cell(*scores)
