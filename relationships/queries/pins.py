"""What somebody has pinned, as far as they may still know of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F
from django.db.models.functions import JSONObject

from accounts.models import User
from relationships.models import Pin


@dataclass(frozen=True)
class Pinned:
    """A pinned relationship by its kind, number and name."""

    kind: str
    relationship_id: int
    name: str

    @property
    def url(self) -> str:
        """Where it is."""
        return f"/{self.kind}/{self.relationship_id}/"


def pins_beside(viewer: User) -> ArraySubquery:
    """The viewer's pins in their order as a column of another query, for `pins_in`."""
    rows = Pin.objects.filter(user=viewer).visible_to(viewer).order_by("position", "pk")
    told = JSONObject(
        kind=F("relationship__kind"),
        relationship_id=F("relationship_id"),
        name=F("relationship__party_name"),
    )
    return ArraySubquery(rows.values(told=told))


def pins_in(found: list[dict[str, Any]]) -> list[Pinned]:
    """The pins, from what `pins_beside` found."""
    return [Pinned(**pin) for pin in found]
