"""What a new score does to the relationship's state: status, change, reason; and what the timeline is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from analytics.explain import shown
from analytics.hysteresis import CLEAR_BY, HEALTHY_FROM, WATCH_FROM, WEEKS_BEYOND
from health.models import RelationshipScore, Scorecard
from health.operations.planning import run_planned
from health.queries.parts import as_parts, as_told, lines_between
from relationships.models import Event

CHANGE_DAYS = 30
TELLING_POINTS = 5
"""The timeline tells of a score that moved this far since Monday, or since it was last told of."""

TOLD_AT_ONCE = 1_000
"""Timelines that are written to in one statement: of a whole workspace they would take gigabytes."""

STATUS_CHANGED, FELL, ROSE = VERBS = ("health.status_changed", "health.fell", "health.rose")

AS_TOLD = """
    jsonb_build_object('score', {score}.score, 'parts', (
        SELECT jsonb_object_agg(p.key, jsonb_build_array(p.points, p.weight))
        FROM unnest({score}.points, {score}.used, {basis}.keys, {basis}.weights) AS p(points, used, key, weight)
        WHERE p.used))
"""

REASON = """
    jsonb_build_object(
        'key', changed.keys[reason.place], 'measure', changed.measures[reason.place],
        'value', changed.found[reason.place], 'n', changed.evidence[reason.place],
        'at', to_jsonb(changed.scored_at), 'change', reason.change, 'cost', reason.cost,
        'facts', COALESCE((
            SELECT jsonb_object_agg(fact.name, changed.facts[changed.starts[reason.place] + fact.place - 1])
            FROM jsonb_array_elements_text(changed.names -> (reason.place - 1)::int)
                 WITH ORDINALITY AS fact(name, place)
        ), '{}'))
"""
"""The component that moved or costs most, as it is spoken of."""

EVERYBODY = """
    st.kind = %(kind)s AND r.kind = %(kind)s
    AND sc.scorecard_id = ANY(%(scorecards)s)
"""
"""A score is of the kind of its scorecard, and has an index by this. They are said one by one, since the planner has
to know how many scores that is: it read those of all kinds for each."""

LOCKED = "SELECT relationship_id FROM reasoned"
"""The rows of those in `ids` are locked before their scores are."""

LOCK = """
    SELECT st.relationship_id FROM relationships_relationshipstate st
    WHERE st.relationship_id = ANY(ARRAY(SELECT relationship_id FROM reasoned))
    ORDER BY st.relationship_id FOR UPDATE
