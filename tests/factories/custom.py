"""Fields of the workspace's own, for tests."""

from typing import Any

from accounts.models import User
from relationships.models import CustomField
from relationships.operations.custom_fields import create_field
from tests.factories.people import make_user
from tests.factories.relationships import NOW


def make_field(
    type: str = "text",
    label: str = "Contract",
    kind: str = "customers",
    *,
    actor: User | None = None,
    **more: Any,
) -> CustomField:
    """A field of a kind; of choices, with “Gold” and “Silver” unless others are named."""
    if type in ("choice", "choices"):
        more.setdefault("choices", ["Gold", "Silver"])
    if type == "money":
        more.setdefault("unit", "GBP")
    return create_field(
        actor=actor or make_user("administrator"), kind=kind, type=type, label=label, now=NOW, **more
    )
