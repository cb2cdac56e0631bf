"""The facts of a week as ids and whole numbers, from what is kept and dated alone: they come out the same again.

Nothing here looks at a viewer: a brief holds everything, and is read through the reader's rights.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from analytics.explain import shown
from dashboards.models import OutsideIssue, OutsideIssueEvent
from health.models import ScoreSnapshot
from health.queries.parts import as_parts, lines_between
from relationships import kinds
from relationships.models import Commitment

FORMAT = 1
MOVES, BROKEN, DECIDING = 25, 200, 50
"""The most of each that a brief holds, for moves: of a kind, each way."""

AT = """
SELECT DISTINCT ON (s.relationship_id) s.relationship_id, r.kind, s.status, s.score
FROM health_scoresnapshot s JOIN relationships_relationship r ON r.id = s.relationship_id
WHERE s.week <= %(week)s AND r.opened_at <= %(moment)s AND (r.closed_at IS NULL OR r.closed_at > %(moment)s)
ORDER BY s.relationship_id, s.week DESC
"""
KINDS = f"""
SELECT kind, count(score), count(*) FILTER (WHERE status = 'healthy'), count(*) FILTER (WHERE status = 'watch'),
       count(*) FILTER (WHERE status = 'at_risk'), COALESCE(sum(round(score::text::numeric, 1) * 10), 0)::bigint
FROM ({AT}) held GROUP BY kind ORDER BY kind
"""  # noqa: S608 - a constant of this module
AT_RISK = f"""
SELECT relationship_id, (round(score::text::numeric, 1) * 10)::int FROM ({AT}) held
WHERE status = 'at_risk' AND score IS NOT NULL ORDER BY score, relationship_id LIMIT %(most)s
"""  # noqa: S608 - a constant of this module
MOVED = """
SELECT kind, relationship_id, was, has, then_id, now_id FROM (
    SELECT r.kind, s.relationship_id, b.score AS was, s.score AS has, b.id AS then_id, s.id AS now_id,
           row_number() OVER (PARTITION BY r.kind ORDER BY s.score - b.score, s.relationship_id) AS fallen,
           row_number() OVER (PARTITION BY r.kind ORDER BY b.score - s.score, s.relationship_id) AS risen
    FROM health_scoresnapshot s JOIN relationships_relationship r ON r.id = s.relationship_id
    JOIN LATERAL (
        SELECT id, score FROM health_scoresnapshot k
        WHERE k.relationship_id = s.relationship_id AND k.week < s.week ORDER BY k.week DESC LIMIT 1
    ) b ON b.score IS NOT NULL
    WHERE s.week = %(week)s AND s.score IS NOT NULL
      AND r.opened_at <= %(moment)s AND (r.closed_at IS NULL OR r.closed_at > %(moment)s)
) moved
WHERE fallen <= %(most)s AND has < was OR risen <= %(most)s AND has > was
ORDER BY kind, has - was, relationship_id
"""


def facts_of(week: date) -> dict[str, Any]:
    """What is known of the seven days that end when the Monday `week` begins (UTC).

    Scores are tenths of points. Raises ValueError for a day that is no Monday.
    """
    if week.weekday():
        raise ValueError(f"{week.isoformat()} is not a Monday")
    moment = datetime.combine(week, time(tzinfo=UTC))
    return {
        "format": FORMAT,
        "week": week.isoformat(),
        "kinds": _kinds(week, moment),
        "moves": _moves(week, moment),
        "broken": _broken(moment),
        "deciding": _deciding(week, moment),
        "outside": _outside(moment),
    }


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one way to write them down: sorted keys, no blanks, ASCII."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def hash_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _kinds(week: date, moment: datetime) -> dict[str, dict[str, int]]:
    names = ("scored", "healthy", "watch", "at_risk", "tenths")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in _rows(KINDS, week=week, moment=moment)}


def _moves(week: date, moment: datetime) -> list[dict[str, Any]]:
    rows = _rows(MOVED, week=week, moment=moment, most=MOVES)
    kept = ScoreSnapshot.objects.select_related("basis").in_bulk([pk for row in rows for pk in row[-2:]])
    return [
        {
            "kind": kind,
            "relationship": pk,
            "before": _tenths(was),
            "after": _tenths(has),
            "lines": {key: round(10 * points) for key, points in _lines(kept[then], kept[now]).items()},
        }
        for kind, pk, was, has, then, now in rows
        if kind in kinds.registry and _tenths(was) != _tenths(has)
    ]


def _lines(then: ScoreSnapshot, now: ScoreSnapshot) -> dict[str, float]:
    """What moved it."""
    return lines_between(as_parts(then.parts), as_parts(now.parts))


def _broken(moment: datetime) -> list[dict[str, Any]]:
    """Promises that were missed in the week, of either side."""
    rows = Commitment.objects.filter(missed_at__gte=moment - timedelta(days=7), missed_at__lt=moment)
    return [
        {"commitment": pk, "direction": direction, "relationship": relationship}
        for pk, direction, relationship in rows.order_by("pk").values_list(
            "pk", "direction", "relationship_id"
        )[:BROKEN]
    ]


def _deciding(week: date, moment: datetime) -> list[dict[str, int]]:
    rows = _rows(AT_RISK, week=week, moment=moment, most=DECIDING)
    return [{"relationship": pk, "score": tenths} for pk, tenths in rows]


def _outside(moment: datetime) -> list[dict[str, Any]]:
    """Outside issues that were open then, with the state that they had."""
    told = OutsideIssueEvent.objects.filter(issue=OuterRef("pk"), at__lt=moment).order_by("-at", "-pk")
    rows: Iterable[tuple[int, str]] = (
        OutsideIssue.objects.filter(Q(closed_at=None) | Q(closed_at__gte=moment), created_at__lt=moment)
        .annotate(then=Subquery(told.values("state")[:1]))
        .order_by("pk")
        .values_list("pk", "then")
    )
    return [{"issue": pk, "state": state} for pk, state in rows]


def _tenths(score: float) -> int:
    return int(shown(score) * 10)
