"""From log odds to a decision: the same, to be looked at by a person, or different."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

import numpy as np

from analytics.linkage.blocking import Pairs
from analytics.linkage.comparators import Column, Flags, Floats, Ints, Levels
from analytics.linkage.values import Role

SURE = 0.95
WORTH_A_LOOK = 0.2
FRIENDS = 30
NEARLY = 2
FAR_BEHIND = 5.0
BEYOND_DOUBT = 0.9999
PERSONAL = (Role.EMAIL, Role.IDENTIFIER)
POINTING = (*PERSONAL, Role.PHONE, Role.WEBSITE, Role.DATE, Role.ADDRESS, Role.STREET)


class Decision(StrEnum):
    """What is thought of a pair. Only a person turns "review" into either of the others."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


def contradicted(columns: Sequence[Column], levels: Sequence[Levels]) -> Flags:
    """Pairs that a sum of weights may call the same, and a careful person would not.

    Households and branches share a telephone, a switchboard, a name, a street; the model takes columns for independent
    and counts each. So two names that have nothing in common, or two addresses, are at most for review, unless an
    e-mail address or identifier is equal; two given names or two surnames, unless an identifier or a date is; and
    pairs that both tell what points at one alone, and agree in none of it nearly: many people have one name.
    """
    apart = np.zeros(len(levels[0]), dtype=np.bool_)
    apart |= _any(columns, levels, (Role.NAME,), equal=False)
    apart |= _any(columns, levels, (Role.ADDRESS,), equal=False) & ~_any(
        columns, levels, PERSONAL, equal=True
    )
    proof = (Role.IDENTIFIER, Role.DATE)
    apart |= _any(columns, levels, (Role.GIVEN, Role.SURNAME), equal=False) & ~_any(
        columns, levels, proof, equal=True
    )
    return apart


def unrelated(columns: Sequence[Column], levels: Sequence[Levels]) -> Flags:
    """Pairs of other names that share nothing which points at one of many: two firms of a town, say."""
    named = _any(columns, levels, (Role.NAME,), equal=False)
    named |= _any(columns, levels, (Role.GIVEN,), equal=False) & _any(
        columns, levels, (Role.SURNAME,), equal=False
    )
    for column, level in zip(columns, levels, strict=True):
        if column.role in POINTING:
            named &= level <= 0
    return named


def decided(odds: Floats, probability: Floats, apart: Flags, pairs: Pairs, split: int) -> tuple[Flags, Flags]:
    """(same, review) by pair. Across two files a pair that is far behind the best of either record has to be beyond
    doubt itself, for most lists hold a thing once.
    """
    same = (probability >= SURE) & ~apart
    if split:
        best = np.maximum(_best(odds, pairs.first), _best(odds, pairs.second))
        same &= (odds >= best - FAR_BEHIND) | (probability >= BEYOND_DOUBT)
    return same, (probability >= WORTH_A_LOOK) & ~same


def friends_of_friends(pairs: Pairs, same: Flags, records: int) -> Pairs:
    """Pairs whose two records are the same as a third: what is shown for review whatever the two share themselves."""
    neighbours: dict[int, list[int]] = {}
    for one, other in zip(pairs.first[same].tolist(), pairs.second[same].tolist(), strict=True):
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    numbers = {
        one * records + other
        for friends in neighbours.values()
        for one, other in combinations(sorted(friends)[:FRIENDS], 2)
    }
    found = np.array(sorted(numbers), dtype=np.int64)
    return Pairs(found // records, found % records)


def _any(
    columns: Sequence[Column], levels: Sequence[Levels], roles: tuple[Role, ...], *, equal: bool
) -> Flags:
    """Pairs in which a column of `roles` is equal, or in which it is different."""
    found = np.zeros(len(levels[0]), dtype=np.bool_)
    for column, level in zip(columns, levels, strict=True):
        if column.role in roles:
            found |= level == (column.top if equal else 0)
    return found


def _best(odds: Floats, records: Ints) -> Floats:
    best = np.full(int(records.max(initial=0)) + 1, -np.inf)
    np.maximum.at(best, records, odds)
    return np.asarray(best[records])
