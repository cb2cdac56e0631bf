"""The rows behind a brief's figures, as they stood when its week ended."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from analytics.explain import shown
from core.keyset import Order, Page, SortKey, page
from core.refusals import Missing
from dashboards.models import Brief
from health.models import ScoreSnapshot
from health.queries.parts import as_parts, lines_between
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.models import Relationship

LIMIT = 25
BY_NAME = Order(SortKey("party_name"))
NONE = "none"
BANDS = (*(status for status in HealthStatus.values if status), NONE)


@dataclass(frozen=True)
class Part:
    """A component of then: its points of 100, its share of the whole in per cent, and what it moved in the week."""

    label: str
    points: float
    share: float
    moved: Decimal | None


@dataclass(frozen=True)
class RowThen:
    """A relationship as it stood at the end of a brief's week. No score where there was not enough evidence."""

    relationship: Relationship
    status: str
    score: Decimal | None
    before: Decimal | None
    parts: list[Part]


def brief_rows(
    *, viewer: User, brief: Brief, kind: str, band: str = "", cursor: str = ""
) -> Page[Relationship]:
    """A page of them, by name."""
    rows = rows_then(viewer=viewer, brief=brief, kind=kind, band=band)
    return page(rows.select_related("owner"), BY_NAME, cursor=cursor, limit=LIMIT)


def rows_then(*, viewer: User, brief: Brief, kind: str, band: str = "") -> "QuerySet[Relationship]":
    """Those of a kind that were open then, in the band they were in; with `then_score`, `then_status`.

    Only what the viewer may know of; who they are and who looks after them is of today.
    """
    kept = ScoreSnapshot.objects.filter(relationship=OuterRef("pk"), week__lte=brief.week).order_by("-week")
    rows = (
        _open_then(viewer, brief)
        .filter(kind=kind)
        .annotate(
            then_score=Subquery(kept.values("score")[:1]),
            then_status=Coalesce(Subquery(kept.values("status")[:1]), Value("")),
        )
    )
    if band in BANDS:
        rows = rows.filter(then_status="" if band == NONE else band)
    return rows


def row_then(*, viewer: User, brief: Brief, relationship_id: int) -> RowThen:
    """One of them with its parts, and what moved it in the week. Raises Missing."""
    found = _open_then(viewer, brief).filter(pk=relationship_id).select_related("owner").first()
    if found is None:
        raise Missing("There is no such relationship.")
    kept = _kept_by(found, brief.week)
    if not kept:
        return RowThen(found, "", None, None, [])
    moved_now = len(kept) > 1 and kept[0].week == brief.week
    before = kept[1] if moved_now else kept[0]
    return RowThen(
        relationship=found,
        status=kept[0].status,
        score=_tenth(kept[0].score),
        before=_tenth(before.score),
        parts=_parts(found, kept[0], before),
    )


def _kept_by(relationship: Relationship, week: date) -> list[ScoreSnapshot]:
    """The last two weeks that were kept until then, the later one first."""
    kept = ScoreSnapshot.objects.filter(relationship=relationship, week__lte=week)
    return list(kept.select_related("basis").order_by("-week")[:2])


def _open_then(viewer: User, brief: Brief) -> "QuerySet[Relationship]":
    moment = datetime.combine(brief.week, time(tzinfo=UTC))
    return Relationship.objects.visible_to(viewer).filter(
        Q(closed_at=None) | Q(closed_at__gt=moment), opened_at__lte=moment
    )


def _parts(relationship: Relationship, kept: ScoreSnapshot, before: ScoreSnapshot) -> list[Part]:
    """The used parts in scorecard order; the week's lines beside them add up to the change."""
    parts = [part for part in as_parts(kept.parts) if part.used]
    whole = sum(part.weight for part in parts)
    lines = lines_between(as_parts(before.parts), as_parts(kept.parts)) if before.pk != kept.pk else {}
    labels = {each.key: each.measure for each in kinds.registry.get(relationship.kind).components}
    return [
        Part(
            label=labels.get(part.key, part.key),
            points=part.points,
            share=100 * part.weight / whole,
            moved=_tenth(lines.get(part.key)),
        )
        for part in parts
    ]


def _tenth(score: float | None) -> Decimal | None:
    return None if score is None else shown(score)
