"""The mean health of many relationships from their sums, and what moved it between two days, adding up exactly.

The mean of a kind is weighted by value where values are known: a relationship without one weighs like the mean of
those with one, so m = (w·Σs + Σv·s) / (w·n + Σv), w = Σv / n_v over the valued ones; w = 1 where none has a value. The
mean of everything is Σ p_k·m_k over the kinds, p_k the kind's share of all scored relationships. Between two days

    Δ = Σ_k (p_k + p'_k)/2 · (m'_k − m_k)  +  Σ_k (p'_k − p_k) · (m'_k + m_k)/2,

the first sum split by what each group of the scorecard brought to m_k, the second being the mix of kinds. A kind that
was not there on one of the days did not move: all of it is mix.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

MIX = ("", "")
"""Key of the line for kinds that grew or shrank."""


@dataclass(frozen=True)
class Sums:
    """Sums over scored relationships: plain over those without a value, weighted by it over those with one."""

    plain_count: int = 0
    plain: float = 0.0
    valued_count: int = 0
    value: float = 0.0
    weighted: float = 0.0

    @property
    def count(self) -> int:
        """How many have a score."""
        return self.plain_count + self.valued_count

    @property
    def plain_weight(self) -> float:
        """What one relationship without a value weighs."""
        return self.value / self.valued_count if self.valued_count else 1.0

    @property
    def weight(self) -> float:
        """What all weigh together."""
        return self.plain_weight * self.plain_count + self.value

    @property
    def mean(self) -> float | None:
        """The mean, 0 to 100; None where nothing has a score."""
        return self.share(self.plain, self.weighted)

    def share(self, plain: float, weighted: float) -> float | None:
        """What sums of a part come to in the mean; None where nothing has a score."""
        return (self.plain_weight * plain + weighted) / self.weight if self.weight else None


@dataclass(frozen=True)
class KindSums:
    """A kind's sums, and by group of its scorecard what the group brought to the plain and the weighted sum."""

    sums: Sums
    groups: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def shares(self) -> dict[str, float]:
        """Group → its part of the mean; they sum to it."""
        found = {group: self.sums.share(*sums) for group, sums in self.groups.items()}
        return {group: share for group, share in found.items() if share is not None}


def overall(kinds: Mapping[str, Sums]) -> float | None:
    """The mean of everything, each kind by how many relationships have a score; None where none has."""
    total = sum(sums.count for sums in kinds.values())
    return fsum(sums.count * (sums.mean or 0.0) for sums in kinds.values()) / total if total else None


def moved(before: Mapping[str, KindSums], after: Mapping[str, KindSums]) -> dict[tuple[str, str], float]:
    """(kind, group) → what it brought to the change of the mean of everything, `MIX` for the mix of kinds.

    The values sum to overall(after) − overall(before). Empty where one of the two has no score at all.
    """
    totals = [sum(kind.sums.count for kind in day.values()) for day in (before, after)]
    if not all(totals):
        return {}
    lines: dict[tuple[str, str], float] = {}
    mix = 0.0
    for slug in sorted(before.keys() | after.keys()):
        then, now = (day.get(slug, KindSums(Sums())) for day in (before, after))
        shares = [kind.sums.count / total for kind, total in zip((then, now), totals, strict=True)]
        means = [kind.sums.mean for kind in (then, now)]
        known = [mean for mean in means if mean is not None]
        mix += (shares[1] - shares[0]) * fsum(known) / len(known) if known else 0.0
        if len(known) == 2:
            was, has = then.shares(), now.shares()
            for group in sorted(was.keys() | has.keys()):
                step = has.get(group, 0.0) - was.get(group, 0.0)
                lines[slug, group] = (shares[0] + shares[1]) / 2 * step
    return lines | {MIX: mix}