"""

MOVE = """
WITH held AS (
    SELECT st.relationship_id, r.party_id, st.health AS old_health, st.health_status AS old_status,
           st.health_status_since AS old_since, st.health_coverage AS old_coverage,
           st.health_change AS old_change, sc.score, sc.points, sc.used, sc.found,
           sc.evidence, sc.facts, sc.basis_id, sc.band_weeks, sc.told,
           (sc.told ->> 'score')::float8 AS told_score,
           round(sc.score::text::numeric, 1) AS health, round(sc.coverage::numeric, 3) AS coverage,
           round(round(sc.score::text::numeric, 1) - round(before.score::text::numeric, 1), 1) AS change,
           before.points AS points_before, before.used AS used_before, before.basis_id AS basis_before,
           sc.as_of AS scored_at,
           CASE WHEN sc.score IS NULL THEN ''
                WHEN round(sc.score::text::numeric, 1) >= %(healthy)s THEN 'healthy'
                WHEN round(sc.score::text::numeric, 1) >= %(watch)s THEN 'watch'
                ELSE 'at_risk' END AS band
    FROM relationships_relationshipstate st
    JOIN health_relationshipscore sc ON sc.relationship_id = st.relationship_id
    JOIN relationships_relationship r ON r.id = st.relationship_id
    LEFT JOIN LATERAL (
        SELECT s.score, s.points, s.used, s.basis_id FROM health_scoresnapshot s
        WHERE s.relationship_id = st.relationship_id AND s.week <= %(month_ago)s
        ORDER BY s.week DESC LIMIT 1
    ) before ON TRUE
    WHERE {whom} AND (r.closed_at IS NULL OR r.closed_at > %(as_of)s)
),
banded AS (
    SELECT held.*, CASE
        WHEN band = '' OR old_status = '' OR band = old_status THEN band
        WHEN old_status = 'healthy' AND health <= %(healthy)s - %(margin)s THEN band
        WHEN old_status = 'at_risk' AND health >= %(watch)s + %(margin)s THEN band
        WHEN old_status = 'watch' AND (health >= %(healthy)s + %(margin)s
                                       OR health <= %(watch)s - %(margin)s) THEN band
        WHEN band_weeks + %(week_ends)s >= %(patience)s THEN band
        ELSE old_status END AS status
    FROM held
),
decided AS (
    SELECT banded.*, CASE WHEN band = status THEN 0 ELSE band_weeks + %(week_ends)s END AS new_weeks,
           CASE WHEN old_since IS NULL OR status <> old_status THEN %(as_of)s ELSE old_since END AS new_since,
           old_since IS NOT NULL AND (status <> old_status OR abs(score - told_score) >= %(telling)s) IS TRUE
               AS telling
    FROM banded
),
changed AS MATERIALIZED (
    SELECT moved.*, CASE
               WHEN score IS NULL THEN NULL
               WHEN NOT telling AND told_score IS NOT NULL THEN told
               ELSE {as_told} END AS new_told,
           basis.keys, basis.weights, basis.measures, basis.facts AS names, basis.starts
    FROM (
        SELECT decided.*, telling OR old_since IS NULL
               OR (old_health, old_coverage, old_change, band_weeks)
                  IS DISTINCT FROM (health, coverage, change, new_weeks) AS has_moved
        FROM decided
    ) moved
    LEFT JOIN health_scorebasis basis ON basis.id = moved.basis_id
    WHERE %(always)s OR has_moved
),
reasoned AS MATERIALIZED (
    SELECT changed.*, CASE WHEN reason.place IS NOT NULL THEN {reason} END AS why
    FROM changed
    LEFT JOIN health_scorebasis older ON older.id = changed.basis_before
    LEFT JOIN LATERAL (
        SELECT now.place, round(now.moved::numeric, 1) AS change, round(now.lost::numeric, 1) AS cost
        FROM (
            SELECT p.place, p.weight * (100 - p.points) / p.total AS lost,
                   p.weight * (p.points - q.points) / p.total AS moved
            FROM (
                SELECT each.place, each.key, each.points, each.weight, sum(each.weight) OVER () AS total
                FROM unnest(changed.keys, changed.points, changed.weights, changed.used) WITH ORDINALITY
                  AS each(key, points, weight, used, place)
                WHERE changed.score IS NOT NULL AND changed.has_moved AND each.used
            ) p
            LEFT JOIN unnest(older.keys, changed.points_before, changed.used_before) AS q(key, points, used)
              ON q.key = p.key AND q.used
        ) now
        ORDER BY CASE WHEN changed.change <= -1 THEN now.moved WHEN changed.change >= 1 THEN -now.moved
                      ELSE -now.lost END NULLS LAST, -now.lost, now.place
        LIMIT 1
    ) reason ON TRUE
),
ordered AS MATERIALIZED ({ordered}),
scores AS (
    UPDATE health_relationshipscore sc SET band_weeks = c.new_weeks, told = c.new_told
    FROM reasoned c
    WHERE sc.relationship_id = c.relationship_id
      AND sc.relationship_id = ANY(ARRAY(
          SELECT relationship_id FROM reasoned WHERE (band_weeks, told) IS DISTINCT FROM (new_weeks, new_told)))
),
states AS (
    UPDATE relationships_relationshipstate st SET
        health = c.health, health_status = c.status, health_status_since = c.new_since,
        health_coverage = c.coverage, health_change = c.change,
        health_reason = CASE WHEN c.has_moved THEN c.why ELSE st.health_reason END,
        health_weeks = array_append(st.health_weeks[:cardinality(st.health_weeks) - 1], c.health),
        scored_at = %(as_of)s{fresh}
    FROM reasoned c
    WHERE st.relationship_id = c.relationship_id
      AND st.relationship_id = ANY(ARRAY(SELECT relationship_id FROM ordered))
    RETURNING 1
)
SELECT relationship_id, party_id, old_status, status, told FROM reasoned WHERE telling ORDER BY relationship_id
"""


@dataclass(frozen=True)
class Telling:
    """A change of health that the timeline is told of; statuses are empty without enough evidence."""

    relationship_id: int
    party_id: int
    old_status: str
    status: str
    told: Mapping[str, Any] | None
    stored: RelationshipScore

    @property
    def verb(self) -> str:
        """A changed status is told as such; else whether the score fell or rose."""
        if self.status != self.old_status:
            return STATUS_CHANGED
        return FELL if (self.stored.score or 0) < (self.told or {}).get("score", 0) else ROSE

    @property
    def data(self) -> dict[str, Any]:
        """Facts for the words: from and to as shown, statuses, and signed lines that add up to the difference.

        A line carries what its measure needs to speak: key, measure, value, n and facts.
        """
        by_key = {part["key"]: part for part in self.stored.parts}
        lines = lines_between(as_told(self.told["parts"]), as_parts(self.stored.parts)) if self.told else {}
        spoken = ("key", "measure", "value", "n", "facts")
        return {
            "from": float(shown(self.told["score"])) if self.told else None,
            "to": None if self.stored.score is None else float(shown(self.stored.score)),
            "from_status": self.old_status,
            "to_status": self.status,
            "lines": [
                {"change": points} | {name: by_key[key][name] for name in spoken if key in by_key}
                for key, points in sorted(lines.items(), key=lambda line: (-abs(line[1]), line[0]))
            ],
        }


@transaction.atomic
def follow_scores(
    *,
    kind: str,
    as_of: datetime,
    now: datetime,
    actor: User,
    ids: Sequence[int] | None = None,
    week_ends: bool = False,
) -> int:
    """Brings the states of a kind, or of some relationships, in line with their scores as of a moment.

    Returns on how many timelines something was told. With `ids`, their evidence no longer counts as stale. With
    `week_ends`, one more week is counted for a score that stands beyond the edge of its status.
    """
    params: dict[str, Any] = {
        "kind": kind,
        "scorecards": _scorecards(kind) if ids is None else [],
        "as_of": as_of,
        "ids": list(ids or ()),
        "always": ids is not None,
        "month_ago": as_of.astimezone(UTC).date() - timedelta(days=CHANGE_DAYS),
        "healthy": HEALTHY_FROM,
        "watch": WATCH_FROM,
        "margin": CLEAR_BY,
        "week_ends": int(week_ends),
        "patience": WEEKS_BEYOND,
        "telling": TELLING_POINTS,
    }
    with connection.cursor() as cursor:
        run_planned(cursor, _move(touched=ids is not None), params)
        return sum(
            _tell(_tellings(rows), as_of=as_of, now=now, actor=actor)
            for rows in iter(partial(cursor.fetchmany, TOLD_AT_ONCE), [])
        )


def _scorecards(kind: str) -> list[int]:
    return list(Scorecard.objects.filter(kind=kind).values_list("pk", flat=True))


def _tellings(rows: Sequence[tuple[Any, ...]]) -> list[Telling]:
    """What was told last comes as text from the driver."""
    stored = RelationshipScore.objects.select_related("basis").in_bulk([row[0] for row in rows])
    return [
        Telling(pk, party, before, after, json.loads(told) if isinstance(told, str) else told, stored[pk])
        for pk, party, before, after, told in rows
    ]


def _move(*, touched: bool) -> str:
    return MOVE.format(
        whom="st.relationship_id = ANY(%(ids)s)" if touched else EVERYBODY,
        fresh=", stale_at = NULL" if touched else "",
        as_told=AS_TOLD.format(score="moved", basis="basis"),
        reason=REASON,
        ordered=LOCKED if touched else LOCK,
    )


def _tell(tellings: Sequence[Telling], *, as_of: datetime, now: datetime, actor: User) -> int:
    """Writes the timeline's lines in one statement; a moment that was told already is not told again."""
    told = Event.objects.filter(
        relationship_id__in=[telling.relationship_id for telling in tellings],
        verb__in=VERBS,
        happened_at=as_of,
    )
    already = set(told.values_list("relationship_id", flat=True))
    events = [
        Event(
            relationship_id=telling.relationship_id,
            party_id=telling.party_id,
            verb=telling.verb,
            actor=actor,
            happened_at=as_of,
            recorded_at=now,
            data=telling.data,
        )
        for telling in tellings
        if telling.relationship_id not in already
    ]
    return len(Event.objects.bulk_create(events))
