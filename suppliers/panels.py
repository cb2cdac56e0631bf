"""The supply on the record: how much hangs on them, and how both sides keep their word."""

from datetime import datetime
from typing import Any

from accounts.models import User
from relationships.models import Relationship
from relationships.registry import Panel
from suppliers.queries.supplies import supply


def supply_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values."""
    return {"supply": supply(viewer=viewer, relationship=relationship, now=now)}


SUPPLY = Panel(
    "supply", "aside", "suppliers/_supply_panel.html", supply_context, position=20, kinds=("suppliers",)
)
