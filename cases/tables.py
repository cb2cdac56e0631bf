"""The columns of the queue, and clocks as they are shown."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from cases.queries.detail import Counted
from cases.queries.queue import ClockState
from core.wording import duration_words, moment_words

HEADS = (
    {"label": gettext_lazy("Case"), "css": "stick"},
    {"label": gettext_lazy("Number")},
    {"label": gettext_lazy("Sort")},
    {"label": gettext_lazy("Who")},
    {"label": gettext_lazy("Next clock")},
    {"label": gettext_lazy("State")},
    {"label": gettext_lazy("Severity")},
    {"label": gettext_lazy("Owner")},
)


def chip(state: ClockState, now: datetime) -> dict[str, Any]:
    """A clock as the clock component shows it. It does not tick: what is left is business time, not the wall's."""
    clock = state.clock
    return {
        "label": clock.get_type_display(),
        "used": state.used,
        "state": "paused" if state.state == "cancelled" else state.state,
        "text": figure_of(state),
        "sub": words_of(state, now),
        "tone": state.tone,
    }


def figure_of(state: ClockState) -> str:
    """What is left of a running clock, below zero once it has run out; else what it took."""
    if state.clock.is_open:
        return _worked(state.reading.left_seconds)
    return _worked(state.reading.elapsed_seconds)


def words_of(state: ClockState, now: datetime) -> str:
    """Where it stands, in a few words."""
    clock = state.clock
    target = {"target": _worked(60 * clock.target_minutes)}
    if clock.is_open:
        if clock.due_at is None:
            return gettext("Stands still")
        due = moment_words(clock.due_at, now, lower=True)
        return gettext("Due %(when)s, of %(target)s") % {"when": due, **target}
    if state.state == "cancelled":
        return gettext("No longer owed")
    if state.state == "met":
        return gettext("In time, of %(target)s") % target
    return gettext("Too late, of %(target)s") % target


def sum_of(counted: Counted) -> dict[str, Any]:
    """How a clock comes to its figure: from when, less what, to what, of how much."""
    reading = counted.state.reading
    return {
        "clock": counted.state.clock,
        "state": counted.state,
        "pauses": counted.pauses,
        "counts": _worked(reading.elapsed_seconds),
        "target": _worked(60 * reading.target_minutes),
    }


def _worked(seconds: float) -> str:
    """A length of working time."""
    return duration_words(seconds, has_days=False)
