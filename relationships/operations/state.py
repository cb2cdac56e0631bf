"""The facts that lists and pages read, kept right beside the rows they are counted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from relationships.models import RelationshipState
from relationships.operations.next_touch import CHOSEN, TOUCHED

COUNTS = """
    open_commitments = (
        SELECT count(*) FROM relationships_commitment c
        WHERE c.relationship_id = state.relationship_id
          AND c.state IN ('proposed', 'agreed', 'in_progress', 'missed')),
    open_follow_ups = (
        SELECT count(*) FROM relationships_followup f
        WHERE f.relationship_id = state.relationship_id AND f.done_at IS NULL AND f.cancelled_at IS NULL),
    open_problems = (
        SELECT count(*) FROM relationships_interaction i
        WHERE i.relationship_id = state.relationship_id AND i.problem_severity IS NOT NULL
          AND i.problem_closed_at IS NULL AND i.superseded_at IS NULL)"""

RECOUNT = f"""
UPDATE relationships_relationshipstate AS state SET {COUNTS}
WHERE state.relationship_id = ANY(%(ids)s)
"""  # noqa: S608  a piece of our own

SETTLE = f"""
UPDATE relationships_relationshipstate AS state SET {COUNTS}, {TOUCHED},
    last_interaction_at = GREATEST(state.last_interaction_at, %(at)s::timestamptz),
    last_inbound_at = GREATEST(state.last_inbound_at, %(inbound_at)s::timestamptz),
    last_outbound_at = GREATEST(state.last_outbound_at, %(outbound_at)s::timestamptz),
    stale_at = COALESCE(%(stale_at)s::timestamptz, state.stale_at)
FROM ({CHOSEN.format(last_contact="GREATEST(facts.last_interaction_at, %(at)s::timestamptz)")}) chosen
WHERE state.relationship_id = chosen.relationship_id
"""  # noqa: S608  pieces of our own

RECOMPUTE = """
UPDATE relationships_relationshipstate AS state SET
    last_interaction_at = latest.any_at, last_inbound_at = latest.in_at, last_outbound_at = latest.out_at
FROM (
    SELECT wanted.id, max(i.happened_at) AS any_at,
           max(i.happened_at) FILTER (WHERE i.direction <> 'out') AS in_at,
           max(i.happened_at) FILTER (WHERE i.direction <> 'in') AS out_at
    FROM unnest(%s::bigint[]) AS wanted(id)
    LEFT JOIN relationships_interaction i
           ON i.relationship_id = wanted.id AND i.superseded_at IS NULL AND i.channel <> 'note'
    GROUP BY wanted.id
) latest
WHERE state.relationship_id = latest.id
"""


@transaction.atomic(savepoint=False)
def mark_stale(relationship_ids: Sequence[int], *, now: datetime) -> None:
    """The evidence of these relationships changed; whoever scores them will find them by this mark."""
    RelationshipState.objects.filter(relationship_id__in=relationship_ids).update(stale_at=now)


@transaction.atomic(savepoint=False)
def recount(relationship_ids: Sequence[int]) -> None:
    """Sets the open counts of these relationships to what their rows say, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"ids": list(relationship_ids)})


@dataclass(frozen=True)
class Contact:
    """When somebody was in touch, and which way; one that is logged late never rewinds a later one."""

    at: datetime
    inbound: bool
    outbound: bool


@transaction.atomic(savepoint=False)
def settle_states(
    relationship_ids: Sequence[int], *, stale_at: datetime | None = None, contact: Contact | None = None
) -> None:
    """Sets open counts and the next touch of these relationships to what their rows say, in one statement.

    With `contact`, the last contacts too; `stale_at` marks them, where the evidence of their health changed. Each
    of these rewrites the same row, and four statements cost four versions of it.
    """
    facts: dict[str, list[int] | datetime | None] = {
        "ids": list(relationship_ids),
        "stale_at": stale_at,
        "at": contact.at if contact else None,
        "inbound_at": contact.at if contact and contact.inbound else None,
        "outbound_at": contact.at if contact and contact.outbound else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, facts)


@transaction.atomic(savepoint=False)
def recompute_contact(relationship_ids: Sequence[int]) -> None:
    """Sets the last contacts of these relationships to what their rows say: after corrections and imports."""
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTE, [list(relationship_ids)])
