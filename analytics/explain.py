"""Why a score is what it is: parts that add up to it, on paper and on the page.

S = Σ_A w·s / Σ_A w over the components A whose evidence suffices; the reference is the same mean of the kind's medians
r; φ_k = w_k (s_k − r_k) / Σ_A w, so that Σ φ + reference = S. On the page everything is shown to a tenth, apportioned
by largest remainder, so that what is shown adds up to the score shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor, fsum

LEAST_COVERAGE = 0.5
MOST_GROUPS = 5
OTHER = "other"
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Part:
    """One component: weight, points s (0 to 100) and the kind's median points r; unused where evidence is too thin."""

    key: str
    group: str
    weight: float
    points: float = 0.0
    reference: float = 0.0
    used: bool = True


@dataclass(frozen=True)
class Change:
    """Score now minus score then: what each component brought, and what came of evidence appearing or expiring."""

    total: float
    lines: Mapping[str, float]
    evidence: float


def coverage(parts: Iterable[Part]) -> float:
    """Share of the weight whose evidence suffices, 0 to 1; 0 without parts."""
    listed = list(parts)
    total = fsum(part.weight for part in listed)
    return fsum(part.weight for part in listed if part.used) / total if total > 0 else 0.0


def score(parts: Sequence[Part], least_coverage: float = LEAST_COVERAGE) -> float | None:
    """S, 0 to 100; None below the coverage, where no number may be shown."""
    if coverage(parts) < least_coverage or not _weight(parts):
        return None
    return _mean(parts, [part.points for part in parts])


def reference(parts: Sequence[Part]) -> float:
    """The same weighted mean of the medians. Raises ValueError where no part is used."""
    return _mean(parts, [part.reference for part in parts])


def contributions(parts: Sequence[Part]) -> dict[str, float]:
    """φ_k by key, of the used parts; empty where none is used."""
    total = _weight(parts)
    return {
        part.key: part.weight * (part.points - part.reference) / total
        for part in parts
        if part.used and total
    }


def change(before: Sequence[Part], after: Sequence[Part]) -> Change | None:
    """What moved the score between two dates; None where either had none.

    Components used at both dates stand with w_k Δs_k / Σ w (weights of now); the rest of the difference, from
    components whose evidence came in or expired and from weights that changed, is `evidence`.
    """
    then, now = score(before), score(after)
    if then is None or now is None:
        return None
    known = {part.key: part.points for part in before if part.used}
    total = _weight(after)
    lines = {
        part.key: part.weight * (part.points - known[part.key]) / total
        for part in after
        if part.used and part.key in known
    }
    return Change(now - then, lines, now - then - fsum(lines.values()))


def shown(value: float) -> Decimal:
    """A score as the page shows it: to a tenth, halves up."""
    return Decimal(repr(value)).quantize(TENTH, ROUND_HALF_UP)


def apportioned(values: Mapping[str, float], total: Decimal) -> dict[str, Decimal]:
    """The values to a tenth so that they sum to `total` (itself in tenths), by largest remainder.

    Each is rounded down and the tenths that are missing go to the largest remainders, the earlier one on a tie; where
    the total is not that of the values, every one is moved alike first. An empty mapping stays empty.
    """
    if not values:
        return {}
    tenths = {key: floor(value * 10 + 1e-9) for key, value in values.items()}
    missing = int(total / TENTH) - sum(tenths.values())
    everyone, few = divmod(missing, len(values))
    by_remainder = sorted(values, key=lambda key: tenths[key] - values[key] * 10)
    lucky = set(by_remainder[:few])
    return {key: (whole + everyone + (key in lucky)) * TENTH for key, whole in tenths.items()}


def groups(parts: Sequence[Part], most: int = MOST_GROUPS) -> dict[str, float]:
    """Points w·s / Σ_A w gathered by group, at most `most` of them: where there are more, the ones of least weight are
    one group `other`, last. They sum to the score.
    """
    total = _weight(parts)
    weights: dict[str, float] = {}
    points: dict[str, float] = {}
    for part in parts:
        if part.used and total:
            weights[part.group] = weights.get(part.group, 0.0) + part.weight
            points[part.group] = points.get(part.group, 0.0) + part.weight * part.points / total
    if len(points) <= most:
        return points
    kept = sorted(weights, key=lambda group: -weights[group])[: most - 1]
    gathered = {group: points[group] for group in points if group in kept}
    gathered[OTHER] = gathered.get(OTHER, 0.0) + fsum(points[group] for group in points if group not in kept)
    return gathered


def shown_groups(parts: Sequence[Part], most: int = MOST_GROUPS) -> dict[str, Decimal]:
    """The groups as the ring shows them; they sum to the shown score."""
    gathered = groups(parts, most)
    return apportioned(gathered, shown(fsum(gathered.values())))


def shown_contributions(parts: Sequence[Part]) -> tuple[Decimal, dict[str, Decimal]]:
    """The reference and every φ as "why" shows them; together they sum to the shown score. Raises ValueError where no
    part is used.
    """
    base = shown(reference(parts))
    whole = shown(_mean(parts, [part.points for part in parts]))
    return base, apportioned(contributions(parts), whole - base)


def _weight(parts: Sequence[Part]) -> float:
    return fsum(part.weight for part in parts if part.used)


def _mean(parts: Sequence[Part], values: Sequence[float]) -> float:
    total = _weight(parts)
    if not total:
        raise ValueError("no part is used")
    return fsum(part.weight * value for part, value in zip(parts, values, strict=True) if part.used) / total
