"""Recency, frequency and spend in fifths, and the eleven cells that people have names for.

The cells are the usual grid over recency and the mean of frequency and spend; `lost` is its last corner.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIFTHS = 5

# One row per recency score 5 … 1, one column per frequency-and-spend score 1 … 5.
_GRID = (
    (5, ("new", "potential_loyal", "potential_loyal", "champions", "champions")),
    (4, ("promising", "potential_loyal", "potential_loyal", "loyal", "loyal")),
    (3, ("about_to_sleep", "about_to_sleep", "needs_attention", "loyal", "loyal")),
    (2, ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose")),
    (1, ("lost", "hibernating", "at_risk", "at_risk", "cannot_lose")),
)
CELLS: dict[tuple[int, int], str] = {
    (recency, column): name for recency, names in _GRID for column, name in enumerate(names, start=1)
}
CELL_NAMES: tuple[str, ...] = tuple(dict.fromkeys(name for _, names in _GRID for name in names))


def fifths(values: NDArray[Any] | Sequence[float], ids: NDArray[Any] | Sequence[int]) -> NDArray[np.int64]:
    """Scores 1 (lowest fifth) to 5 of n values, ties broken by id, (n,); as SQL's `ntile(5) OVER (ORDER BY value, id)`.

    Where n is no multiple of five the lower fifths hold one more. Raises ValueError where the lengths differ.
    """
    numbers, keys = np.asarray(values), np.asarray(ids)
    if numbers.shape != keys.shape:
        raise ValueError(f"{len(numbers)} values, {len(keys)} ids")
    order = np.lexsort((keys, numbers))
    size, longer = divmod(len(numbers), FIFTHS)
    sizes = [size + (fifth < longer) for fifth in range(FIFTHS)]
    scores = np.empty(len(numbers), dtype=np.int64)
    scores[order] = np.repeat(np.arange(1, FIFTHS + 1), sizes)
    return scores


def cell(recency: int, frequency: int, monetary: int) -> str:
    """The name of the cell of three scores 1 to 5; frequency and spend count as their mean, halves up.

    Raises ValueError for a score outside 1 to 5.
    """
    for name, score in (("recency", recency), ("frequency", frequency), ("monetary", monetary)):
        if not 1 <= score <= FIFTHS:
            raise ValueError(f"{name} score {score}: must be 1 to {FIFTHS}")
    return CELLS[recency, (frequency + monetary + 1) // 2]
