"""Squarified treemaps: areas, the paper's example, nothing overlaps."""

from math import isclose

import pytest

from analytics.treemap import Rectangle, squarified


def test_the_example_of_the_paper() -> None:
    placed = squarified([6, 6, 4, 3, 2, 2, 1], 6, 4)
    assert placed[:2] == [Rectangle(0, 0, 3, 2), Rectangle(0, 2, 3, 2)]
    assert [(round(r.width, 2), round(r.height, 2)) for r in placed[2:4]] == [(1.71, 2.33), (1.29, 2.33)]
    assert len(placed) == 7


@pytest.mark.parametrize(("width", "height"), [(100, 40), (40, 100), (50, 50)])
def test_areas_are_in_proportion_and_fill_the_whole(width: float, height: float) -> None:
    values = [50.0, 20, 9, 9, 5, 3, 2, 1, 1]
    placed = squarified(values, width, height)
    for value, place in zip(values, placed, strict=True):
        assert isclose(place.width * place.height, value / 100 * width * height, rel_tol=1e-9)
        assert place.x >= -1e-9
        assert place.x + place.width <= width + 1e-9
        assert place.y + place.height <= height + 1e-9


def test_no_two_overlap() -> None:
    placed = squarified([8.0, 7, 6, 5, 4, 3, 2, 1], 120, 70)
    for at, one in enumerate(placed):
        for other in placed[at + 1 :]:
            apart = (
                one.x + one.width <= other.x + 1e-9
                or other.x + other.width <= one.x + 1e-9
                or one.y + one.height <= other.y + 1e-9
                or other.y + other.height <= one.y + 1e-9
            )
            assert apart, (one, other)


def test_nothing_is_nothing_and_what_is_not_positive_is_refused() -> None:
    assert squarified([], 10, 10) == []
    with pytest.raises(ValueError, match="positive"):
        squarified([1, 0], 10, 10)
