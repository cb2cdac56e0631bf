"""What the importing person may not know of is not touched by their import; the system knows of all."""

from django.db import connection
from django.db.models import QuerySet
from psycopg2.sql import SQL, Identifier, Literal

from exchange.enums import HeldReason
from exchange.operations.staging import execute
from exchange.operations.terms import Terms
from relationships.models import Party, Relationship


def hold_out_of_sight(terms: Terms, field: str) -> None:
    """Gives a verdict to rows whose drafts are relationships or parties that the actor may not know of."""
    if terms.actor.is_system:
        return
    seen = Relationship.objects.visible_to(terms.actor)
    hidden = _hidden("relationship_id", seen)
    _hold(field, "relationship_id", hidden)
    alone = _hidden("party_id", Party.objects.visible_to(terms.actor))
    _hold(field, "party_id", alone)


def hold_unseen_parties(terms: Terms, field: str) -> None:
    """Gives a verdict to rows that refer, by the source's reference, to a party that the actor may not know of."""
    if terms.actor.is_system:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            SQL(
                "SELECT DISTINCT known.party_id FROM ingest_rows rows JOIN relationships_partyidentifier known "
                "ON known.scheme = {} AND known.value = rows.{} WHERE rows.verdict IS NULL"
            ).format(Literal(terms.mapping.source), Identifier(field))
        )
        known = [row[0] for row in cursor.fetchall()]
    seen = Party.objects.visible_to(terms.actor).filter(pk__in=known).values_list("pk", flat=True)
    hidden = sorted(set(known) - set(seen))
    execute(
        SQL(
            "UPDATE ingest_rows rows SET verdict = {verdict} FROM relationships_partyidentifier known "
            "WHERE rows.verdict IS NULL AND known.scheme = {source} AND known.value = rows.{field} "
            "AND known.party_id = ANY ({hidden}::bigint[])"
        ).format(
            verdict=Literal(f"{field}:{HeldReason.UNAVAILABLE}"),
            source=Literal(terms.mapping.source),
            field=Identifier(field),
            hidden=Literal(hidden),
        )
    )


def _hidden(column: str, seen: "QuerySet[Relationship] | QuerySet[Party]") -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("SELECT {c} FROM relationship_drafts WHERE {c} IS NOT NULL").format(c=Identifier(column))
        )
        known = {row[0] for row in cursor.fetchall()}
    return sorted(known - set(seen.filter(pk__in=known).values_list("pk", flat=True)))


def _hold(field: str, column: str, hidden: list[int]) -> None:
    execute(
        SQL(
            "UPDATE ingest_rows rows SET verdict = {verdict} FROM relationship_drafts draft "
            "WHERE rows.verdict IS NULL AND draft.ref = rows.{field} AND draft.{column} = ANY ({hidden}::bigint[])"
        ).format(
            verdict=Literal(f"{field}:{HeldReason.UNAVAILABLE}"),
            field=Identifier(field),
            column=Identifier(column),
            hidden=Literal(hidden),
        )
    )
