"""Health on the record: the strip under the identity, and the page that answers why."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Permission
from accounts.models import User
from health.models import RelationshipScore, Scorecard
from health.queries.alerts import AlertQuery, newest
from health.queries.benefit import balance_of, entries_of
from health.queries.changes import changes_of
from health.queries.explanation import TONES, Explanation, explain, scores_of
from health.queries.levers import levers
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.queries.relationship_list import today_of
from relationships.registry import Panel

CHANGE_DAYS = (7, 30)
MOST_PROPOSALS = 20
LEAST_BAR = 0.4
"""A bar is never thinner than this, so that a small step can be seen."""


def strip_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The ring, the word, the change, the sentence of why and the groups that add up to the score."""
    said, _stored = _said(viewer, relationship, now)
    return {
        "health": said,
        "judged_tone": TONES.get(said.judgement.status, "") if said.judgement else "",
        "here": f"/{relationship.kind}/{relationship.pk}/",
        "parts": [
            {
                "label": group.label,
                "weight": float(group.weight),
                "points": float(group.points),
                "reason": group.reason,
            }
            for group in said.groups
        ],
    }


def why_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """Every component against the kind's usual, what changed in a week and a month, and what would move it."""
    said, stored = _said(viewer, relationship, now)
    changes = changes_of(stored, now=now, days=CHANGE_DAYS) if stored else {}
    periods = {7: _("In the last week"), 30: _("In the last 30 days")}
    return {
        "health": said,
        "here": f"/{relationship.kind}/{relationship.pk}/",
        "lines": waterfall(said),
        "changes": [(periods[days], change) for days, change in changes.items()],
        "weeks": weeks(said, now, stored.scorecard if stored else None),
        "may_judge": stored is not None and _may_judge(viewer, relationship),
        "levers": levers(viewer=viewer, relationship=relationship, said=said, now=now),
    }


def _may_judge(viewer: User, relationship: Relationship) -> bool:
    return relationship.closed_at is None and may_in(viewer, Permission.MANAGE_RELATIONSHIPS, relationship)


def _said(
    viewer: User, relationship: Relationship, now: datetime
) -> tuple[Explanation, RelationshipScore | None]:
    """The explanation with its stored score, worked out once for a page however many of its parts ask."""
    told = vars(relationship)
    if "_health_said" not in told:
        stored = scores_of([relationship.pk]).get(relationship.pk)
        said = explain(viewer=viewer, relationship=relationship, now=now, stored=stored)
        told["_health_said"] = said, stored
    found: tuple[Explanation, RelationshipScore | None] = told["_health_said"]
    return found


def waterfall(said: Explanation) -> list[dict[str, Any]]:
    """The components with where their bar starts and how long it is, in points from 0 to 100.

    Bars start at the kind's usual and walk to the score, the greatest first, so the last one ends at it.
    """
    at = float(said.reference or 0)
    rows: list[dict[str, Any]] = []
    counted = [(float(line.contribution), line) for line in said.lines if line.contribution is not None]
    for step, line in sorted(counted, key=lambda pair: -abs(pair[0])):
        start, width = min(at, at + step), max(abs(step), LEAST_BAR)
        rows.append({"line": line, "x": start, "width": width, "down": step < 0})
        at += step
    return rows + [{"line": line} for line in said.lines if line.contribution is None]


def weeks(said: Explanation, now: datetime, scorecard: Scorecard | None = None) -> list[dict[str, Any]]:
    """The score at the end of each week kept, the oldest first, with the Monday it belongs to.

    The week in which a later version of the scorecard came into force carries its number.
    """
    monday = (now - timedelta(days=now.weekday())).date()
    count = len(said.weeks)
    since = scorecard.activated_at if scorecard and scorecard.version > 1 else None
    found = []
    for index, score in enumerate(said.weeks):
        day = monday - timedelta(weeks=count - 1 - index)
        marked = since is not None and day <= since.date() < day + timedelta(weeks=1)
        found.append(
            {"monday": day, "score": score, "version": scorecard.version if scorecard and marked else None}
        )
    return found


def alerts_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """What warns of this relationship and is not settled; nothing is drawn when nothing does."""
    query = AlertQuery(whose="all", relationship_id=relationship.pk)
    return {"lines": newest(viewer=viewer, query=query), "relationship": relationship}


def benefit_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """What it brought both sides, entry by entry, and its proposals; nothing of it for who sees no money here."""
    if not may_in(viewer, Permission.VIEW_MONEY, relationship):
        return {"may_see_money": False}
    entries = entries_of(relationship, today=today_of(viewer, now))
    return {
        "may_see_money": True,
        "may_write": may_in(viewer, Permission.MANAGE_COMMITMENTS, relationship),
        "may_review": may_in(viewer, Permission.MANAGE_RELATIONSHIPS, relationship),
        "here": f"/{relationship.kind}/{relationship.pk}/",
        "entries": entries,
        "balance": balance_of(relationship, entries),
        "proposals": list(relationship.proposals.order_by("-created_at", "-pk")[:MOST_PROPOSALS]),
    }


STRIP = Panel("health", "strip", "health/_strip.html", strip_context, position=10)
WHY = Panel("why", "tab", "health/_why.html", why_context, position=10, label=gettext_lazy("Health"))
ALERTS = Panel("alerts", "aside", "health/_alerts_panel.html", alerts_context, position=5)

BENEFIT = Panel(
    "benefit",
    "tab",
    "health/_benefit.html",
    benefit_context,
    position=40,
    label=gettext_lazy("Mutual benefit"),
)

PANELS = (STRIP, WHY, ALERTS, BENEFIT)
