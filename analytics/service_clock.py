"""A promise of time, kept in business time: how much of it is used, when it is over, and when it has something to tell.

A clock starts, may stand for a while, and is held against a target in minutes of business time. All arithmetic is
that of `analytics.business_time`: a pause takes away the business time that lies within it, never time off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.business_time import (
    BusinessCalendar,
    Stretch,
    add_business_minutes,
    business_minutes,
)

MARKS = (50, 75, 90, 100)
"""At how many hundredths of its target a clock tells that it runs down; at the last it has run out."""

Pause = tuple[datetime, datetime | None]
"""From when, and until when; without an end it still goes on."""


@dataclass(frozen=True)
class Reading:
    """A clock at a moment. `due_at` is the instant at which the target is reached; none while the clock stands."""

    elapsed_seconds: int
    target_minutes: int
    due_at: datetime | None

    @property
    def left_seconds(self) -> int:
        """What remains, below zero once it has run out."""
        return self.target_minutes * 60 - self.elapsed_seconds

    @property
    def used_percent(self) -> float:
        """How much of the target is used, above 100 once it has run out."""
        return 100 * self.elapsed_seconds / (self.target_minutes * 60)


def read_clock(
    calendar: BusinessCalendar,
    started_at: datetime,
    target_minutes: int,
    pauses: Sequence[Pause],
    now: datetime,
) -> Reading:
    """The clock as it is `now`; raises ValueError for a target that is not positive, and for a moment before it starts.

    The moment at which it is due is counted from the start each time, whatever was said of it before: pauses that
    were, holidays that came since, and another target all count.
    """
    if target_minutes <= 0:
        raise ValueError(f"target of {target_minutes} minutes: must be positive")
    ended = [(start, end) for start, end in pauses if end is not None]
    open_since = [start for start, end in pauses if end is None]
    stood: list[Stretch] = [*ended, *((start, max(start, now)) for start in open_since)]
    elapsed = business_minutes(calendar, started_at, now, stood)
    due_at = None if open_since else add_business_minutes(calendar, started_at, target_minutes, ended)
    return Reading(round(elapsed * 60), target_minutes, due_at)


def next_mark(
    calendar: BusinessCalendar,
    started_at: datetime,
    target_minutes: int,
    pauses: Sequence[Stretch],
    marked_percent: int,
) -> tuple[int, datetime] | None:
    """The first mark above `marked_percent`, and when a running clock comes to it; none once it has told them all."""
    left = [percent for percent in MARKS if percent > marked_percent]
    if not left:
        return None
    minutes = target_minutes * left[0] / 100
    return left[0], add_business_minutes(calendar, started_at, minutes, pauses)
