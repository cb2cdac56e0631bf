"""What an arrangement brings each side, with its range: seeded triangular draws over lines of low, likely and high.

The surplus of a side is the sum of its benefits less that of its costs. Lines are drawn independently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.balance import LOPSIDED_AT_MID, Estimate

DRAWS = 2_000
TAIL = 5.0
"""Per cent left out at each end of a range that is shown."""


@dataclass(frozen=True)
class Line:
    """A benefit (or, with `is_cost`, a cost) of one side, in one currency. Raises ValueError unless it rises."""

    is_ours: bool
    is_cost: bool
    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise ValueError(f"line {self.low} / {self.likely} / {self.high}: must not be negative or fall")

    @property
    def net(self) -> float:
        """The likely amount, negative for a cost."""
        return -self.likely if self.is_cost else self.likely


@dataclass(frozen=True)
class Surplus:
    """Both sides' estimates, our share of what is gained together with its range, and how likely a side loses."""

    us: Estimate
    them: Estimate
    share: tuple[float, float, float] | None
    we_lose: float
    they_lose: float


def surplus(lines: Sequence[Line], *, currency: str, seed: int, draws: int = DRAWS) -> Surplus:
    """The middle is the sum of what is likely, the range the middle nine tenths of the draws.

    The share is undefined (None) where the middle gains nothing together; draws that gain nothing are left out of its
    range. The same seed and lines give the same numbers.
    """
    rng = np.random.default_rng(seed)
    sides = {True: np.zeros(draws), False: np.zeros(draws)}
    for line in lines:
        drawn = (
            rng.triangular(line.low, line.likely, line.high, draws) if line.high > line.low else line.likely
        )
        sides[line.is_ours] = sides[line.is_ours] + (-drawn if line.is_cost else drawn)
    us, them = (
        _estimate(sides[ours], (x for x in lines if x.is_ours is ours), currency) for ours in (True, False)
    )
    return Surplus(
        us=us,
        them=them,
        share=_share(sides[True], sides[False], us.mid, them.mid),
        we_lose=float(np.mean(sides[True] < 0)),
        they_lose=float(np.mean(sides[False] < 0)),
    )


def _estimate(
    drawn: "np.ndarray[tuple[int], np.dtype[np.float64]]", lines: Iterable[Line], currency: str
) -> Estimate:
    middle = sum(line.net for line in lines)
    low, high = (float(np.percentile(drawn, at)) for at in (TAIL, 100 - TAIL))
    return Estimate(min(low, middle), middle, max(high, middle), currency)


def _share(
    us: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    them: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    our_middle: float,
    their_middle: float,
) -> tuple[float, float, float] | None:
    together = us + them
    if our_middle + their_middle <= 0 or not np.any(together > 0):
        return None
    shares = us[together > 0] / together[together > 0]
    low, high = (float(np.percentile(shares, at)) for at in (TAIL, 100 - TAIL))
    middle = our_middle / (our_middle + their_middle)
    return min(low, middle), middle, max(high, middle)


@dataclass(frozen=True)
class Levers:
    """What would bring |L| down to 0.4 at the middle, each alone: amounts in the arrangement's currency.

    `price` moves from the favoured side to the other; `service` is worth so much more to the other side, by terms or
    service that cost the favoured side nothing; `volume` is what the favoured side gives up of its gain.
    """

    price: float
    service: float
    volume: float


def levers(us: float, them: float, limit: float = LOPSIDED_AT_MID) -> Levers | None:
    """The three levers; None where nothing is lopsided or where both sides do not gain.

    With F and O what the favoured and the other side gain, (F − O)/(F + O) = limit is solved for each.
    """
    more, less = max(us, them), min(us, them)
    if less < 0 or more <= 0 or (more - less) / (more + less) <= limit:
        return None
    ratio = (1 - limit) / (1 + limit)
    return Levers(
        price=(more - less - limit * (more + less)) / 2,
        service=more * ratio - less,
        volume=more - less / ratio,
    )
