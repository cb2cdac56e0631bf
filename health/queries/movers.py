"""Whose health dropped, why, and the cheapest repair: the first thing on somebody's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Round

from accounts.models import User
from health.models import RelationshipScore, ScoreSnapshot
from health.queries.changes import ChangeLine, change_since, snapshots_before
from health.queries.explanation import TONES, candidates_of, scores_of
from health.queries.repairs import Repair, cheapest
from relationships.enums import HealthStatus
from relationships.models import Relationship

CHANGE_DAYS = 30
"""The span for which the state keeps the change."""

LEAST_DROP = Decimal(1)


@dataclass(frozen=True)
class Mover:
    """A relationship whose score fell: where it stands, by how much, the lines that add up to it, what to do."""

    relationship: Relationship
    score: Decimal
    status: HealthStatus
    tone: str
    change: Decimal
    lines: list[ChangeLine]
    repair: Repair | None
    weeks: list[Decimal | None]

    @property
    def href(self) -> str:
        """The record."""
        return f"/{self.relationship.kind}/{self.relationship.pk}/"


def dropped(
    *,
    viewer: User,
    now: datetime,
    days: int = CHANGE_DAYS,
    owner_ids: Sequence[int] | None = None,
    limit: int = 5,
) -> list[Mover]:
    """The open relationships that the viewer may see and whose score fell by a point or more in `days`, worst first.

    `owner_ids` narrows it to what some people own. At most seven queries, however many rows.
    """
    day = now.astimezone(UTC).date() - timedelta(days=days)
    rows = Relationship.objects.visible_to(viewer).filter(closed_at=None, state__health__isnull=False)
    if owner_ids is not None:
        rows = rows.filter(state__owner_id__in=owner_ids)
    worst = (
        rows.annotate(fell=_fell(days, day))
        .filter(fell__lte=-LEAST_DROP)
        .select_related("state", "owner")
        .order_by("fell", "id")
    )
    return _movers(list(worst[:limit]), viewer, now, day)


def _fell(days: int, day: date) -> F | CombinedExpression:
    if days == CHANGE_DAYS:
        return F("state__health_change")
    then = ScoreSnapshot.objects.filter(relationship=OuterRef("pk"), week__lte=day).order_by("-week")
    exact = DecimalField(max_digits=20, decimal_places=12)
    return F("state__health") - Round(Cast(Subquery(then.values("score")[:1]), exact), 1)


def _movers(rows: Sequence[Any], viewer: User, now: datetime, day: date) -> list[Mover]:
    ids = [row.pk for row in rows]
    scores = scores_of(ids) if ids else {}
    before = snapshots_before(ids, day) if ids else {}
    repairs = cheapest(
        {pk: candidates_of(stored, now) for pk, stored in scores.items()}, viewer=viewer, now=now
    )
    return [
        _mover(row, scores[row.pk], before.get(row.pk), repairs.get(row.pk), day)
        for row in rows
        if row.pk in scores
    ]


def _mover(
    row: Any,  # a Relationship with the annotation `fell`
    stored: RelationshipScore,
    snapshot: ScoreSnapshot | None,
    repair: Repair | None,
    day: date,
) -> Mover:
    change = change_since(snapshot, stored, day=day)
    status = HealthStatus(row.state.health_status)
    return Mover(
        relationship=row,
        score=row.state.health,
        status=status,
        tone=TONES.get(status, ""),
        change=row.fell,
        lines=change.lines if change else [],
        repair=repair,
        weeks=list(row.state.health_weeks),
    )
