"""The value tier: how much a relationship is worth among those of its kind, by value alone."""

from datetime import datetime

from django.db import connection, transaction

TIERS = (("A", 0.10), ("B", 0.30), ("C", 0.60), ("D", 1.0))
"""Tier → the share of the kind, from the most valuable down, that lies in it or above: A the first tenth, B the
next fifth, C the next three tenths, D the rest. Equal values share the better tier. Values in two currencies
are never compared: each currency has its own order."""

RANK = """
UPDATE relationships_relationshipstate st SET value_tier = COALESCE(ranked.tier, '')
FROM (
    SELECT s.relationship_id, CASE WHEN s.value_amount IS NULL THEN NULL {cases} END AS tier
    FROM (
        SELECT st.relationship_id, st.value_amount,
               (rank() OVER of_currency - 1)::float8 / count(*) OVER (PARTITION BY {group}) AS place
        FROM relationships_relationshipstate st
        JOIN relationships_relationship r ON r.id = st.relationship_id
        WHERE st.kind = %(kind)s AND r.closed_at IS NULL
        WINDOW of_currency AS (PARTITION BY {group} ORDER BY st.value_amount DESC)
    ) s
) ranked
WHERE st.relationship_id = ranked.relationship_id AND st.value_tier IS DISTINCT FROM COALESCE(ranked.tier, '')
"""


@transaction.atomic
def refresh_tiers(*, kind: str, now: datetime) -> int:
    """Sets A to D for every open relationship of the kind that has a value; returns how many changed.

    `now` is the moment as of which the values were computed; tiers themselves look at nothing but the values.
    """
    cases = " ".join(f"WHEN s.place < %(edge_{name})s THEN '{name}'" for name, _ in TIERS)
    sql = RANK.format(cases=cases, group="st.value_currency, st.value_amount IS NULL")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"kind": kind} | {f"edge_{name}": edge for name, edge in TIERS})
        return int(cursor.rowcount)
