"""How often what came about lay within the range that had been estimated, with how sure that is.

The interval is Wilson's (J. American Statistical Association 22, 1927): it holds at small numbers and near 0 and 1.
"""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""

WANTED = 0.8
"""Of ranges that are meant seriously at least this share holds what comes about."""


@dataclass(frozen=True)
class Coverage:
    """The share of `compared` that lay `inside`, between `low` and `high` with 95 % confidence."""

    inside: int
    compared: int
    share: float
    low: float
    high: float

    @property
    def is_too_narrow(self) -> bool:
        """Beyond doubt fewer lie inside than a range should hold."""
        return self.high < WANTED


def coverage(inside: int, compared: int) -> Coverage | None:
    """The coverage; None before the first comparison. Raises ValueError unless 0 ≤ inside ≤ compared."""
    if not 0 <= inside <= compared:
        raise ValueError(f"{inside} of {compared} cannot lie inside")
    if compared == 0:
        return None
    share, z2 = inside / compared, Z95 * Z95
    middle = (share + z2 / (2 * compared)) / (1 + z2 / compared)
    half = Z95 / (1 + z2 / compared) * sqrt(share * (1 - share) / compared + z2 / (4 * compared**2))
    return Coverage(inside, compared, share, max(0.0, middle - half), min(1.0, middle + half))
