"""What changed since a day: signed lines that add up to the difference of the two scores shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Subquery

from analytics.explain import shown
from health.models import RelationshipScore, ScoreSnapshot
from health.queries.parts import as_parts, lines_between
from health.queries.words import line_words


@dataclass(frozen=True)
class ChangeLine:
    """What one component brought or cost since then, with what it says now; without a key, evidence itself."""

    key: str
    words: str
    points: Decimal


@dataclass(frozen=True)
class Change:
    """The score then and now, as shown; the lines sum to their difference, the greatest first."""

    since: date
    before: Decimal
    after: Decimal
    lines: list[ChangeLine]

    @property
    def total(self) -> Decimal:
        """After minus before."""
        return self.after - self.before


def snapshots_before(relationship_ids: Sequence[int], day: date) -> dict[int, ScoreSnapshot]:
    """Each relationship's last kept week on or before a day, in one query."""
    kept = ScoreSnapshot.objects.filter(relationship_id__in=relationship_ids, week__lte=day)
    latest = kept.select_related("basis").order_by("relationship_id", "-week").distinct("relationship_id")
    return {snapshot.relationship_id: snapshot for snapshot in latest}


def change_since(snapshot: ScoreSnapshot | None, stored: RelationshipScore, *, day: date) -> Change | None:
    """What moved the score since a day for which `snapshot` stood; none where one of the two had no number."""
    if snapshot is None or snapshot.score is None or stored.score is None:
        return None
    lines = lines_between(as_parts(snapshot.parts), as_parts(stored.parts))
    by_key = {part["key"]: part for part in stored.parts}
    return Change(
        since=day,
        before=shown(snapshot.score),
        after=shown(stored.score),
        lines=[
            ChangeLine(key, line_words(by_key.get(key, {}), at=stored.as_of), Decimal(str(points)))
            for key, points in sorted(lines.items(), key=lambda line: (-abs(line[1]), line[0]))
        ],
    )


def changes_of(
    stored: RelationshipScore, *, now: datetime, days: Sequence[int] = (7, 30)
) -> dict[int, Change]:
    """What changed in each of the last so many days (at least one is asked), as far as there was a number then.

    One query.
    """
    today = now.astimezone(UTC).date()
    first_days = {span: today - timedelta(days=span) for span in days}
    kept = ScoreSnapshot.objects.filter(relationship_id=stored.pk).order_by("-week")
    weeks = [Subquery(kept.filter(week__lte=day).values("week")[:1]) for day in first_days.values()]
    asked = Q(*(Q(week=week) for week in weeks), _connector=Q.OR)
    snapshots = list(kept.select_related("basis").filter(asked))
    found: dict[int, Change] = {}
    for span, day in first_days.items():
        snapshot = next((kept_week for kept_week in snapshots if kept_week.week <= day), None)
        change = change_since(snapshot, stored, day=day)
        if change is not None:
            found[span] = change
    return found
