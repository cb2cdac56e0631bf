"""Where relationships stand: by kind, over the weeks, what moved it, and which ones want a decision."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import F, Max, Q, QuerySet, Sum

from accounts.models import User
from analytics.explain import apportioned, shown
from analytics.portfolio import MIX, KindSums, Sums, moved, overall
from core.arrays import one_of
from dashboards.models import HealthCell, HealthCellPart, PromiseCell
from dashboards.queries.portfolio import worth_to
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.models import Commitment, Relationship
from relationships.queries.commitment_ledger import RATED, Rate, rated, rates_of
from relationships.queries.reach import kinds_reached

PERIODS = (4, 12, 52)
TO_DECIDE = 5
SUMMED = (
    "relationships", "healthy", "watch", "at_risk",
    "plain_count", "plain_sum", "valued_count", "value_sum", "weighted_sum",
)  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """What the cells of a kind come to in one week: how many, in which bands, and the sums for the mean."""

    relationships: int
    healthy: int
    watch: int
    at_risk: int
    sums: Sums
    made_at: datetime

    @property
    def unknown(self) -> int:
        """How many have no score."""
        return self.relationships - self.healthy - self.watch - self.at_risk


@dataclass(frozen=True)
class KindStanding:
    """A kind now, its mean then, and its mean in every kept week, oldest first, now last."""

    kind: kinds.Kind
    now: Tally
    before: Decimal | None
    line: list[Decimal | None]

    @property
    def mean(self) -> Decimal | None:
        """The mean now, as shown."""
        return _shown(self.now.sums.mean)

    @property
    def change(self) -> Decimal | None:
        """Between then and now, of the figures as shown."""
        return None if self.mean is None or self.before is None else self.mean - self.before


@dataclass(frozen=True)
class MovedLine:
    """What one group of a kind's scorecard brought to the change of the whole; no kind for the mix of kinds."""

    kind: kinds.Kind | None
    group: str
    points: Decimal


@dataclass(frozen=True)
class Standing:
    """Everything in the viewer's sight. `since` is the Monday compared with; the lines sum to the change."""

    kinds: list[KindStanding]
    weeks: list[date]
    since: date | None
    mean: Decimal | None
    before: Decimal | None
    lines: list[MovedLine]
    made_at: datetime | None

    @property
    def change(self) -> Decimal | None:
        """Of the mean of everything, as shown."""
        return None if self.mean is None or self.before is None else self.mean - self.before

    @property
    def at_risk(self) -> int:
        """How many relationships are at risk now."""
        return sum(standing.now.at_risk for standing in self.kinds)


def standing(
    *, viewer: User, now: datetime, weeks: int = 12, week: date | None = None, with_lines: bool = True
) -> Standing:
    """How everything in sight stands now, or stood on the Monday `week`, against `weeks` before. Two queries,
    one without the lines of what moved it.

    Where so old a week is not kept, the oldest that is stands in for it.
    """
    last = week or now.date()
    cells = HealthCell.objects.visible_to(viewer)
    kept = cells.filter(Q(week__gte=last - timedelta(weeks=weeks + 1), week__lte=last) | Q(week=week))
    tallies = _tallies(kept)
    mondays = _mondays(tallies, week, last - timedelta(days=last.weekday(), weeks=weeks))
    since = mondays[0] if mondays else None
    then, at = (_kind_sums(tallies, day) for day in (since, week))
    parts = _parts(cells, (since, week) if since and with_lines else ())
    mean, before = _shown(overall(at)), _shown(overall(then)) if since else None
    found = [
        KindStanding(
            kind=kind,
            now=tallies[week, kind.slug],
            before=_shown(then[kind.slug].mean) if since and kind.slug in then else None,
            line=[_mean_in(tallies, day, kind.slug) for day in [*mondays, week]],
        )
        for kind in kinds_reached(viewer)
        if (week, kind.slug) in tallies
    ]
    return Standing(
        kinds=found,
        weeks=mondays,
        since=since,
        mean=mean,
        before=before,
        lines=[]
        if not with_lines
        else _lines(_with_parts(then, parts, since), _with_parts(at, parts, week), mean, before),
        made_at=max((each.now.made_at for each in found), default=None),
    )


def _tallies(cells: "QuerySet[HealthCell]") -> dict[tuple[date | None, str], Tally]:
    sums = {f"all_{name}": Sum(name) for name in SUMMED}
    rows = cells.values("week", "kind").annotate(made=Max("made_at"), **sums).order_by("week", "kind")
    return {(row["week"], row["kind"]): _tally(cast("dict[str, Any]", row)) for row in rows}


