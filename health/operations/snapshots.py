"""The weekly history: what a score was on its Monday, kept where it differs from the week before."""

from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries.actors import system_actor
from health.enums import RunTrigger
from health.models import ScoringRun
from health.operations.locks import lock_for_full_run
from health.operations.moves import AS_TOLD, follow_scores
from health.operations.planning import planned_for

HISTORY_WEEKS = 18
"""Weeks that a relationship's state carries for its bars and sparkline, this week's value last."""

KEEP = """
INSERT INTO health_scoresnapshot
    (relationship_id, week, scorecard_id, score, reference, coverage, status, basis_id, found, evidence, points,
     used, facts, shown)
SELECT sc.relationship_id, %(week)s, sc.scorecard_id, sc.score, sc.reference, sc.coverage, st.health_status,
       sc.basis_id, sc.found, sc.evidence, sc.points, sc.used, sc.facts, sc.shown
FROM health_relationshipscore sc
JOIN relationships_relationshipstate st ON st.relationship_id = sc.relationship_id
JOIN relationships_relationship r ON r.id = sc.relationship_id
LEFT JOIN (
    SELECT DISTINCT ON (s.relationship_id) s.relationship_id, s.scorecard_id, s.shown, s.status
    FROM health_scoresnapshot s WHERE s.week < %(week)s ORDER BY s.relationship_id, s.week DESC
) last ON last.relationship_id = sc.relationship_id
WHERE st.kind = %(kind)s AND (r.closed_at IS NULL OR r.closed_at > %(as_of)s)
  AND CASE WHEN last.scorecard_id IS NULL THEN sc.score IS NOT NULL
           ELSE (last.scorecard_id, last.shown, last.status)
                IS DISTINCT FROM (sc.scorecard_id, sc.shown, st.health_status) END
ON CONFLICT (relationship_id, week) DO NOTHING
"""

"""The weeks before are read once, before the first row is written: looked up row by row without statistics, the
table was read anew for each of them while it grew, which took minutes for 100,000 relationships."""

MEASURE_FROM_TODAY = """
UPDATE health_relationshipscore sc SET told = CASE WHEN sc.score IS NOT NULL THEN {as_told} END
FROM health_relationshipscore held
LEFT JOIN health_scorebasis basis ON basis.id = held.basis_id
WHERE held.relationship_id = sc.relationship_id
  AND sc.relationship_id IN (SELECT relationship_id FROM relationships_relationshipstate WHERE kind = %(kind)s)
  AND (sc.told ->> 'score')::float8 IS DISTINCT FROM sc.score
"""

WEEKS = """
UPDATE relationships_relationshipstate st SET health_weeks = line.weeks
FROM (
    SELECT span.relationship_id,
           array_fill(NULL::numeric, ARRAY[%(weeks)s - count(*)::int])
           || array_agg(round(span.score::text::numeric, 1) ORDER BY monday.week) AS weeks
    FROM (SELECT s.relationship_id, s.score, greatest(s.week, %(first)s::date) AS since,
                 lead(s.week, 1, %(week)s::date + 7) OVER (PARTITION BY s.relationship_id ORDER BY s.week) AS until
          FROM health_scoresnapshot s
          JOIN relationships_relationshipstate state ON state.relationship_id = s.relationship_id
          WHERE state.kind = %(kind)s AND s.week <= %(week)s) span
    CROSS JOIN LATERAL generate_series(span.since, span.until - 7, interval '7 days') AS monday (week)
    GROUP BY span.relationship_id
) line
WHERE st.relationship_id = line.relationship_id AND st.health_weeks IS DISTINCT FROM line.weeks
"""
"""A score that was kept holds until the next one that was: each is written out for the weeks that it spans."""


def monday_of(moment: datetime) -> date:
    """The Monday of the week, in UTC as all scheduled work."""
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


@transaction.atomic
def keep_week(*, kind: str, week: date, as_of: datetime, now: datetime) -> int:
    """Keeps the kind's current scores as those of `week` (a Monday), where anything shown differs from the week
    before, and lengthens everybody's line of weeks. Returns how many rows were kept.
    """
    started = monotonic()
    params: dict[str, Any] = {
        "kind": kind, "week": week, "as_of": as_of, "weeks": HISTORY_WEEKS,
        "first": week - timedelta(weeks=HISTORY_WEEKS - 1),
    }  # fmt: skip
    with planned_for(everybody=True), connection.cursor() as cursor:
        cursor.execute(KEEP, params)
        kept = int(cursor.rowcount)
        cursor.execute(MEASURE_FROM_TODAY.format(as_told=AS_TOLD.format(score="sc", basis="basis")), params)
        cursor.execute(WEEKS, params)
    ScoringRun.objects.create(
        kind=kind,
        trigger=RunTrigger.WEEKLY,
        as_of=as_of,
        finished_at=timezone.now(),
        scored=kept,
        changed=kept,
        duration_ms=round(1000 * (monotonic() - started)),
    )
    return kept


@transaction.atomic
def keep_week_when_due(*, kind: str, now: datetime, actor: User | None = None) -> int:
    """Once a week, on its first call: counts the week for statuses, then keeps the scores. Later calls do nothing."""
    week = monday_of(now)
    lock_for_full_run(kind)
    since = datetime.combine(week, datetime.min.time(), tzinfo=UTC)
    if ScoringRun.objects.filter(kind=kind, trigger=RunTrigger.WEEKLY, as_of__gte=since).exists():
        return 0
    with planned_for(everybody=True):
        follow_scores(kind=kind, as_of=now, now=now, actor=actor or system_actor(), week_ends=True)
    return keep_week(kind=kind, week=week, as_of=now, now=now)
