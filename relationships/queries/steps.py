"""Going from party to party along links that held on a day, through nobody whom the viewer may not know."""

from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from relationships.models import Interaction, Party

Statement = tuple[str, list[Any]]

TIES = """
SELECT link.id AS link_id, link.type_id, link.strength, link.since_date, link.until_date,
       link.source_party_id = {start} AS is_forward,
       CASE WHEN link.source_party_id = {start} THEN link.target_party_id ELSE link.source_party_id END AS other_id
FROM (
    SELECT * FROM relationships_partylink WHERE source_party_id = {start}
    UNION ALL
    SELECT * FROM relationships_partylink WHERE target_party_id = {start}
) link
WHERE (link.since_date IS NULL OR link.since_date <= %s) AND (link.until_date IS NULL OR link.until_date >= %s)
  {narrowed}
ORDER BY link.strength DESC, link.id OFFSET 0
"""


def steps_from(
    start: str, *, viewer: User, as_of: date, most: int, narrowed: Statement = ("", [])
) -> Statement:
    """The closest `most` links of the party in the column `start`, to those that the viewer may know of.

    A link to anybody else takes no place among the `most`: it is as if it were not there. Looked at from the
    closest on, so that of a party with thousands of links only as many are judged as are wanted.
    """
    condition, own = narrowed
    seen, seeing = is_visible("tie.other_id", viewer)
    ties = TIES.format(start=start, narrowed=condition)
    sql = f"SELECT tie.* FROM ({ties}) tie WHERE {seen} LIMIT {most}"  # noqa: S608  column names and compiled querysets
    return sql, [as_of, as_of, *own, *seeing]


def is_visible(column: str, viewer: User) -> Statement:
    """The condition that the party in a column is one that the viewer may know of."""
    return _exists(Party.objects.visible_to(viewer), column)


def is_told(column: str, viewer: User) -> Statement:
    """The condition that the interaction in a column is one that the viewer may know of."""
    return _exists(Interaction.objects.visible_to(viewer), column)


def _exists(rows: "QuerySet[Any]", column: str) -> Statement:
    """Asked of each row: what is looked at is little, what is visible may be everything there is."""
    this = RawSQL(column, (), output_field=BigIntegerField())  # noqa: S611  a column of our own statement
    try:
        sql, params = rows.filter(pk=this).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "FALSE", []
    return f"EXISTS ({sql})", list(params)
