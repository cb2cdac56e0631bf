"""Whether a score foretells anything: discrimination, calibration, and what probability it stands for.

A score is good when it is high: an event (the relationship ends, falls silent) should meet the low ones. Everything is
computed from tallies, so that a million relationships are a thousand numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

LEAST_EVENTS = 200
LEAST_AUC = 0.55
BINS = 10
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Tally:
    """How many relationships had one score, by whether the event came."""

    score: float
    events: int
    others: int

    @property
    def n(self) -> int:
        """All of them."""
        return self.events + self.others


@dataclass(frozen=True)
class Auc:
    """The chance that one with the event had a lower score than one without, with its 95 % interval."""

    value: float
    low: float
    high: float


def auc(tallies: Sequence[Tally]) -> Auc | None:
    """The area under the ROC curve with DeLong's interval; None without events or without others.

    DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988) 837: the variance from the placement of every event among
    the others and the reverse; ties count half.
    """
    ordered = sorted(tallies, key=lambda tally: tally.score)
    events, others = sum(t.events for t in ordered), sum(t.others for t in ordered)
    if not events or not others:
        return None
    of_events, of_others = _placements(ordered, events, others)
    value = sum(place * t.events for place, t in zip(of_events, ordered, strict=True)) / events
    spread = _variance(of_events, [t.events for t in ordered], value, events)
    spread += _variance(of_others, [t.others for t in ordered], value, others)
    reach = Z95 * sqrt(spread)
    return Auc(value, max(0.0, value - reach), min(1.0, value + reach))


def _placements(ordered: Sequence[Tally], events: int, others: int) -> tuple[list[float], list[float]]:
    """For each score: the share of others above it, and the share of events below it; ties count half."""
    of_events, of_others = [], []
    events_below, others_above = 0, others
    for tally in ordered:
        others_above -= tally.others
        of_events.append((others_above + tally.others / 2) / others)
        of_others.append((events_below + tally.events / 2) / events)
        events_below += tally.events
    return of_events, of_others


def _variance(places: Sequence[float], weights: Sequence[int], mean: float, n: int) -> float:
    """The sample variance of the placements over their number; 0 for a single one."""
    if n < 2:
        return 0.0
    squares = sum(weight * (place - mean) ** 2 for place, weight in zip(places, weights, strict=True))
    return squares / (n - 1) / n


@dataclass(frozen=True)
class Isotonic:
    """A probability for every score, never rising with it: corners [score, probability], linear between them."""

    corners: tuple[tuple[float, float], ...]

    def probability(self, score: float) -> float:
        """The probability of the event at a score; flat beyond the ends."""
        first, last = self.corners[0], self.corners[-1]
        if score <= first[0]:
            return first[1]
        for (x0, y0), (x1, y1) in zip(self.corners, self.corners[1:], strict=False):
            if score <= x1:
                return y0 + (y1 - y0) * (score - x0) / (x1 - x0)
        return last[1]


def fit_isotonic(tallies: Sequence[Tally]) -> Isotonic:
    """The nearest falling function to the shares, by pooling adjacent violators (Barlow & Brunk 1972).

    Raises ValueError without any relationship.
    """
    blocks: list[list[float]] = []  # share, weight, first score, last score
    for tally in sorted((t for t in tallies if t.n), key=lambda tally: tally.score):
        blocks.append([tally.events / tally.n, tally.n, tally.score, tally.score])
        while len(blocks) > 1 and blocks[-2][0] <= blocks[-1][0]:
            share, weight, _first, last = blocks.pop()
            held = blocks[-1]
            held[0] = (held[0] * held[1] + share * weight) / (held[1] + weight)
            held[1], held[3] = held[1] + weight, last
    if not blocks:
        raise ValueError("a calibration needs at least one relationship")
    corners = [(edge, share) for share, _n, first, last in blocks for edge in dict.fromkeys((first, last))]
    return Isotonic(tuple(corners))


def brier(forecast: Iterable[tuple[float, Tally]]) -> float:
    """The mean squared distance of probabilities from what came: 0 is perfect (Brier 1950)."""
    total = lost = 0.0
    for probability, tally in forecast:
        total += tally.n
        lost += tally.events * (1 - probability) ** 2 + tally.others * probability**2
    return lost / total


@dataclass(frozen=True)
class Bin:
    """A tenth of the relationships: how likely it was said to be for them, and how many it came to."""

    said: float
    came: float
    n: int
    events: int
    lowest: float
    highest: float


def reliability(forecast: Sequence[tuple[float, Tally]], bins: int = BINS) -> list[Bin]:
    """The relationships in so many bins of equal number by probability, the least likely first.

    A score that reaches over an edge is shared out in proportion, so that bins stay equal whatever is tied.
    """
    ordered = sorted(forecast, key=lambda pair: pair[0])
    total = sum(tally.n for _p, tally in ordered)
    found = []
    for number in range(bins):
        low, high = total * number / bins, total * (number + 1) / bins
        part = _between(ordered, low, high)
        weight = sum(share for _p, _t, share in part)
        if weight > 0:
            events = sum(share * tally.events / tally.n for _p, tally, share in part)
            said = sum(probability * share for probability, _t, share in part)
            scores = [tally.score for _p, tally, _s in part]
            found.append(
                Bin(said / weight, events / weight, round(weight), round(events), min(scores), max(scores))
            )
    return found


def _between(
    ordered: Sequence[tuple[float, Tally]], low: float, high: float
) -> list[tuple[float, Tally, float]]:
    """What lies between two places in the order, with how much of each tally."""
    part, at = [], 0.0
    for probability, tally in ordered:
        share = min(high, at + tally.n) - max(low, at)
        if share > 0:
            part.append((probability, tally, share))
        at += tally.n
    return part


def expected_error(bins: Sequence[Bin]) -> float:
    """The mean distance of what was said from what came, over the bins (expected calibration error)."""
    total = sum(each.n for each in bins)
    return sum(each.n * abs(each.said - each.came) for each in bins) / total if total else 0.0


def lift(tallies: Sequence[Tally], share: float = 0.1) -> float | None:
    """How many times as often the event met the worst tenth as it met everybody; None without events."""
    worst = [(-tally.score, tally) for tally in tallies if tally.n]
    total, events = sum(tally.n for _s, tally in worst), sum(tally.events for _s, tally in worst)
    if not events:
        return None
    ordered = sorted(worst, key=lambda pair: -pair[0])
    part = _between(ordered, 0, total * share)
    met = sum(weight * tally.events / tally.n for _s, tally, weight in part)
    return met / (total * share) / (events / total)


def is_shown_to_predict(events: int, found: Auc | None) -> bool:
    """The gate: at least 200 events, and discrimination that is better than chance beyond doubt."""
    return events >= LEAST_EVENTS and found is not None and found.low > LEAST_AUC
