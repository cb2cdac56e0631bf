"""Whether an arrangement serves both sides.

U and T are the net present benefits to us and to them against no deal. Balance B = 2·min(U,T)/(U+T), the form of
Grubel and Lloyd's index; lopsidedness L = (U−T)/(|U|+|T|), whose sign says who is favoured.
"""

from dataclasses import dataclass
from enum import StrEnum

LOPSIDED_AT_MID = 0.4
LOPSIDED_AT_BEST = 0.2


class Verdict(StrEnum):
    BALANCED = "balanced"
    FAVOURS_US = "favours_us"
    FAVOURS_THEM = "favours_them"
    LOSE_LOSE = "lose_lose"
    NO_VALUE = "no_value"


@dataclass(frozen=True)
class Estimate:
    """A net benefit with its range, in one currency. Raises ValueError unless low ≤ mid ≤ high."""

    low: float
    mid: float
    high: float
    currency: str

    def __post_init__(self) -> None:
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"estimate {self.low} / {self.mid} / {self.high}: must not fall")


@dataclass(frozen=True)
class Assessment:
    """B and L at the middle, the L of the range that is nearest to balance, and what follows."""

    balance: float | None
    lopsidedness: float | None
    best_lopsidedness: float | None
    verdict: Verdict


def balance(us: float, them: float) -> float | None:
    """B, 0 to 1. 0 where one side loses while the sum gains; None where there is no gain to share."""
    if us + them <= 0:
        return None
    return 2 * max(min(us, them), 0.0) / (us + them)


def lopsidedness(us: float, them: float) -> float | None:
    """L, −1 (all theirs) to 1 (all ours); None where nothing is at stake."""
    at_stake = abs(us) + abs(them)
    return (us - them) / at_stake if at_stake else None


def assess(us: Estimate, them: Estimate) -> Assessment:
    """The verdict on an arrangement.

    Lopsided where |L| exceeds 0.4 at the middle and 0.2 at the end of the ranges most favourable to balance; two losing
    sides are lose–lose, an arrangement without any gain in sum has no value. Raises ValueError for two currencies.
    """
    if us.currency != them.currency:
        raise ValueError(f"benefits in {us.currency} and {them.currency} cannot be compared")
    middle = lopsidedness(us.mid, them.mid)
    best = _nearest_to_balance(us, them)
    return Assessment(balance(us.mid, them.mid), middle, best, _verdict(us, them, middle, best))


def _nearest_to_balance(us: Estimate, them: Estimate) -> float | None:
    """L rises with U and falls with T, so the nearest is 0 where the ranges meet and else lies at a corner."""
    if us.low > them.high:
        return lopsidedness(us.low, them.high)
    if them.low > us.high:
        return lopsidedness(us.high, them.low)
    return 0.0


def _verdict(us: Estimate, them: Estimate, middle: float | None, best: float | None) -> Verdict:
    if us.mid < 0 and them.mid < 0:
        return Verdict.LOSE_LOSE
    if us.mid + them.mid <= 0:
        return Verdict.NO_VALUE
    if abs(middle or 0) > LOPSIDED_AT_MID and abs(best or 0) > LOPSIDED_AT_BEST:
        return Verdict.FAVOURS_US if us.mid > them.mid else Verdict.FAVOURS_THEM
    return Verdict.BALANCED
