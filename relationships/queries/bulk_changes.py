"""What somebody did to many relationships at once."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet

from accounts.models import User
from relationships.models import BulkChange

SHOWN = 50


class Size(Func):
    """How many an array holds."""

    function = "cardinality"
    output_field = IntegerField()


@dataclass(frozen=True)
class Change:
    """One of them, with how many it changed."""

    record: BulkChange
    size: int


def own_changes(viewer: User) -> "QuerySet[BulkChange]":
    """What the viewer did, each with its `size`: how many it changed."""
    rows = BulkChange.objects.filter(changed_by=viewer).defer("ids", "before", "after")
    return rows.annotate(size=Size(F("ids")))


def latest_changes(*, viewer: User) -> list[Change]:
    """The viewer's own last fifty, newest first."""
    found: Any = own_changes(viewer).order_by("-changed_at", "-pk")[:SHOWN]
    return [Change(row, row.size) for row in found]
