"""Slow falls and rises that no single week shows: the two-sided tabular CUSUM.

With the standardised value z, C⁺ = max(0, z − k + C⁺) and C⁻ = max(0, −z − k + C⁻); a sum above h signals a change
(Page 1954; Montgomery, Introduction to Statistical Quality Control, ch. 9).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

SLACK = 0.5
"""k: half of the change, in standard deviations, that is to be found soonest."""

LARGE_PORTFOLIO = 10_000
THRESHOLD, THRESHOLD_WHEN_LARGE = 5.0, 8.0
LEAST_DEVIATION = 3.0
"""Points: a score that hardly ever moved must not signal at its first wobble."""


@dataclass(frozen=True)
class Sums:
    """C⁺ and C⁻, in standard deviations (or in the unit of the values, where they are not standardised)."""

    upper: float = 0.0
    lower: float = 0.0

    def after(self, z: float, slack: float = SLACK) -> "Sums":
        """Both sums after one more value."""
        return Sums(max(0.0, z - slack + self.upper), max(0.0, -z - slack + self.lower))

    def signals(self, threshold: float) -> bool:
        """Whether either sum has passed the threshold."""
        return self.upper > threshold or self.lower > threshold


def chart(values: Sequence[float], *, target: float, slack: float, start: Sums | None = None) -> list[Sums]:
    """The sums after each value, in the values' own unit; `slack` is K in that unit."""
    sums, line = start or Sums(), []
    for value in values:
        sums = sums.after(value - target, slack)
        line.append(sums)
    return line


@dataclass(frozen=True)
class Baseline:
    """What is usual for one relationship: the mean of its weeks and how far they stray, never under 3 points."""

    mean: float
    deviation: float

    def standardised(self, value: float) -> float:
        """z, how many deviations the value lies above the mean."""
        return (value - self.mean) / self.deviation


def baseline(values: Sequence[float]) -> Baseline:
    """The mean and population deviation, floored. Raises ValueError without any value."""
    if not values:
        raise ValueError("a baseline needs at least one value")
    mean = sum(values) / len(values)
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return Baseline(mean, max(deviation, LEAST_DEVIATION))


def threshold_for(relationships: int) -> float:
    """h: with many relationships watched, rarer false alarms for each.

    At a million of them h = 5 would raise about 2,100 false alarms a week and h = 8 about 105.
    """
    return THRESHOLD if relationships < LARGE_PORTFOLIO else THRESHOLD_WHEN_LARGE


def run_length(threshold: float, shift: float = 0.0, slack: float = SLACK) -> float:
    """The mean number of weeks until the two-sided chart signals, by Siegmund's approximation (1985).

    `shift` is the change of the mean in standard deviations; 0 gives the weeks between false alarms.
    """
    rate = sum(1 / _one_sided(threshold, drift) for drift in (shift - slack, -shift - slack))
    return 1 / rate


def _one_sided(threshold: float, drift: float) -> float:
    height = threshold + 1.166
    if abs(drift) < 1e-9:
        return height**2
    return (exp(-2 * drift * height) + 2 * drift * height - 1) / (2 * drift**2)
