"""Squarified treemaps: rectangles whose areas are in proportion to values, as near to squares as rows allow.

After M. Bruls, K. Huizing and J. J. van Wijk, "Squarified Treemaps", Data Visualization 2000, pages 33 to 42: rows are
laid along the shorter side, and a row is closed as soon as one more rectangle would make its worst one narrower.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True)
class Rectangle:
    """A place on the page, in the units of the whole."""

    x: float
    y: float
    width: float
    height: float


def squarified(values: Sequence[float], width: float, height: float) -> list[Rectangle]:
    """One rectangle for each value, in their order; they fill `width` × `height` without overlap.

    Largest first gives the squarest result. Raises ValueError for a value that is not positive.
    """
    if any(not value > 0 for value in values):
        raise ValueError("every value of a treemap is positive")
    total = fsum(values)
    areas = [value * width * height / total for value in values]
    placed: list[Rectangle] = []
    free = Rectangle(0.0, 0.0, width, height)
    start = 0
    while start < len(areas):
        end = _row_end(areas, start, min(free.width, free.height))
        row, free = _laid(areas[start:end], free)
        placed += row
        start = end
    return placed


def _row_end(areas: Sequence[float], start: int, side: float) -> int:
    """Where the row that starts there ends: before the first one that would make the worst ratio worse."""
    end = start + 1
    while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(areas[start:end], side):
        end += 1
    return end


def _worst(row: Sequence[float], side: float) -> float:
    """The greatest ratio of sides in a row laid along `side`, 1 for squares alone."""
    total = fsum(row)
    return max(side * side * max(row) / total**2, total**2 / (side * side * min(row)))


def _laid(row: Sequence[float], free: Rectangle) -> tuple[list[Rectangle], Rectangle]:
    """The row's rectangles along the shorter side of what is free, and what stays free."""
    total = fsum(row)
    placed: list[Rectangle] = []
    if free.width >= free.height:
        depth, at = total / free.height, free.y
        for area in row:
            placed.append(Rectangle(free.x, at, depth, area / depth))
            at += area / depth
        return placed, Rectangle(free.x + depth, free.y, max(free.width - depth, 0.0), free.height)
    depth, at = total / free.width, free.x
    for area in row:
        placed.append(Rectangle(at, free.y, area / depth, depth))
        at += area / depth
    return placed, Rectangle(free.x, free.y + depth, free.width, max(free.height - depth, 0.0))
