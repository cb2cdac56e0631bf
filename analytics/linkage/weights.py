"""What an agreement is worth, learnt from the file itself without labels.

Fellegi and Sunter, "A Theory for Record Linkage" (1969): with m_l and u_l the shares of level l among pairs of the same
and of different things, a pair's log odds are  ln(λ / (1 − λ)) + Σ ln(m_l / u_l)  over the columns that both records
fill, λ being the share of pairs that are the same. m, u and λ are found by expectation and maximisation (Winkler,
"Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model", 1988), over all pairs of the file: those
that were no candidates count as different, so u is what the whole file shows less what the matches explain. Equality is
weighed by how often the value occurs (Winkler, "Frequency-based Matching", 1989): sharing a rare surname says more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.linkage.blocking import Pairs
from analytics.linkage.comparators import Column, Flags, Floats, Levels

ROUNDS = 40
CLOSE_ENOUGH = 1e-4
SAMPLE = 200_000
PRIOR_PAIRS = 20.0
CHANCE_PAIRS = 50.0
CHANCE_RECORDS = 10.0
RARELY = 0.02
DOUBLES_AT_FIRST = 0.1
MOST_DIFFERENT = 0.5
LEAST_U = 1e-9
SEED = 1969


@dataclass(frozen=True)
class Evidence:
    """The file as seen: its columns, the possible pairs, and per column the share of each level by chance."""

    columns: Sequence[Column]
    possible: float
    chance: Sequence[Floats]


@dataclass(frozen=True)
class Model:
    """λ, and per column ln(m/u) by level and what the rarity of each value adds to its equality."""

    share: float
    weights: Sequence[Floats]
    rarity: Sequence[Floats]


def sampled_pairs(records: int, split: int = 0) -> Pairs:
    """Pairs at random, the same ones every time; across the files where there are two."""
    draw = np.random.default_rng(SEED)
    if split:
        return Pairs(draw.integers(0, split, SAMPLE), draw.integers(split, records, SAMPLE))
    first, second = draw.integers(0, records, SAMPLE), draw.integers(0, records, SAMPLE)
    apart = first != second
    return Pairs(first[apart], second[apart])


def chance_levels(columns: Sequence[Column], levels: Sequence[Levels]) -> list[Floats]:
    """Per column the share of each level among sampled pairs that fill it, equality counted over the whole file."""
    shares = []
    for column, found in zip(columns, levels, strict=True):
        share = np.bincount(found[found >= 0], minlength=column.top + 1).astype(np.float64)
        share[-1] = 0.0
        share[0] += 1.0
        filled = float(column.counts.sum())
        equal = float((column.counts * (column.counts - 1.0)).sum()) / max(filled * (filled - 1.0), 1.0)
        share *= (1.0 - equal) / share.sum()
        share[-1] = equal
        shares.append(share)
    return shares


def fitted(evidence: Evidence, pairs: Pairs, levels: Sequence[Levels], apart: Flags) -> Model:
    """The model of a file from its candidates' levels, of which at most 200,000 to 400,000 are looked at.

    Left alone, the estimate calls the same whatever is commonest beside chance: in a file without doubles, all that
    share a town. So it learns only from pairs that agree in as many columns as they differ in, at least, and that are
    not `apart`.
    """
    step = max(1, len(pairs) // SAMPLE)
    sample = Pairs(pairs.first[::step], pairs.second[::step])
    seen = [found[::step] for found in levels]
    agree = sum((found > 0).astype(int) for found in seen)
    differ = sum((found == 0).astype(int) for found in seen)
    taught = step * ((agree >= differ) & ~apart[::step])
    begun = len(evidence.columns[0].codes) * DOUBLES_AT_FIRST
    model = _model(evidence, [_prior(column) for column in evidence.columns], evidence.chance, begun)
    before = 0.0
    for _ in range(ROUNDS):
        same = taught * probabilities(log_odds(evidence.columns, model, sample, seen))
        matches = float(same.sum())
        model = _maximised(evidence, seen, same)
        if abs(matches - before) < CLOSE_ENOUGH * (1 + matches):
            break
        before = matches
    return model


def probabilities(odds: Floats) -> Floats:
    """Log odds as probabilities, 0 to 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -40.0, 40.0))))


