"""The band of a score that does not flap at its edges.

Healthy from 70, watch from 50, at risk below. A band once held is left only when its edge is crossed by 3 points, or
has been crossed at two week ends in a row.
"""

from dataclasses import dataclass
from enum import StrEnum

HEALTHY_FROM = 70.0
WATCH_FROM = 50.0
CLEAR_BY = 3.0
WEEKS_BEYOND = 2


class Status(StrEnum):
    HEALTHY = "healthy"
    WATCH = "watch"
    AT_RISK = "at_risk"


_RANGES = {
    Status.HEALTHY: (HEALTHY_FROM, float("inf")),
    Status.WATCH: (WATCH_FROM, HEALTHY_FROM),
    Status.AT_RISK: (float("-inf"), WATCH_FROM),
}


@dataclass(frozen=True)
class Held:
    """The status shown, and how many week ends in a row the score has stood outside its band."""

    status: Status | None = None
    weeks_beyond: int = 0


def band(score: float) -> Status:
    """The band in which a score lies, edges belonging to the better one."""
    if score >= HEALTHY_FROM:
        return Status.HEALTHY
    return Status.WATCH if score >= WATCH_FROM else Status.AT_RISK


def settle(held: Held, score: float | None, *, week_ends: bool) -> Held:
    """The status after a score; `week_ends` is true once a week, and only then a week is counted.

    Without a score there is no status, and the first score after that takes its band at once.
    """
    if score is None:
        return Held()
    found = band(score)
    if held.status is None or found is held.status:
        return Held(found)
    low, high = _RANGES[held.status]
    weeks = held.weeks_beyond + week_ends
    beyond = max(low - score, score - high)
    if beyond >= CLEAR_BY or weeks >= WEEKS_BEYOND:
        return Held(found)
    return Held(held.status, weeks)
