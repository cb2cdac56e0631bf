"""How kinds are measured: the versions, what a draft would change, and where everybody stands on a curve."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from analytics.explain import shown
from health.enums import ScorecardStatus
from health.models import Component, Scorecard
from health.queries.compiled import Statement, compile_trial
from relationships.enums import HealthStatus
from relationships.models import Relationship

TRIAL_SIZE = 1_000
POPULATION = 20_000
BINS = 24

VALUES = """
SELECT part.value FROM (
    SELECT sc.found, sc.basis_id FROM health_relationshipscore sc
    JOIN health_scorecard card ON card.id = sc.scorecard_id
    WHERE card.kind = %s ORDER BY sc.relationship_id LIMIT %s
) held
JOIN health_scorebasis basis ON basis.id = held.basis_id
CROSS JOIN LATERAL unnest(held.found, basis.measures) AS part(value, measure)
WHERE part.measure = %s AND part.value IS NOT NULL
"""


@dataclass(frozen=True)
class Histogram:
    """How many of the population lie in each of equal bins from `low` to `high`; beyond stand in the outer ones."""

    low: float
    high: float
    counts: list[int]

    @property
    def total(self) -> int:
        """How many are counted."""
        return sum(self.counts)


@dataclass(frozen=True)
class Move:
    """How many would go from one status to another."""

    before: HealthStatus
    after: HealthStatus
    number: int


@dataclass(frozen=True)
class DryRun:
    """What a version would change of those tried: who moves, and by how much on average."""

    tried: int
    moves: list[Move]
    mean_change: Decimal | None

    @property
    def moving(self) -> int:
        """How many would stand in another status."""
        return sum(move.number for move in self.moves if move.before != move.after)


@dataclass(frozen=True)
class TriedPart:
    """One component of one relationship under a draft."""

    component: Component
    value: float | None
    evidence: int
    points: Decimal | None
    used: bool


@dataclass(frozen=True)
class Tried:
    """One relationship under a draft: the score it would have, and every component."""

    relationship: Relationship
    score: Decimal | None
    coverage: int
    parts: list[TriedPart]


def versions() -> QuerySet[Scorecard]:
    """Every version, by kind and unit, the newest first, with its number of components."""
    rows = Scorecard.objects.select_related("business_unit", "created_by", "activated_by")
    return rows.annotate(size=Count("components")).order_by("kind", "business_unit_id", "-version", "id")


def scorecard_of(pk: int) -> Scorecard | None:
    """A version with its components; none without one of that number."""
    rows = Scorecard.objects.select_related("business_unit", "created_by", "activated_by")
    return rows.prefetch_related("components").filter(pk=pk).first()


def components_of(scorecard: Scorecard) -> list[Component]:
    """The components in order."""
    return sorted(scorecard.components.all(), key=lambda component: (component.position, component.pk))


def dry_run(*, scorecard: Scorecard, now: datetime, size: int = TRIAL_SIZE) -> DryRun:
    """Measures `size` relationships (all where there are fewer) by a version and compares their bands with today's."""
    trial = compile_trial(
        scorecard, components_of(scorecard), size=size, ask="moves", other_units=_others(scorecard)
    )
    rows = _answers(trial, now)
    moves = [Move(HealthStatus(before), HealthStatus(after), number) for before, after, number, _sum in rows]
    both = sum(move.number for move in moves if move.before and move.after)
    change = sum(total for *_move, total in rows)
    return DryRun(
        tried=sum(move.number for move in moves),
        moves=sorted(moves, key=lambda move: (-move.number, move.before, move.after)),
        mean_change=shown(change / both) if both else None,
    )


def try_on(*, scorecard: Scorecard, relationship: Relationship, now: datetime) -> Tried | None:
    """One relationship measured by a version; none where it is measured by another one's kind or unit."""
    components = components_of(scorecard)
    if relationship.kind != scorecard.kind:
        return None
    trial = compile_trial(
        scorecard, components, size=1, ask="parts", ids=[relationship.pk], other_units=_others(scorecard)
    )
    rows = _answers(trial, now)
    if not rows:
        return None
    score, coverage, *columns = rows[0]
    parts = [
        TriedPart(
            component=component,
            value=columns[4 * n],
            evidence=round(columns[4 * n + 1]),
            points=None if columns[4 * n + 2] is None else shown(columns[4 * n + 2]),
            used=columns[4 * n + 3],
        )
        for n, component in enumerate(components)
    ]
    return Tried(relationship, None if score is None else shown(score), round(100 * coverage), parts)


def population(*, kind: str, measure: str, low: float, high: float) -> Histogram:
    """Where the relationships of a kind stand with a measure today, of at most 20,000 of them."""
    with connection.cursor() as cursor:
        cursor.execute(VALUES, [kind, POPULATION, measure])
        values = [value for (value,) in cursor.fetchall()]
    counts = [0] * BINS
    for value in values:
        place = (value - low) / (high - low) * BINS
        counts[int(min(max(place, 0), BINS - 1))] += 1
    return Histogram(low, high, counts)


def _others(scorecard: Scorecard) -> list[int]:
    """The units that have a scorecard in force of their own."""
    rows = Scorecard.objects.filter(
        kind=scorecard.kind, status=ScorecardStatus.ACTIVE, business_unit__isnull=False
    )
    return [unit for unit in rows.values_list("business_unit_id", flat=True) if unit is not None]


def _answers(trial: Statement, now: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(trial.sql, trial.params | {"as_of": now})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
