"""The supply on the record: how much hangs on them, how both sides keep their word, and what we paid."""

from datetime import datetime
from typing import Any

from accounts.enums import Permission
from accounts.models import User
from commerce.queries.payments import payment_summary
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.registry import Panel
from suppliers.queries.supplies import supply


def supply_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values."""
    return {"supply": supply(viewer=viewer, relationship=relationship, now=now)}


SUPPLY = Panel(
    "supply", "aside", "suppliers/_supply_panel.html", supply_context, position=20, kinds=("suppliers",)
)


def payments_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values; without payments, or for a viewer who may not see money, `payments` is none."""
    if not may_in(viewer, Permission.VIEW_MONEY, relationship):
        return {"payments": None}
    return {"payments": payment_summary(relationship=relationship), "relationship": relationship}


PAYMENTS = Panel(
    "payments", "aside", "suppliers/_payments_panel.html", payments_context, position=65, kinds=("suppliers",)
)
