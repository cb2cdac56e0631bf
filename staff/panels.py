"""The employment on the record: on what terms, since when, and when we last sat down together."""

from datetime import datetime
from typing import Any

from accounts.models import User
from relationships.models import Relationship
from relationships.registry import Panel
from staff.queries.employments import employment


def employment_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values."""
    return {
        "facts": employment(viewer=viewer, relationship=relationship, now=now),
        "manager": relationship.owner.name,
    }


EMPLOYMENT = Panel(
    "employment", "aside", "staff/_employment_panel.html", employment_context, position=20, kinds=("staff",)
)
