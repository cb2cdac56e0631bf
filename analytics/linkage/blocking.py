"""Which pairs are worth comparing, out of all: those that agree on something that few share.

Every column has keys; a key, or two keys of two columns together, brings the records together that share it. Groups
above a bound bring together nothing, and selective keys come first until the budget of pairs is used: so a file that
repeats one value a hundred thousand times costs no more than another. (Christen, "A Survey of Indexing Techniques for
Scalable Record Linkage and Deduplication", 2012.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from analytics.linkage.comparators import Column, Ints, Phrase

LARGEST_GROUP = 60
PAIRS_PER_RECORD = 20
LEAST_BUDGET = 1_000_000


@dataclass(frozen=True)
class Pairs:
    """Record numbers, pair by pair, first < second, each pair once, in order."""

    first: Ints
    second: Ints

    def __len__(self) -> int:
        return len(self.first)


def candidates(columns: Sequence[Column], records: int, split: int = 0) -> Pairs:
    """The pairs to compare. With `split`, records from that number on are another file, and pairs lie across."""
    budget = max(PAIRS_PER_RECORD * records, LEAST_BUDGET)
    groups = sorted(_groups(columns, records), key=lambda group: group.pairs)
    found: list[Ints] = []
    held = 0
    for group in groups:
        if held + group.pairs > budget:
            found = [_once(found)]
            held = sum(len(numbers) for numbers in found)
            if held + group.pairs > budget:
                break
        found.append(group.numbers(records, split))
        held += group.pairs
    known = _once(found)
    return Pairs(known // records, known % records)


def _once(numbers: Sequence[Ints]) -> Ints:
    """Sorted, each once."""
    ordered = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *numbers]))
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


@dataclass(frozen=True)
class _Group:
    """Records sorted by a key: where each bounded group begins, and its size."""

    order: Ints
    starts: Ints
    sizes: Ints

    @property
    def pairs(self) -> int:
        return int((self.sizes * (self.sizes - 1) // 2).sum())

    def numbers(self, records: int, split: int) -> Ints:
        """Its pairs as first · records + second, some twice."""
        found: list[Ints] = [np.empty(0, dtype=np.int64)]
        for size in np.flatnonzero(np.bincount(self.sizes)):
            members = self.order[self.starts[self.sizes == size][:, None] + np.arange(size)]
            one, other = np.triu_indices(int(size), 1)
            first, second = members[:, one].ravel(), members[:, other].ravel()
            low, high = np.minimum(first, second), np.maximum(first, second)
            if split:
                across = (low < split) & (high >= split)
                low, high = low[across], high[across]
            found.append(low * records + high)
        return np.concatenate(found)


def _groups(columns: Sequence[Column], records: int) -> Iterator[_Group]:
    everyone = np.arange(records, dtype=np.int64)
    keys = [(place, key) for place, column in enumerate(columns) for key in column.blocks()]
    for _, key in keys:
        yield _grouped(everyone, key)
    for (place, key), (other_place, other) in combinations(keys, 2):
        if place != other_place:
            both = np.where((key >= 0) & (other >= 0), key * (other.max(initial=0) + 1) + other, -1)
            yield _grouped(everyone, both)
    for column in columns:
        if isinstance(column, Phrase):
            yield _grouped(*column.words())


def _grouped(members: Ints, key: Ints) -> _Group:
    said = np.flatnonzero(key >= 0)
    order = said[np.argsort(key[said], kind="stable")]
    sorted_key = key[order]
    starts = np.flatnonzero(np.r_[True, sorted_key[1:] != sorted_key[:-1]]) if len(order) else order
    sizes = np.diff(np.r_[starts, len(order)])
    fit = (sizes >= 2) & (sizes <= LARGEST_GROUP)
    return _Group(members[order], starts[fit], sizes[fit])
