"""The weekly watch over every score: its sums are updated for a whole kind at once, and what signals is raised."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from analytics.cusum import LEAST_DEVIATION, SLACK, threshold_for
from health.enums import Rule
from health.models import RuleRetirement, ScoreSnapshot, ScoreWatch
from health.operations.notices import tell_raised
from health.operations.planning import planned_for
from relationships import kinds
from relationships.models import Relationship

BASELINE_WEEKS, BASELINE_ENDS = 26, 4
"""The usual is what was in these many weeks, the last of them so many weeks ago: a fall must not lower it."""

LEAST_WEEKS = 8
"""With fewer known weeks there is no usual yet."""

LEAST_DROP = 8.0
COOL_DOWN = timedelta(days=14)
MOST_PER_OWNER = 10
CATCH_UP = 26
"""Weeks that are added afterwards where nobody was there to add them."""

FOLD = """
WITH steps AS (
    SELECT s.relationship_id, s.score, s.week,
           lead(s.week) OVER (PARTITION BY s.relationship_id ORDER BY s.week) AS until
    FROM health_scoresnapshot s
    JOIN relationships_relationship r ON r.id = s.relationship_id
    WHERE r.kind = %(kind)s AND r.closed_at IS NULL AND s.week <= %(week)s
),
spans AS (
    SELECT relationship_id, score, (
        LEAST(COALESCE(until, %(after)s::date), %(after)s::date) - GREATEST(week, %(first)s::date)) / 7 AS weeks
    FROM steps WHERE score IS NOT NULL AND week < %(after)s::date
),
usual AS (
    SELECT relationship_id, sum(weeks * score) / sum(weeks) AS mean,
           GREATEST(sqrt(GREATEST(sum(weeks * score * score) / sum(weeks)
                                  - power(sum(weeks * score) / sum(weeks), 2::float8), 0::float8)),
                    %(least_deviation)s::float8) AS deviation
    FROM spans WHERE weeks > 0
    GROUP BY relationship_id HAVING sum(weeks) >= %(least_weeks)s
),
latest AS (
    SELECT steps.relationship_id, steps.score, usual.mean, usual.deviation,
           (steps.score - usual.mean) / usual.deviation AS z
    FROM steps JOIN usual ON usual.relationship_id = steps.relationship_id
    WHERE steps.until IS NULL AND steps.score IS NOT NULL
)
INSERT INTO health_scorewatch (relationship_id, week, upper, lower, mean, deviation, score)
SELECT latest.relationship_id, %(week)s,
       GREATEST(0::float8, z - %(slack)s::float8 + COALESCE(before.upper, 0::float8)),
       GREATEST(0::float8, -z - %(slack)s::float8 + COALESCE(before.lower, 0::float8)),
       latest.mean, latest.deviation, latest.score
FROM latest LEFT JOIN health_scorewatch before ON before.relationship_id = latest.relationship_id
ON CONFLICT (relationship_id) DO UPDATE SET
    week = excluded.week, upper = excluded.upper, lower = excluded.lower, mean = excluded.mean,
    deviation = excluded.deviation, score = excluded.score
WHERE health_scorewatch.week < excluded.week
"""

RAISE = """
WITH signalling AS (
    SELECT w.*, st.value_amount, st.value_currency, row_number() OVER (
        PARTITION BY r.owner_id
        ORDER BY NULLIF(st.value_tier, '') NULLS LAST,
                 COALESCE(st.value_amount, 0) * (w.mean - w.score)::numeric DESC, w.lower DESC, r.id) AS place
    FROM health_scorewatch w
    JOIN relationships_relationship r ON r.id = w.relationship_id
    JOIN relationships_relationshipstate st ON st.relationship_id = w.relationship_id
    WHERE r.kind = %(kind)s AND r.closed_at IS NULL AND w.week = %(week)s
      AND w.lower > %(threshold)s::float8 AND w.mean - w.score >= %(least_drop)s::float8
      AND NOT EXISTS (
          SELECT 1 FROM health_alert a WHERE a.relationship_id = w.relationship_id AND a.rule = 'fall'
          AND (a.state IN ('open', 'acknowledged', 'acted') OR a.opened_at > %(cooled)s))
),
raised AS (
    INSERT INTO health_alert (relationship_id, rule, state, opened_at, statistic, threshold, facts,
                              action, judgement)
    SELECT relationship_id, 'fall', 'open', %(now)s, lower, %(threshold)s,
           jsonb_build_object('mean', round(mean::numeric, 1), 'score', round(score::numeric, 1),
                              'deviation', round(deviation::numeric, 1), 'week', %(week)s::date,
                              'value', value_amount, 'currency', value_currency), '', ''
    FROM signalling WHERE place <= %(most)s
    ON CONFLICT DO NOTHING
    RETURNING relationship_id
)
UPDATE health_scorewatch w SET lower = 0 FROM raised WHERE w.relationship_id = raised.relationship_id
"""


def watch_every_kind(*, now: datetime) -> int:
    """Adds the weeks kept since the last time to the sums of every kind; returns how many alerts were raised."""
    threshold = threshold_for(Relationship.objects.open().count())
    raised = sum(watch_kind(kind=kind.slug, now=now, threshold=threshold) for kind in kinds.registry)
    tell_raised(now=now)
    return raised


@transaction.atomic
def watch_kind(*, kind: str, now: datetime, threshold: float) -> int:
    """Adds every kept week that is missing, the oldest first, and raises what signals in the last of them.

    A signal in a week that is caught up with is raised as of now; each week is added only once, so a repeat
    changes nothing.
    """
    last = ScoreSnapshot.objects.filter(relationship__kind=kind).order_by("-week", "pk").first()
    if last is None:
        return 0
    watched = ScoreWatch.objects.filter(relationship__kind=kind).order_by("-week", "pk").first()
    this = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    week = max(
        watched.week if watched else last.week - timedelta(weeks=CATCH_UP), this - timedelta(weeks=CATCH_UP)
    )
    raised = 0
    while week < this:
        week += timedelta(weeks=1)
        fold_week(kind=kind, week=week)
        raised += raise_falls(kind=kind, week=week, now=now, threshold=threshold)
    return raised


def fold_week(*, kind: str, week: date) -> int:
    """Adds one Monday's scores of a kind to both sums; returns how many relationships are watched."""
    return _run(
        FOLD,
        kind=kind,
        week=week,
        first=week - timedelta(weeks=BASELINE_ENDS + BASELINE_WEEKS - 1),
        after=week - timedelta(weeks=BASELINE_ENDS - 1),
        slack=SLACK,
        least_deviation=LEAST_DEVIATION,
        least_weeks=LEAST_WEEKS,
    )


def raise_falls(*, kind: str, week: date, now: datetime, threshold: float) -> int:
    """Raises an alert for each fall that passed the threshold, at most ten an owner by the value at risk.

    What is raised starts again at zero. Nothing is raised twice while unsettled or within fourteen days.
    """
    if RuleRetirement.objects.filter(rule=Rule.FALL).exists():
        return 0
    return _run(
        RAISE,
        kind=kind,
        week=week,
        now=now,
        threshold=threshold,
        least_drop=LEAST_DROP,
        cooled=now - COOL_DOWN,
        most=MOST_PER_OWNER,
    )


def _run(sql: str, **params: Any) -> int:
    with transaction.atomic(), planned_for(everybody=True), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)
