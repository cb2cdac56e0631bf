"""The desk on the record: what they publish, by when they need us, and how fresh our contacts are."""

from datetime import datetime
from typing import Any

from accounts.models import User
from press.queries.desks import desk
from relationships.models import Relationship
from relationships.registry import Panel


def desk_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values."""
    return {"desk": desk(viewer=viewer, relationship=relationship, now=now)}


DESK = Panel("desk", "aside", "press/_desk_panel.html", desk_context, position=20, kinds=("press",))
