"""The curve that turns a measure's value into 0 to 100 points: straight lines between given points, flat beyond them.

Neighbouring lines share their point, so there is no edge at which a score could jump.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 100.0
STEP_POINTS = 25.0


class CurveError(ValueError):
    """A curve that cannot be. `code` is `too_few_points`, `not_a_number`, `x_not_increasing` or `points_out_of_range`;
    `position` counts the offending point from 0.
    """

    def __init__(self, code: str, position: int) -> None:
        super().__init__(f"{code} at point {position + 1}")
        self.code = code
        self.position = position


@dataclass(frozen=True)
class Step:
    """From where it stands to the measure's value `target`, which brings `gain` points of the curve."""

    target: float
    gain: float


@dataclass(frozen=True)
class Curve:
    """Points (x, points) with x rising. Raises `CurveError` for anything else."""

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 2:
            raise CurveError("too_few_points", len(self.points))
        for position, point in enumerate(self.points):
            if not all(isfinite(number) for number in point):
                raise CurveError("not_a_number", position)
            if not 0 <= point[1] <= MOST_POINTS:
                raise CurveError("points_out_of_range", position)
            if position and point[0] <= self.points[position - 1][0]:
                raise CurveError("x_not_increasing", position)

    @classmethod
    def from_lists(cls, points: Sequence[Sequence[float]]) -> "Curve":
        """From `[[x, points], …]`, as a scorecard stores it. Raises `CurveError`."""
        for position, point in enumerate(points):
            if len(point) != 2:
                raise CurveError("not_a_number", position)
        return cls(tuple((float(x), float(y)) for x, y in points))

    @property
    def is_monotone(self) -> bool:
        """Whether more of the measure is always better, or always worse (flat stretches allowed)."""
        slopes = [after[1] - before[1] for before, after in pairwise(self.points)]
        return all(slope >= 0 for slope in slopes) or all(slope <= 0 for slope in slopes)

    def lies_within(self, furthest: float) -> bool:
        """Whether no x is further from 0."""
        return max(abs(self.points[0][0]), abs(self.points[-1][0])) <= furthest

    def value(self, x: float) -> float:
        """Points at x."""
        right = bisect_right(self.points, x, key=lambda point: point[0])
        if right == 0:
            return self.points[0][1]
        if right == len(self.points):
            return self.points[-1][1]
        (x0, y0), (x1, y1) = self.points[right - 1], self.points[right]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def values(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points at each x, same shape."""
        return np.interp(x, [point[0] for point in self.points], [point[1] for point in self.points])

    def step(self, x: float, most: float = STEP_POINTS) -> Step | None:
        """The next improvement from x: towards the nearer point of the curve that is worth more, at most `most` points.

        Both directions are looked at and the one with the greater gain is taken, the shorter way where they are equal;
        None at a summit.
        """
        ahead = [point for point in self.points if point[0] > x]
        behind = [point for point in reversed(self.points) if point[0] < x]
        steps = [step for side in (ahead, behind) if (step := self._climb(x, side, most)) is not None]
        return max(steps, key=lambda step: (step.gain, -abs(step.target - x)), default=None)

    def _climb(self, x: float, side: list[tuple[float, float]], most: float) -> Step | None:
        """Along the points of one side: over level ground to the first rise, never down."""
        here = self.value(x)
        foot = x
        for next_x, next_points in side:
            if next_points < here:
                return None
            if next_points > here:
                gain = min(next_points - here, most)
                return Step(foot + (next_x - foot) * gain / (next_points - here), gain)
            foot = next_x
        return None
