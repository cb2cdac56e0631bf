"""Exactly one next touch for every open relationship: when, by whom, and why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

CHOSEN = """
    SELECT relationship.id AS relationship_id, touch.due_date, touch.owner_id, touch.reason, touch.thing_id
    FROM relationships_relationship relationship
    JOIN relationships_relationshipstate facts ON facts.relationship_id = relationship.id
    JOIN accounts_businessunit unit ON unit.id = relationship.business_unit_id
    LEFT JOIN LATERAL (
        SELECT due_date, owner_id, reason, thing_id FROM (
            SELECT f.due_date, f.assignee_id AS owner_id, 'follow_up' AS reason, f.id AS thing_id, 1 AS rank
            FROM relationships_followup f
            WHERE f.relationship_id = relationship.id AND f.done_at IS NULL AND f.cancelled_at IS NULL
            UNION ALL
            SELECT c.current_due_date, c.owner_id, 'commitment', c.id, 2
            FROM relationships_commitment c
            WHERE c.relationship_id = relationship.id AND c.direction IN ('ours', 'mutual')
              AND c.state IN ('proposed', 'agreed', 'in_progress', 'missed')
            UNION ALL
            SELECT (COALESCE({last_contact}, relationship.opened_at) AT TIME ZONE unit.time_zone)::date
                       + relationship.cadence_days,
                   relationship.owner_id, 'cadence', NULL, 3
        ) candidate
        ORDER BY rank = 3, due_date, rank, thing_id
        LIMIT 1
    ) touch ON relationship.closed_at IS NULL
    WHERE relationship.id = ANY(%(ids)s)
"""
"""The next touch of each relationship in `ids`; `last_contact` is SQL for when it was last in contact."""

TOUCHED = """
    next_touch_date = chosen.due_date,
    next_touch_owner_id = chosen.owner_id,
    next_touch_reason = COALESCE(chosen.reason, ''),
    next_touch_id = chosen.thing_id"""

REFRESH = f"""
UPDATE relationships_relationshipstate AS state SET {TOUCHED}
FROM ({CHOSEN.format(last_contact="facts.last_interaction_at")}) chosen
WHERE state.relationship_id = chosen.relationship_id
  AND (state.next_touch_date, state.next_touch_owner_id, state.next_touch_reason, state.next_touch_id)
      IS DISTINCT FROM (chosen.due_date, chosen.owner_id, COALESCE(chosen.reason, ''), chosen.thing_id)
"""  # noqa: S608  pieces of our own


@transaction.atomic(savepoint=False)
def refresh_next_touch(relationship_ids: Sequence[int], *, now: datetime) -> None:
    """Sets the next touch of these relationships, in one statement; closed ones have none.

    It is the earliest open follow-up or open promise of ours; without any, the rhythm: so many days after the
    last contact (or after the opening), on the calendar of the business unit, for the relationship's owner.
    What is overdue stays due: the date does not depend on `now`.
    """
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, {"ids": list(relationship_ids)})
