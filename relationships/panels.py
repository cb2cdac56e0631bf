"""What the record page is put together from: its tabs, the parts that upper apps add, the timeline by weeks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.wording import written
from relationships.enums import TimelineGroup
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.queries.approach import approach
from relationships.queries.counts import figure_words
from relationships.queries.playbooks import runs_of
from relationships.queries.record import Record
from relationships.queries.timeline import LINES_COUNTED, Entry
from relationships.registry import Panel, registry

Text = str | Promise
OVERVIEW = "overview"


@dataclass(frozen=True)
class Shown:
    """A registered panel with what its template needs."""

    key: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Week:
    """A stretch of the timeline under one heading; without words it goes on under the heading before."""

    words: str
    entries: list[Entry] = field(default_factory=list)


def shown(place: str, *, viewer: User, relationship: Relationship, now: datetime) -> list[Shown]:
    """The panels of a place, each with its context."""
    panels = registry.panels_for(relationship.kind, place)
    return [_shown(panel, viewer, relationship, now) for panel in panels]


def has_any(place: str, kind: str) -> bool:
    """Whether anybody has something to show there."""
    return bool(registry.panels_for(kind, place))


def tab_panel(key: str, *, viewer: User, relationship: Relationship, now: datetime) -> Shown | None:
    """The registered tab called `key`; None when this kind has none."""
    panels = registry.panels_for(relationship.kind, "tab")
    found = next((panel for panel in panels if panel.key == key), None)
    return _shown(found, viewer, relationship, now) if found else None


def _shown(panel: Panel, viewer: User, relationship: Relationship, now: datetime) -> Shown:
    context = panel.context(viewer=viewer, relationship=relationship, now=now)
    return Shown(panel.key, panel.template, context)


def approach_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """What the approach guide needs."""
    return {
        "guide": approach(viewer=viewer, relationship=relationship, now=now),
        "relationship": relationship,
    }


def playbooks_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """What the panel of playbooks needs."""
    may = may_in(viewer, Permission.MANAGE_FOLLOW_UPS, relationship)
    return {
        "runs": runs_of(viewer=viewer, relationship=relationship),
        "relationship": relationship,
        "may_run": may and relationship.closed_at is None,
    }


def tabs(page: Record, current: str, query: str = "") -> list[dict[str, Any]]:
    """The tabs with what is in them; `query` is kept in their addresses."""
    here = f"/{page.relationship.kind}/{page.relationship.pk}/"
    own: list[tuple[str, Text, int | None]] = [
        (OVERVIEW, _("Overview"), None),
        ("timeline", _("Timeline"), page.counts.get("", 0)),
        ("commitments", _("Commitments"), len(page.promises)),
        ("people", _("People"), len(page.people.ties)),
    ]
    own += [
        (p.key, p.label or p.key.capitalize(), None)
        for p in registry.panels_for(page.relationship.kind, "tab")
    ]
    own += [("documents", _("Documents"), len(page.files)), ("about", _("About"), None)]
    return [
        {
            "label": label,
            "url": here + ("" if key == OVERVIEW else f"{key}/") + query,
            "icon": "",
            "count": figure_words(count, LINES_COUNTED) if count else "",
            "current": key == current,
        }
        for key, label, count in own
    ]


def timeline_filters(counts: dict[str, int], current: str, here: str) -> list[dict[str, Any]]:
    """The groups that have lines, as chips; the chosen one stays even when it has none.

    Of a history that is too long to be told apart every group is there, without a number.
    """
    is_long = counts.get("", 0) > LINES_COUNTED
    groups: list[tuple[str, Text]] = [("", _("Everything")), *TimelineGroup.choices]
    return [
        {
            "label": label,
            "count": "" if group and is_long else figure_words(counts.get(group, 0), LINES_COUNTED),
            "url": f"{here}timeline/" + (f"?group={group}" if group else ""),
            "current": group == current,
        }
        for group, label in groups
        if not group or is_long or counts.get(group) or group == current
    ]


def weeks(entries: Iterable[Entry], *, today: date, after: datetime | None = None) -> list[Week]:
    """The entries under “This week”, “Last week” and then their months.

    `after` is the moment of the last entry of the page before; its heading is not said again.
    """
    found: list[Week] = []
    last = week_words(after, today) if after else ""
    for entry in entries:
        words = week_words(entry.event.happened_at, today)
        if words != last or not found:
            found.append(Week("" if words == last else words))
            last = words
        found[-1].entries.append(entry)
    return found


def week_words(moment: datetime, today: date) -> str:
    """The heading that a moment stands under, in the active time zone."""
    day = timezone.localtime(moment).date()
    monday = today - timedelta(days=today.weekday())
    if day >= monday:
        return _("This week")
    if day >= monday - timedelta(days=7):
        return _("Last week")
    if (day.year, day.month) == (today.year, today.month):
        return _("Earlier this month")
    return written(day, "F Y")