def log_odds(columns: Sequence[Column], model: Model, pairs: Pairs, levels: Sequence[Levels]) -> Floats:
    """ln of the odds that each pair is the same thing. A column that one of the two leaves empty adds nothing."""
    odds = np.full(len(pairs), np.log(model.share / (1.0 - model.share)))
    for column, found, weight, rarity in zip(columns, levels, model.weights, model.rarity, strict=True):
        odds += np.append(weight, 0.0)[found]
        equal = np.flatnonzero(found == column.top)
        odds[equal] += rarity[column.codes[pairs.first[equal]]]
    return odds


def _prior(column: Column) -> Floats:
    """Where the estimate begins, and what twenty pairs' worth of belief hold it to where doubles are few."""
    m = np.full(column.top + 1, 0.2 / max(column.top - 1, 1))
    m[0], m[-1] = 0.1, 0.7
    return np.asarray(m / m.sum())


def _unlike(column: Column) -> Floats:
    """What is thought of chance before anything is seen, held with fifty pairs' worth: few files fill every column."""
    u = np.full(column.top + 1, RARELY / 2)
    u[-1] = RARELY
    u[0] = 1.0 - u[1:].sum()
    return u


def _agreeing(m: Floats) -> Floats:
    """m with at most half of the doubles different in a column: what differs more often tells nothing of doubles."""
    if m[0] <= MOST_DIFFERENT:
        return m
    m = m * (1.0 - MOST_DIFFERENT) / (1.0 - m[0])
    m[0] = MOST_DIFFERENT
    return m


def _maximised(evidence: Evidence, levels: Sequence[Levels], same: Floats) -> Model:
    ms: list[Floats] = []
    us: list[Floats] = []
    for column, found, by_chance in zip(evidence.columns, levels, evidence.chance, strict=True):
        said = found >= 0
        agreeing = np.bincount(found[said], weights=same[said], minlength=column.top + 1)
        m = agreeing + PRIOR_PAIRS * _prior(column)
        filled = float(column.counts.sum()) / len(column.codes)
        others = np.maximum(by_chance * evidence.possible * filled**2 - agreeing, 0.0)
        us.append((others + CHANCE_PAIRS * _unlike(column)) / (others.sum() + CHANCE_PAIRS))
        ms.append(_agreeing(m / m.sum()))
    return _model(evidence, ms, us, float(same.sum()))


def _model(evidence: Evidence, ms: Sequence[Floats], us: Sequence[Floats], matches: float) -> Model:
    """The weights, none above that of a higher level: to be more alike is never a reason against."""
    weights: list[Floats] = []
    rarity: list[Floats] = []
    for column, m, u in zip(evidence.columns, ms, us, strict=True):
        least = np.full(column.top + 1, 1.0 / min(SAMPLE, max(evidence.possible, 2.0)))
        least[-1] = min(RARELY, 0.1 / max(len(column.values), 1))
        bounded = np.maximum(u, least)
        weight = np.log(m / bounded)
        weight[-1] = max(weight[-1], 0.0)
        weights.append(np.minimum.accumulate(weight[::-1])[::-1])
        doubles = 2.0 * matches / len(column.codes)
        occurs = (column.counts - 1.0 - doubles) / (float(column.counts.sum()) + CHANCE_RECORDS)
        rarity.append(np.log(bounded[-1]) - np.log(np.maximum(occurs, least[-1])))
    share = min(0.5, max(matches, 1.0) / max(evidence.possible, 2.0))
    return Model(share, weights, rarity)
