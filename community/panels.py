"""The standing on the record: what they decide, where they stand, and whether our word to them was kept."""

from datetime import datetime
from typing import Any

from accounts.models import User
from community.queries.standings import standing
from relationships.models import Relationship
from relationships.registry import Panel


def standing_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values."""
    return {"standing": standing(viewer=viewer, relationship=relationship, now=now)}


STANDING = Panel(
    "standing", "aside", "community/_standing_panel.html", standing_context, position=20, kinds=("community",)
)
