"""Which rows of a table are the same thing: candidates, comparison, weights, decision, in one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.linkage.blocking import Pairs, candidates
from analytics.linkage.comparators import COMPARATORS, Column, Floats, Levels, alike
from analytics.linkage.decisions import Decision, contradicted, decided, friends_of_friends, unrelated
from analytics.linkage.values import Role
from analytics.linkage.weights import (
    Evidence,
    chance_levels,
    fitted,
    log_odds,
    probabilities,
    sampled_pairs,
)

LEAST_TOLD = 0.01
SWAPPED = 0.92

Texts = npt.NDArray[Any]


@dataclass(frozen=True)
class Match:
    """Two rows, numbered from 0, `first` < `second`; the probability that they are one thing; and the decision."""

    first: int
    second: int
    score: float
    decision: Decision


def matched(table: Sequence[tuple[Role, Sequence[str]]], split: int = 0) -> list[Match]:
    """The pairs of rows of `table` (columns of equal length, each with its role) that are the same or nearly, in order.

    With `split`, the rows from that number on are a second table, and pairs lie across the two. Pairs that are
    different are told only where there was some doubt (probability ≥ .01). Raises ValueError where no column says
    anything. The same table gives the same answer, whatever the machine; no figure is set for a file by hand.
    """
    columns = [COMPARATORS[role](role, cells) for role, cells in table]
    columns = [column for column in columns if column.values]
    if not columns:
        raise ValueError("no column says anything by which rows could be told apart")
    records = len(columns[0].codes)
    if records < 2:
        return []
    possible = float(split * (records - split)) if split else records * (records - 1) / 2
    pairs = candidates(columns, records, split)
    levels = compared(columns, pairs)
    chance = chance_levels(columns, compared(columns, sampled_pairs(records, split)))
    apart = contradicted(columns, levels)
    model = fitted(Evidence(columns, possible, chance), pairs, levels, apart)
    odds = log_odds(columns, model, pairs, levels)
    probability = probabilities(odds)
    same, review = decided(odds, probability, apart, pairs, split)
    review &= ~unrelated(columns, levels)
    decisions = np.where(same, Decision.SAME, np.where(review, Decision.REVIEW, Decision.DIFFERENT))
    told = np.flatnonzero(same | review | (probability >= LEAST_TOLD))
    found = _matches(Pairs(pairs.first[told], pairs.second[told]), probability[told], decisions[told])
    if not split:
        others = friends_of_friends(pairs, same, records)
        likely = probabilities(log_odds(columns, model, others, compared(columns, others)))
        for pair, match in _matches(others, likely, np.full(len(others), Decision.REVIEW)).items():
            if pair not in found or found[pair].decision is Decision.DIFFERENT:
                found[pair] = match
    return [found[pair] for pair in sorted(found)]


def compared(columns: Sequence[Column], pairs: Pairs) -> list[Levels]:
    """Per column the levels of the pairs. Given name and surname that were exchanged count as nearly equal."""
    levels = [column.levels(pairs.first, pairs.second) for column in columns]
    roles = [column.role for column in columns]
    if Role.GIVEN in roles and Role.SURNAME in roles:
        given, surname = roles.index(Role.GIVEN), roles.index(Role.SURNAME)
        unlike = (levels[given] >= 0) & (levels[given] < 2) & (levels[surname] >= 0) & (levels[surname] < 2)
        places = np.flatnonzero(unlike)
        first, second = pairs.first[places], pairs.second[places]
        crossed = np.minimum(
            alike(columns[given].cells(first), columns[surname].cells(second)),
            alike(columns[surname].cells(first), columns[given].cells(second)),
        )
        levels[given][places[crossed >= SWAPPED]] = 2
        levels[surname][places[crossed >= SWAPPED]] = 2
    return levels


def _matches(pairs: Pairs, probability: Floats, decisions: Texts) -> dict[tuple[int, int], Match]:
    return {
        (one, other): Match(one, other, round(score, 6), Decision(decision))
        for one, other, score, decision in zip(
            pairs.first.tolist(), pairs.second.tolist(), probability.tolist(), decisions, strict=True
        )
    }
