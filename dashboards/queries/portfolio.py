"""The portfolio: what relationships are worth and how they stand, and who rose and fell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Round

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import holds_everywhere
from health.models import ScoreSnapshot
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.querysets import allowed_in

SHOWN = 60
MOVERS = 15


@dataclass(frozen=True)
class Narrowed:
    """What the portfolio is narrowed to; empty means everything in sight."""

    kind: str = ""
    health: str = ""
    owner_id: int | None = None
    team_id: int | None = None

    def conditions(self) -> Mapping[str, Any]:
        """As filters of relationships."""
        asked = {
            "kind": self.kind,
            "state__health_status": self.health,
            "owner_id": self.owner_id,
            "team_id": self.team_id,
        }
        return {name: value for name, value in asked.items() if value}


def _open(viewer: User, narrowed: Narrowed) -> "QuerySet[Relationship]":
    rows = Relationship.objects.visible_to(viewer).filter(closed_at=None, **narrowed.conditions())
    return rows.select_related("state", "owner", "team")


def portfolio(*, viewer: User, narrowed: Narrowed, limit: int = SHOWN) -> list[Relationship]:
    """The open relationships in sight, the most valuable first, then those without a value to see by health."""
    rows = _open(viewer, narrowed)
    return list(rows.order_by(worth_to(viewer).desc(nulls_last=True), "state__health", "pk")[:limit])


def worth_to(viewer: User) -> F | Case:
    """What a relationship is worth, where the viewer may see it: an order would tell it as well."""
    worth = F("state__value_amount")
    if holds_everywhere(viewer, Permission.VIEW_MONEY):
        return worth
    # PostgreSQL orders by no bare NULL, which is what remains where nothing is allowed
    nothing = Cast(Value(None), DecimalField(max_digits=14, decimal_places=2))
    return Case(When(allowed_in(viewer, Permission.VIEW_MONEY), then=worth), default=nothing)


def with_money(viewer: User, rows: Iterable[Relationship]) -> set[int]:
    """Of these relationships, those whose worth the viewer may see, by number."""
    return {row.pk for row in rows if may_in(viewer, Permission.VIEW_MONEY, row)}


def movers(
    *, viewer: User, narrowed: Narrowed, weeks: int, now: datetime, limit: int = MOVERS
) -> tuple[list[Any], list[Any]]:
    """Who fell and who rose most in so many weeks, each with `moved`, as far as there was a score then."""
    day = now.date() - timedelta(weeks=weeks)
    then = ScoreSnapshot.objects.filter(relationship=OuterRef("pk"), week__lte=day).order_by("-week")
    exact = DecimalField(max_digits=20, decimal_places=12)
    was = Round(Cast(Subquery(then.values("score")[:1]), exact), 1)
    rows = (
        _open(viewer, narrowed).filter(state__health__isnull=False).annotate(moved=F("state__health") - was)
    )
    fallen = rows.filter(moved__lt=0).order_by("moved", "pk")[:limit]
    risen = rows.filter(moved__gt=0).order_by("-moved", "pk")[:limit]
    return list(fallen), list(risen)
