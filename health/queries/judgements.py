"""What people say of health beside what is computed: the overrides that stand, and the score that they make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import Promise

from analytics.explain import Part, score, shown
from analytics.hysteresis import band
from core.wording import local
from health.models import RelationshipScore, ScoreOverride
from health.queries.parts import as_parts
from health.queries.words import component_label
from relationships.enums import HealthStatus
from relationships.models import Relationship


@dataclass(frozen=True)
class Override:
    """One that stands: of what, which value beside which computed one, who says so, why and until when."""

    pk: int
    component: str
    label: str | Promise
    value: Decimal
    computed: Decimal | None
    reason: str
    by: str
    expires_at: datetime

    @property
    def until_date(self) -> date:
        """The last day on which it stands, in the viewer's zone."""
        return local(self.expires_at - timedelta(seconds=1)).date()


@dataclass(frozen=True)
class Judgement:
    """The score and status that the standing overrides make. The status takes its band at once, without patience."""

    score: Decimal | None
    status: HealthStatus
    overrides: list[Override]


def with_overrides(scores: "QuerySet[RelationshipScore]") -> "QuerySet[Any]":
    """The scores, each with `said`: the overrides that have not been ended, in the same query."""
    standing = ScoreOverride.objects.filter(relationship=OuterRef("pk"), ended_at=None).order_by("component")
    told = JSONObject(
        pk="pk", component="component", value="value", reason="reason", expires_at="expires_at",
        by=F("set_by__name"),
    )  # fmt: skip
    return scores.annotate(said=ArraySubquery(standing.values(json=told)))


def judgement_of(stored: RelationshipScore, *, now: datetime) -> Judgement | None:
    """What people say of a score from `with_overrides`, as far as it has not run out; none where nobody does."""
    points = {part["key"]: part["points"] for part in stored.parts if part["used"]}
    labels = {part["key"]: part["measure"] for part in stored.parts}
    standing = [
        Override(
            pk=said["pk"],
            component=said["component"],
            label=component_label(labels.get(said["component"], "")),
            value=shown(float(said["value"])),
            computed=_computed(points.get(said["component"]) if said["component"] else stored.score),
            reason=said["reason"],
            by=said["by"],
            expires_at=datetime.fromisoformat(said["expires_at"]),
        )
        for said in getattr(stored, "said", [])
        if datetime.fromisoformat(said["expires_at"]) > now
    ]
    if not standing:
        return None
    found = _judged(as_parts(stored.parts), standing, float(stored.scorecard.coverage_threshold))
    status = HealthStatus(band(found).value) if found is not None else HealthStatus.NONE
    return Judgement(None if found is None else shown(found), status, standing)


def standing_override(relationship: Relationship, pk: int) -> ScoreOverride | None:
    """An override of a relationship that the caller may know of; none without one of that number."""
    return ScoreOverride.objects.filter(relationship=relationship, pk=pk).first()


def _judged(parts: Sequence[Part], standing: Sequence[Override], least_coverage: float) -> float | None:
    """The whole as somebody says it; else the same weighted mean with what is said of components in it."""
    said = {override.component: float(override.value) for override in standing}
    if "" in said:
        return said[""]
    return score([replace(part, points=said.get(part.key, part.points)) for part in parts], least_coverage)


def _computed(points: float | None) -> Decimal | None:
    return None if points is None else shown(points)
