"""The holding on the record: how much, on which day, and how often we have met."""

from datetime import datetime
from typing import Any

from accounts.models import User
from investors.queries.holdings import holding
from relationships.models import Relationship
from relationships.registry import Panel


def holding_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values."""
    return {"holding": holding(viewer=viewer, relationship=relationship, now=now)}


HOLDING = Panel(
    "holding", "aside", "investors/_holding_panel.html", holding_context, position=20, kinds=("investors",)
)
