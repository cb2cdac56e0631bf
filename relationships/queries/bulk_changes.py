"""What somebody did to many relationships at once."""

from dataclasses import dataclass

from django.db.models import F, Func, IntegerField

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


def latest_changes(*, viewer: User) -> list[Change]:
    """The viewer's own last fifty, newest first."""
    rows = BulkChange.objects.filter(changed_by=viewer).defer("ids", "before", "after")
    found = rows.annotate(size=Size(F("ids"))).order_by("-changed_at", "-pk")[:SHOWN]
    return [Change(row, row.size) for row in found]
