"""Rows that an import changed, set back to what they were; what somebody has changed since stays as it is."""

from dataclasses import dataclass, field

from django.db import connection
from psycopg2.sql import SQL, Identifier, Literal

from exchange.models import ImportRun
from exchange.operations.staging import execute, run_statement

VERSION = "version"
KEYS = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = %s::regclass AND i.indisprimary
"""

# Of a row that an import changed more than once, each value's first and last.
CHANGED = """
DROP TABLE IF EXISTS putting_back;
CREATE TEMP TABLE putting_back ON COMMIT DROP AS
SELECT row_id, jsonb_object_agg(key, was) AS before, jsonb_object_agg(key, became) AS after FROM (
    SELECT row_id, old.key, (array_agg(old.value ORDER BY changed.id))[1] AS was,
           (array_agg(changed.after -> old.key ORDER BY changed.id DESC))[1] AS became
    FROM exchange_changedrow changed, jsonb_each(changed.before) old
    WHERE changed.run_id = %(run)s AND changed.table_name = %(table)s AND changed.after IS NOT NULL
    GROUP BY row_id, old.key) told
GROUP BY row_id
"""


@dataclass
class PutBack:
    """How many rows are as they were, and how many are not, the first of these with what was changed since."""

    put_back: int = 0
    conflicts: int = 0
    conflicting: list[tuple[str, int, list[str]]] = field(default_factory=list)


def put_back(run: ImportRun, *, named: int) -> PutBack:
    """Sets back every row that the import changed, where it is still as the import left it."""
    outcome = PutBack()
    tables = run.changed_rows.order_by("table_name").values_list("table_name", flat=True).distinct()
    for table in list(tables):
        with connection.cursor() as cursor:
            cursor.execute(KEYS, [table])
            (key,) = cursor.fetchone()
        outcome.put_back += _restore(run, table) + _take_away(run, table, key)
        run_statement(CHANGED, run=run.pk, table=table)
        _note_conflicts(outcome, table, key, named)
        outcome.put_back += _set_back(table, key)
    return outcome


def _restore(run: ImportRun, table: str) -> int:
    """Rows that the import took away, as they were."""
    return execute(
        SQL(
            "INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, before)).* FROM exchange_changedrow "
            "WHERE run_id = {run} AND table_name = {name} AND after IS NULL ON CONFLICT DO NOTHING"
        ).format(table=Identifier(table), run=Literal(run.pk), name=Literal(table))
    )


def _take_away(run: ImportRun, table: str, key: str) -> int:
    """Rows that the import added under the number of something there before, unless a later import has changed them."""
    return execute(
        SQL(
            "DELETE FROM {table} known USING exchange_changedrow added "
            "WHERE added.run_id = {run} AND added.table_name = {name} AND added.before = '{{}}' "
            "AND known.{key} = added.row_id AND NOT EXISTS (SELECT FROM exchange_changedrow later "
            "JOIN exchange_importrun run ON run.id = later.run_id AND run.reverted_at IS NULL "
            "WHERE later.table_name = added.table_name AND later.row_id = added.row_id "
            "AND later.run_id <> added.run_id AND later.id > added.id)"
        ).format(table=Identifier(table), key=Identifier(key), run=Literal(run.pk), name=Literal(table))
    )


def _note_conflicts(outcome: PutBack, table: str, key: str, named: int) -> None:
    """Takes out the rows of which a value is no longer as the import left it."""
    with connection.cursor() as cursor:
        cursor.execute(
            SQL(
                "WITH wrong AS (SELECT own.row_id, array_agg(said.key ORDER BY said.key) AS fields "
                "FROM putting_back own LEFT JOIN {table} known ON known.{key} = own.row_id, "
                "LATERAL jsonb_each(own.after) said WHERE said.key <> {version} "
                "AND to_jsonb(known) -> said.key IS DISTINCT FROM said.value GROUP BY own.row_id) "
                "DELETE FROM putting_back USING wrong WHERE putting_back.row_id = wrong.row_id "
                "RETURNING wrong.row_id, wrong.fields"
            ).format(table=Identifier(table), key=Identifier(key), version=Literal(VERSION))
        )
        found = sorted(cursor.fetchall())
    outcome.conflicts += len(found)
    room = max(named - len(outcome.conflicting), 0)
    outcome.conflicting += [(table, row_id, fields) for row_id, fields in found[:room]]


def _set_back(table: str, key: str) -> int:
    """The other rows as they were; a version goes on where somebody has changed another value of the row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT jsonb_object_keys(before) FROM putting_back ORDER BY 1")
        columns = [row[0] for row in cursor.fetchall()]
    if not columns:
        return 0
    if VERSION in columns:
        execute(
            SQL(
                "UPDATE putting_back own SET before = own.before || jsonb_build_object({version}, known.version + 1) "
                "FROM {table} known WHERE known.{key} = own.row_id "
                "AND to_jsonb(known.version) IS DISTINCT FROM own.after -> {version}"
            ).format(table=Identifier(table), key=Identifier(key), version=Literal(VERSION))
        )
    names = SQL(", ").join(map(Identifier, columns))
    values = SQL(", ").join(SQL("was.{}").format(Identifier(column)) for column in columns)
    return execute(
        SQL(
            "UPDATE {table} known SET ({names}) = (SELECT {values} FROM jsonb_populate_record(known, own.before) was) "
            "FROM putting_back own WHERE known.{key} = own.row_id"
        ).format(table=Identifier(table), names=names, values=values, key=Identifier(key))
    )
