"""What bypasses statistics: events that call for somebody at once, found set-based and raised once each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from accounts.models import BusinessUnit
from accounts.queries.calendars import working_calendar
from analytics.business_time import business_minutes_many
from health.enums import Rule
from health.models import Alert, RuleRetirement
from health.operations.notices import tell_raised
from relationships.enums import Severity

LOOK_BACK = timedelta(days=14)
"""What happened longer ago is not news: an import of old history must not fill the inbox."""

CHAMPION_AGAIN = timedelta(days=90)
"""Somebody who leaves usually has several ties to the organisation; one alert speaks of all."""

DECIDING_INFLUENCE = 4
SILENT_TIMES = 10.0
"""Silence is waiting ten times as long as they usually take (Kalman & Rafaeli 2011)."""

LEAST_REPLIES, LEAST_MINUTES = 3, 60.0
LONGEST_WAIT = timedelta(days=90)

FOLLOW_CORRECTIONS = """
UPDATE health_alert a SET interaction_id = newer.id
FROM relationships_interaction newer
WHERE newer.corrects_id = a.interaction_id
"""

PROBLEMS = """
INSERT INTO health_alert (relationship_id, rule, state, opened_at, interaction_id, statistic, threshold, facts,
                          action, judgement)
SELECT i.relationship_id, 'problem', 'open', %(now)s, i.id, i.problem_severity, %(least)s,
       jsonb_build_object('severity', i.problem_severity), '', ''
FROM relationships_interaction i
JOIN relationships_relationship r ON r.id = i.relationship_id
WHERE i.problem_severity >= %(least)s AND i.problem_closed_at IS NULL AND i.superseded_at IS NULL
  AND i.happened_at > %(since)s AND r.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM health_alert a WHERE a.interaction_id = i.corrects_id AND a.rule = 'problem')
ON CONFLICT DO NOTHING
"""

MISSED = """
INSERT INTO health_alert (relationship_id, rule, state, opened_at, commitment_id, facts, action, judgement)
SELECT c.relationship_id, 'missed_promise', 'open', %(now)s, c.id,
       jsonb_build_object('direction', c.direction, 'due', c.current_due_date), '', ''
FROM relationships_commitment c
JOIN relationships_relationship r ON r.id = c.relationship_id
WHERE c.state = 'missed' AND c.missed_at > %(since)s AND r.closed_at IS NULL
ON CONFLICT DO NOTHING
"""

LEFT = """
INSERT INTO health_alert (relationship_id, rule, state, opened_at, link_id, facts, action, judgement)
SELECT DISTINCT ON (r.id, person.id) r.id, 'champion_left', 'open', %(now)s, gone.id,
       jsonb_build_object('person_id', person.id, 'until', gone.until_date), '', ''
FROM relationships_partylink gone
JOIN relationships_party person ON person.id IN (gone.source_party_id, gone.target_party_id)
     AND person.kind = 'person'
JOIN relationships_relationship r ON r.party_id IN (gone.source_party_id, gone.target_party_id)
     AND r.party_id <> person.id AND r.closed_at IS NULL
JOIN relationships_linktype t ON t.id = gone.type_id
WHERE gone.until_date BETWEEN %(since)s::timestamptz::date AND %(now)s::timestamptz::date
  AND t.slug IN ('employs', 'decides_for', 'influences')
  AND EXISTS (
      SELECT 1 FROM relationships_partylink tie JOIN relationships_linktype k ON k.id = tie.type_id
      WHERE (k.slug = 'decides_for' OR tie.influence >= %(influence)s)
        AND (tie.source_party_id, tie.target_party_id) IN ((person.id, r.party_id), (r.party_id, person.id)))
  AND NOT EXISTS (
      SELECT 1 FROM health_alert a WHERE a.relationship_id = r.id AND a.rule = 'champion_left'
      AND a.opened_at > %(again)s AND (a.facts ->> 'person_id')::bigint = person.id)
