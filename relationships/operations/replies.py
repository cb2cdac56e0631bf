"""Which contact answers which, and how long it took in working time.

A contact answers the one just before it when that came from the other side and was left waiting: a mail,
message, letter or social post, or a call of which no conversation is noted. What is not written down in order
(a call logged late, an import) changes who answered whom, so pairs are worked out from the rows, for as much
of a relationship as is wanted, and only those that changed are written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection, transaction

from accounts.models import BusinessUnit
from accounts.queries.calendars import working_calendar
from analytics.business_time import business_minutes_many

LONGEST_WAIT = timedelta(days=90)
"""What comes later than this is not an answer any more."""

PAIRS = """
SELECT id, unit_id, happened_at, answers, asked_at FROM (
    SELECT told.id, told.unit_id, told.happened_at, told.replies_to_id, told.reply_minutes,
           CASE WHEN told.answered THEN told.before_id END AS answers,
           CASE WHEN told.answered THEN told.before_at END AS asked_at
    FROM (
        SELECT i.id, r.business_unit_id AS unit_id, i.happened_at, i.replies_to_id, i.reply_minutes,
               lag(i.id) OVER line AS before_id,
               lag(i.happened_at) OVER line AS before_at,
               COALESCE(
                   i.channel IN ('email', 'message', 'letter', 'social', 'call')
                   AND (i.direction, lag(i.direction) OVER line) IN (('in', 'out'), ('out', 'in'))
                   AND (lag(i.channel) OVER line IN ('email', 'message', 'letter', 'social')
                        OR lag(i.channel) OVER line = 'call'
                           AND COALESCE(lag(i.duration_minutes) OVER line, 0) = 0)
                   AND i.happened_at - lag(i.happened_at) OVER line <= make_interval(days => %(longest)s),
                   false) AS answered
        FROM relationships_interaction i
        JOIN relationships_relationship r ON r.id = i.relationship_id
        WHERE i.relationship_id = ANY(%(ids)s) AND i.superseded_at IS NULL AND i.channel <> 'note'
          AND i.happened_at >= %(start)s
        WINDOW line AS (PARTITION BY i.relationship_id ORDER BY i.happened_at, i.id)
    ) told
) pair
WHERE happened_at >= %(since)s
  AND (replies_to_id IS DISTINCT FROM answers OR (answers IS NOT NULL AND reply_minutes IS NULL))
ORDER BY unit_id, id
"""

WRITE = """
UPDATE relationships_interaction i SET replies_to_id = pair.answers, reply_minutes = pair.minutes
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS pair(id, answers, minutes)
WHERE i.id = pair.id
"""

FIRST = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Pair:
    id: int
    unit_id: int
    happened_at: datetime
    answers: int | None
    asked_at: datetime | None


@transaction.atomic(savepoint=False)
def pair_replies(relationship_ids: Sequence[int], *, since: datetime | None = None) -> int:
    """Brings `replies_to` and `reply_minutes` of these relationships up to date; returns how many changed.

    `since` limits it to contacts from that moment on, for one that was just written there.
    """
    begin = since or FIRST
    with connection.cursor() as cursor:
        cursor.execute(
            PAIRS,
            {
                "ids": list(relationship_ids),
                "longest": LONGEST_WAIT.days,
                "start": begin if since is None else begin - LONGEST_WAIT,
                "since": begin,
            },
        )
        pairs = [_Pair(*row) for row in cursor.fetchall()]
        if pairs:
            minutes = _minutes(pairs)
            cursor.execute(
                WRITE,
                [
                    [pair.id for pair in pairs],
                    [pair.answers for pair in pairs],
                    [minutes.get(pair.id) for pair in pairs],
                ],
            )
    return len(pairs)


def _minutes(pairs: Iterable[_Pair]) -> Mapping[int, int]:
    """Working minutes of each answer, by the id of the contact that gives it."""
    by_unit: dict[int, list[tuple[int, datetime, datetime]]] = {}
    for pair in pairs:
        if pair.asked_at is not None:
            by_unit.setdefault(pair.unit_id, []).append((pair.id, pair.asked_at, pair.happened_at))
    units = BusinessUnit.objects.in_bulk(list(by_unit))
    found: dict[int, int] = {}
    for unit_id, waits in by_unit.items():
        years = [moment.year for _id, asked, answered in waits for moment in (asked, answered)]
        calendar = working_calendar(units[unit_id], min(years) - 1, max(years) + 1)
        minutes = business_minutes_many(
            calendar,
            _instants(asked for _id, asked, _at in waits),
            _instants(at for _id, _asked, at in waits),
        )
        found |= {wait[0]: round(value) for wait, value in zip(waits, minutes.tolist(), strict=True)}
    return found


def _instants(moments: Iterable[datetime]) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    return np.array([moment.astimezone(UTC).replace(tzinfo=None) for moment in moments], "datetime64[us]")
