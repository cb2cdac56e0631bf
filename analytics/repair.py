"""Which single step would move a score most."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.curves import STEP_POINTS, Curve


@dataclass(frozen=True)
class Lever:
    """A component whose evidence counts: its weight, its curve and the value of its measure."""

    key: str
    weight: float
    curve: Curve
    value: float


@dataclass(frozen=True)
class Repair:
    """Bringing the measure of `key` from `value` to `target` adds `points` to the score."""

    key: str
    value: float
    target: float
    points: float


def repairs(levers: Iterable[Lever], most: float = STEP_POINTS) -> list[Repair]:
    """One step per component that can improve, the one that brings most points first; ties in the order given.

    A step leads to the next point of the component's curve that is worth more, and is never worth more than `most`
    points of that curve: w_k · Δs_k / Σ w. Raises ValueError where the weights sum to nothing.
    """
    used = list(levers)
    total = sum(lever.weight for lever in used)
    if used and total <= 0:
        raise ValueError("the weights sum to nothing")
    found = [
        Repair(lever.key, lever.value, step.target, lever.weight * step.gain / total)
        for lever in used
        if (step := lever.curve.step(lever.value, most)) is not None
    ]
    return sorted(found, key=lambda repair: -repair.points)