ORDER BY r.id, person.id, gone.id
ON CONFLICT DO NOTHING
"""

WAITING = """
SELECT r.id, r.business_unit_id, asked.id, asked.happened_at, habit.minutes
FROM relationships_relationshipstate st
JOIN relationships_relationship r ON r.id = st.relationship_id
CROSS JOIN LATERAL (
    SELECT i.id, i.happened_at FROM relationships_interaction i
    WHERE i.relationship_id = r.id AND i.superseded_at IS NULL AND i.direction = 'out'
      AND (i.channel IN ('email', 'message', 'letter', 'social')
           OR i.channel = 'call' AND COALESCE(i.duration_minutes, 0) = 0)
      AND i.happened_at > COALESCE(st.last_inbound_at, '-infinity') AND i.happened_at > %(since)s
    ORDER BY i.happened_at, i.id LIMIT 1
) asked
CROSS JOIN LATERAL (
    SELECT count(*) AS n, exp(avg(ln(GREATEST(i.reply_minutes::float8, 1::float8)))) AS minutes
    FROM relationships_interaction i
    WHERE i.relationship_id = r.id AND i.superseded_at IS NULL AND i.direction = 'in'
      AND i.reply_minutes IS NOT NULL AND i.happened_at > %(year)s
) habit
WHERE st.last_outbound_at > GREATEST(COALESCE(st.last_inbound_at, '-infinity'), %(since)s) AND r.closed_at IS NULL
  AND habit.n >= %(replies)s
  AND %(now)s - asked.happened_at >= make_interval(mins => (%(times)s * GREATEST(habit.minutes, %(least)s))::int)
  AND NOT EXISTS (
      SELECT 1 FROM health_alert a WHERE a.rule = 'silence' AND a.relationship_id = r.id
      AND (a.interaction_id = asked.id OR a.state IN ('open', 'acknowledged', 'acted')))
ORDER BY r.business_unit_id, r.id
"""


@dataclass(frozen=True)
class Waiting:
    """Something of ours that is waiting for an answer, and how many working minutes they usually take."""

    relationship_id: int
    unit_id: int
    interaction_id: int
    asked_at: datetime
    usual: float


@transaction.atomic
def raise_sightings(*, now: datetime) -> int:
    """Raises what was seen since the last time, of every rule in force; a repeat raises nothing. Returns how many."""
    retired = set(RuleRetirement.objects.values_list("rule", flat=True))
    given: dict[str, Any] = {
        "now": now,
        "since": now - LOOK_BACK,
        "least": Severity.HIGH.value,
        "influence": DECIDING_INFLUENCE,
        "again": now - CHAMPION_AGAIN,
    }
    raised = 0
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_CORRECTIONS)
        for rule, sql in (
            (Rule.PROBLEM, PROBLEMS),
            (Rule.MISSED_PROMISE, MISSED),
            (Rule.CHAMPION_LEFT, LEFT),
        ):
            if rule not in retired:
                cursor.execute(sql, given)
                raised += cursor.rowcount
    if Rule.SILENCE not in retired:
        raised += _raise_silences(now)
    tell_raised(now=now)
    return raised


def _raise_silences(now: datetime) -> int:
    given: dict[str, Any] = {
        "now": now,
        "since": now - LONGEST_WAIT,
        "year": now - timedelta(days=365),
        "replies": LEAST_REPLIES,
        "times": SILENT_TIMES,
        "least": LEAST_MINUTES,
    }
    with connection.cursor() as cursor:
        cursor.execute(WAITING, given)
        waiting = [Waiting(*row) for row in cursor.fetchall()]
    raised = []
    for wait, minutes in _in_working_time(waiting, now):
        times = minutes / max(wait.usual, LEAST_MINUTES)
        if times >= SILENT_TIMES:
            facts = {
                "usual": round(wait.usual),
                "waiting": round(minutes),
                "asked_at": wait.asked_at.isoformat(),
            }
            raised.append(
                Alert(
                    relationship_id=wait.relationship_id,
                    rule=Rule.SILENCE,
                    opened_at=now,
                    interaction_id=wait.interaction_id,
                    statistic=times,
                    threshold=SILENT_TIMES,
                    facts=facts,
                )
            )
    return len(Alert.objects.bulk_create(raised))


def _in_working_time(waiting: Iterable[Waiting], now: datetime) -> list[tuple[Waiting, float]]:
    """Each wait with its working minutes, by the calendar of its business unit."""
    by_unit: dict[int, list[Waiting]] = {}
    for wait in waiting:
        by_unit.setdefault(wait.unit_id, []).append(wait)
    units = BusinessUnit.objects.in_bulk(list(by_unit))
    found: list[tuple[Waiting, float]] = []
    for unit_id, waits in by_unit.items():
        calendar = working_calendar(units[unit_id], min(wait.asked_at.year for wait in waits), now.year)
        starts = np.array([_plain(wait.asked_at) for wait in waits], "datetime64[us]")
        ends = np.full(len(waits), _plain(now), "datetime64[us]")
        found += zip(waits, business_minutes_many(calendar, starts, ends).tolist(), strict=True)
    return found


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
