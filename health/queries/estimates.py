"""How our estimates have done: what proposals were said to bring, against what came of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from accounts.enums import Permission
from accounts.models import User
from analytics.coverage import Coverage, coverage
from core.keyset import Order, Page, SortKey, page
from health.models import BenefitLine, LookBack
from health.queries.benefit import Weighed
from relationships.enums import ValueSide
from relationships.models import Relationship
from relationships.permissions import may_in

LIMIT = 25
WAITING = 10
NEWEST = Order(SortKey("pk", int), descending=True)
FELL = {
    "inside": Q(actual__gte=F("low"), actual__lte=F("high")),
    "below": Q(actual__lt=F("low")),
    "above": Q(actual__gt=F("high")),
}
"""Where an actual lies against the range that was estimated."""


@dataclass(frozen=True)
class Record:
    """How one estimator's ranges, or all on one side, have done. `key` is what a list of the lines is asked for by."""

    key: str
    label: str
    inside: int
    below: int
    above: int

    @property
    def compared(self) -> int:
        """How many lines have their actual."""
        return self.inside + self.below + self.above

    @property
    def coverage(self) -> Coverage | None:
        """The share inside with its interval."""
        return coverage(self.inside, self.compared)


@dataclass(frozen=True)
class Estimates:
    """All lines together, by side and by estimator, and the proposals that still wait for their actuals."""

    every: Record
    sides: list[Record]
    estimators: list[Record]
    waiting: list[LookBack]


def estimates(*, viewer: User, today: date) -> Estimates:
    """What the viewer may see of it, money and all."""
    seen = _weighed_by(viewer)
    lines = _compared(seen)
    by_side = _records(lines, "side", {str(side): str(side.label) for side in ValueSide})
    people = _records(lines.annotate(who=F("estimated_by__name")), "estimated_by_id", {}, "who")
    sums = (sum(getattr(record, fell) for record in by_side) for fell in FELL)
    waiting = LookBack.objects.filter(due_date__lte=today, proposal__relationship__in=seen).filter(
        Q(proposal__lines__actual=None)
    )
    return Estimates(
        every=Record("", "", *sums),
        sides=by_side,
        estimators=sorted(people, key=lambda record: (-record.compared, record.label, record.key)),
        waiting=list(
            waiting.select_related("proposal__relationship").distinct().order_by("due_date", "pk")[:WAITING]
        ),
    )


def compared_lines(
    *, viewer: User, by: int | None = None, side: str = "", fell: str = "", cursor: str = ""
) -> Page[BenefitLine]:
    """The lines behind the numbers, the newest first."""
    rows = _compared(_weighed_by(viewer))
    if by is not None:
        rows = rows.filter(estimated_by_id=by)
    if side in ValueSide:
        rows = rows.filter(side=side)
    if fell in FELL:
        rows = rows.filter(FELL[fell])
    found = rows.select_related("proposal__relationship", "estimated_by")
    return page(found, NEWEST, cursor=cursor, limit=LIMIT)


def _weighed_by(viewer: User) -> list[int]:
    """The relationships with something to look back at whose money the viewer may see."""
    asked = Relationship.objects.visible_to(viewer).filter(proposals__look_back__isnull=False)
    return [
        relationship.pk
        for relationship in asked.distinct().order_by("pk")
        if may_in(viewer, Permission.VIEW_MONEY, relationship)
    ]


def _compared(relationship_ids: list[int]) -> "QuerySet[BenefitLine]":
    return BenefitLine.objects.filter(
        proposal__relationship__in=relationship_ids,
        proposal__look_back__isnull=False,
        actual__isnull=False,
    )


def _records(
    lines: "QuerySet[BenefitLine]", field: str, labels: Mapping[str, str], name: str = ""
) -> list[Record]:
    counts = {fell: Count("pk", filter=condition) for fell, condition in FELL.items()}
    wanted = [field, name] if name else [field]
    rows: Iterable[Mapping[str, Any]] = lines.values(*wanted).annotate(**counts).order_by(field)
    return [
        Record(str(row[field]), row[name] if name else labels[row[field]], *(row[fell] for fell in FELL))
        for row in rows
    ]


@dataclass(frozen=True)
class Comparison:
    """One side of a proposal: what it was thought to come to, and what it came to (None until all is known)."""

    label: str
    low: float
    likely: float
    high: float
    actual: float | None

    @property
    def is_inside(self) -> bool:
        """Whether what came about lies within the range."""
        return self.actual is not None and self.low <= self.actual <= self.high

    @property
    def is_above(self) -> bool:
        """Whether it came to more than the range."""
        return self.actual is not None and self.actual > self.high


def compare(weighed: Weighed) -> list[Comparison]:
    """Both sides of a proposal with lines, estimate beside actual."""
    found = weighed.alone.found
    if found is None:
        return []
    sides = ((ValueSide.TO_US, found.us), (ValueSide.TO_THEM, found.them))
    return [
        Comparison(str(side.label), said.low, said.mid, said.high, _came_to(weighed.lines, side))
        for side, said in sides
    ]


def _came_to(lines: Iterable[BenefitLine], side: str) -> float | None:
    actuals = [(line.actual, line.is_cost) for line in lines if line.side == side]
    if any(amount is None for amount, _is_cost in actuals):
        return None
    return float(sum(-amount if is_cost else amount for amount, is_cost in actuals if amount is not None))
