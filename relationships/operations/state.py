"""The facts that lists and pages read, kept right beside the rows they are counted from."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from relationships.models import RelationshipState

RECOUNT = """
UPDATE relationships_relationshipstate AS state SET
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
          AND i.problem_closed_at IS NULL AND i.superseded_at IS NULL)
WHERE state.relationship_id = ANY(%s)
"""

TOUCHED = """
UPDATE relationships_relationshipstate AS state SET
    last_interaction_at = GREATEST(state.last_interaction_at, %(at)s),
    last_inbound_at = CASE WHEN %(inbound)s THEN GREATEST(state.last_inbound_at, %(at)s)
                           ELSE state.last_inbound_at END,
    last_outbound_at = CASE WHEN %(outbound)s THEN GREATEST(state.last_outbound_at, %(at)s)
                            ELSE state.last_outbound_at END
WHERE state.relationship_id = %(id)s
"""

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
        cursor.execute(RECOUNT, [list(relationship_ids)])


@transaction.atomic(savepoint=False)
def note_contact(relationship_id: int, *, at: datetime, inbound: bool, outbound: bool) -> None:
    """A contact took place; one that is logged late never rewinds a later one."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"id": relationship_id, "at": at, "inbound": inbound, "outbound": outbound})


@transaction.atomic(savepoint=False)
def recompute_contact(relationship_ids: Sequence[int]) -> None:
    """Sets the last contacts of these relationships to what their rows say: after corrections and imports."""
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTE, [list(relationship_ids)])
