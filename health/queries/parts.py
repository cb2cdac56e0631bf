"""The stored parts of a score, read back for the arithmetic of explanations."""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

from analytics.explain import Part, apportioned, change, shown

StoredPart = Mapping[str, Any]
EVIDENCE = ""
"""Key of the line for evidence that came in or expired; no component is called so."""


def as_parts(stored: Sequence[StoredPart]) -> list[Part]:
    """The stored parts as the arithmetic takes them, in scorecard order."""
    return [
        Part(
            key=part["key"],
            group=part["group"],
            weight=part["weight"],
            points=part["points"] or 0.0,
            reference=part["reference"],
            used=part["used"],
        )
        for part in stored
    ]


def as_told(told: Mapping[str, Sequence[float]]) -> list[Part]:
    """The short form `{key: [points, weight]}` of the used parts, as kept with what was told last."""
    return [Part(key=key, group="", weight=weight, points=points) for key, (points, weight) in told.items()]


def lines_between(before: Sequence[Part], after: Sequence[Part]) -> dict[str, float]:
    """What moved the score from `before` to `after`, in tenths: by component key, `EVIDENCE` for the rest.

    The lines sum exactly to the difference of the two scores as shown; lines of nothing are left out. Empty
    where one of the two has no used part.
    """
    then, now = ([part for part in parts if part.used] for parts in (before, after))
    moved = change(then, now)
    if moved is None:
        return {}
    total = shown(_score(now)) - shown(_score(then))
    lines = apportioned(dict(moved.lines) | {EVIDENCE: moved.evidence}, total)
    return {key: float(points) for key, points in lines.items() if points}


def _score(used: Sequence[Part]) -> float:
    return fsum(part.weight * part.points for part in used) / fsum(part.weight for part in used)
