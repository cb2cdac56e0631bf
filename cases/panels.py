"""Cases on the record: those that are open, the first due first."""

from datetime import datetime
from typing import Any

from accounts.enums import Permission
from accounts.models import User
from cases.queries.queue import cases_of
from cases.tables import chip
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.registry import Panel


def cases_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """What the panel needs; it holds nothing where there is no case and none can be opened."""
    lines = cases_of(viewer=viewer, relationship=relationship, now=now)
    may_open = relationship.closed_at is None and may_in(viewer, Permission.MANAGE_CASES, relationship)
    return {
        "lines": [
            {"case": line.case, "clock": chip(line.next, now) if line.next else None} for line in lines
        ],
        "relationship": relationship,
        "may_open": may_open,
    }


CASES = Panel("cases", "aside", "cases/_cases_panel.html", cases_context, position=6)
