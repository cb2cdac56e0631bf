"""Evidence that fades: an event counts 2^(−age/H) after `age` days, H being the half-life.

Stored as forward decay (Cormode, Shkapenyuk, Srivastava & Xu, ICDE 2009): each event adds x · 2^((t−L)/H), counted
from a landmark L, and the sum is brought to any moment by one factor. A new event then touches no other row.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

SECONDS_PER_DAY = 86_400.0


def weights(ages_days: NDArray[np.float64], half_life_days: float) -> NDArray[np.float64]:
    """2^(−age/H), same shape; ages are not negative. Raises ValueError for a half-life that is not positive."""
    _require_positive(half_life_days)
    result: NDArray[np.float64] = np.exp2(-ages_days / half_life_days)
    return result


def decayed_sum(values: NDArray[np.float64], ages_days: NDArray[np.float64], half_life_days: float) -> float:
    """Σ x_i · 2^(−age_i/H) of n events, both (n,)."""
    return float((values * weights(ages_days, half_life_days)).sum())


@dataclass(frozen=True)
class ForwardSum:
    """A decayed sum as it is stored: `stored` belongs to the `landmark`. Raises ValueError for a bad half-life."""

    landmark: datetime
    half_life_days: float
    stored: float = 0.0

    def __post_init__(self) -> None:
        _require_positive(self.half_life_days)

    def plus(self, value: float, happened_at: datetime) -> "ForwardSum":
        """With one more event, in whatever order they come."""
        return ForwardSum(self.landmark, self.half_life_days, self.stored + value * self._growth(happened_at))

    def at(self, moment: datetime) -> float:
        """The decayed sum as of `moment`, which is not before the last event."""
        return self.stored / self._growth(moment)

    def moved(self, landmark: datetime) -> "ForwardSum":
        """The same sum counted from another landmark; done now and then so that the stored number stays small."""
        return ForwardSum(landmark, self.half_life_days, self.stored / self._growth(landmark))

    def _growth(self, moment: datetime) -> float:
        days = (moment - self.landmark).total_seconds() / SECONDS_PER_DAY
        return float(2.0 ** (days / self.half_life_days))


def _require_positive(half_life_days: float) -> None:
    if not half_life_days > 0:
        raise ValueError(f"half-life of {half_life_days} days: must be positive")