def _tally(row: Mapping[str, Any]) -> Tally:
    found = {name: row[f"all_{name}"] for name in SUMMED}
    return Tally(
        relationships=found["relationships"],
        healthy=found["healthy"],
        watch=found["watch"],
        at_risk=found["at_risk"],
        sums=Sums(
            plain_count=found["plain_count"],
            plain=found["plain_sum"],
            valued_count=found["valued_count"],
            value=found["value_sum"],
            weighted=found["weighted_sum"],
        ),
        made_at=row["made"],
    )


def _mondays(tallies: Mapping[tuple[date | None, str], Tally], week: date | None, target: date) -> list[date]:
    """The kept Mondays before `week` from the last one by `target` on; all where none is so old."""
    kept = sorted({day for day, _ in tallies if day is not None and day != week})
    first = next((day for day in reversed(kept) if day <= target), None)
    return [day for day in kept if first is None or day >= first]


def _kind_sums(tallies: Mapping[tuple[date | None, str], Tally], day: date | None) -> dict[str, Sums]:
    return {slug: tally.sums for (week, slug), tally in tallies.items() if week == day}


def _mean_in(tallies: Mapping[tuple[date | None, str], Tally], day: date | None, slug: str) -> Decimal | None:
    tally = tallies.get((day, slug))
    return _shown(tally.sums.mean) if tally else None


def _parts(
    cells: "QuerySet[HealthCell]", days: Iterable[date | None]
) -> dict[Any, dict[str, tuple[float, float]]]:
    """(week, kind) → group → its plain and weighted sum."""
    days = list(days)
    if not days:
        return {}
    wanted = Q(pk__in=[])
    for day in days:
        wanted |= Q(week=day)
    rows = HealthCellPart.objects.filter(one_of("cell_id", cells.filter(wanted))).values(
        "cell__week", "cell__kind", "group"
    )
    found: dict[Any, dict[str, tuple[float, float]]] = {}
    for row in rows.annotate(plain=Sum("plain_sum"), weighted=Sum("weighted_sum")).order_by("group"):
        groups = found.setdefault((row["cell__week"], row["cell__kind"]), {})
        groups[row["group"]] = (row["plain"], row["weighted"])
    return found


def _with_parts(
    sums: Mapping[str, Sums], parts: Mapping[Any, Mapping[str, tuple[float, float]]], day: date | None
) -> dict[str, KindSums]:
    return {slug: KindSums(found, parts.get((day, slug), {})) for slug, found in sums.items()}


def _lines(
    then: Mapping[str, KindSums], at: Mapping[str, KindSums], mean: Decimal | None, before: Decimal | None
) -> list[MovedLine]:
    """The greatest first; those of nothing left out."""
    if mean is None or before is None:
        return []
    shares = moved(then, at)
    keyed = {f"{slug}/{group}": points for (slug, group), points in shares.items()}
    lines = []
    for key, points in apportioned(keyed, mean - before).items():
        slug, group = key.split("/", 1)
        if points:
            kind = None if (slug, group) == MIX else kinds.registry.get(slug)
            lines.append(MovedLine(kind, group, points))
    return sorted(
        lines, key=lambda line: (-abs(line.points), line.kind.slug if line.kind else "", line.group)
    )


def _shown(mean: float | None) -> Decimal | None:
    return None if mean is None else shown(mean)


def promise_rates(*, viewer: User, now: datetime) -> dict[str, tuple[Rate, Rate]]:
    """How both sides kept their word over the last year, by kind: as added up, and what was promised among few."""
    cells: QuerySet[Any] = PromiseCell.objects.visible_to(viewer).values("kind")
    few = Commitment.objects.visible_to(viewer).made_among_few()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in cells.annotate(**{f"all_{name}": Sum(name) for name in RATED}):
        found[row["kind"]].update({name: row[f"all_{name}"] for name in RATED})
    for row in rated(few, by={"kind": F("relationship__kind")}, today=now.date()):
        found[row["kind"]].update({name: row[name] for name in RATED})
    return {kind: rates_of(numbers) for kind, numbers in found.items()}


def to_decide(*, viewer: User, limit: int = TO_DECIDE) -> list[Relationship]:
    """The open relationships at risk that the viewer may know of, the most valuable first."""
    rows = Relationship.objects.visible_to(viewer).filter(closed_at=None)
    worst = rows.filter(state__health_status=HealthStatus.AT_RISK).select_related("state", "owner")
    return list(worst.order_by(worth_to(viewer).desc(nulls_last=True), "state__health", "pk")[:limit])
