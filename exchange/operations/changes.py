"""What an import does to the database, noted while it does it, so that it can be taken back.

Rows that are new are noted by their ids: those above a table's last id before the import that this transaction wrote.
Rows that were there before are noted by triggers (`relman_note_change`), each with what it was, as long as the
settings that `begin` makes hold.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg2.sql import SQL, Composed, Identifier, Literal

from exchange.models import ImportRun
from exchange.operations.staging import execute

WATCHED = {
    "relationships_party": "created_at",
    "relationships_partyidentifier": "",
    "relationships_contactpoint": "created_at",
    "relationships_partylink": "created_at",
    "relationships_relationship": "created_at",
    "relationships_customvalue": "",
    "relationships_interaction": "recorded_at",
    "relationships_consent": "recorded_at",
    "relationships_consentstanding": "",
    "relationships_event": "recorded_at",
    "commerce_product": "",
    "commerce_order": "",
    "commerce_orderline": "",
    "commerce_payment": "",
    "cases_case": "",
    "cases_caseorigin": "",
    "cases_casestep": "",
    "cases_caseclock": "",
    "cases_clockpause": "",
    "exchange_importedrow": "",
}
"""Every table with numbered rows that imports add to; the column that says when, where it has one.

A row that somebody adds while the import runs and that the import then changes looks as if the import had written it:
the moment tells the two apart. Of the other tables rows are changed by imports of the same source alone, and one such
runs at a time.
"""


@dataclass(frozen=True)
class Marks:
    """The last id of each watched table before an import began."""

    run: ImportRun
    now: datetime
    last: dict[str, int]


def begin(run: ImportRun, *, now: datetime) -> Marks:
    """From here on, to the end of the transaction or to `finish`, what is changed is noted for `run`."""
    last: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('relman.import_run', %s, true)", [str(run.pk)])
        for table in WATCHED:
            cursor.execute(
                "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0)",
                [table],
            )
            (last[table],) = cursor.fetchone()
            cursor.execute("SELECT set_config(%s, %s, true)", [f"relman.mark_{table}", str(last[table])])
    return Marks(run, now, last)


def finish(marks: Marks) -> None:
    """Notes which rows are new, as spans of ids; nothing more is noted then."""
    for table, last in marks.last.items():
        execute(_spans(marks, table, last))
    with connection.cursor() as cursor:
        for table in WATCHED:
            cursor.execute("SELECT set_config(%s, '', true)", [f"relman.mark_{table}"])


def _spans(marks: Marks, table: str, last: int) -> Composed:
    stamp = WATCHED[table]
    moment = SQL(" AND {} = {}").format(Identifier(stamp), Literal(marks.now)) if stamp else SQL("")
    return SQL(
        "INSERT INTO exchange_createdrows (run_id, table_name, first, last) "
        "SELECT {run}, {name}, min(id), max(id) FROM ("
        "SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM {table} WHERE id > {last}{moment} AND xmin IN ("
        "SELECT writer FROM (SELECT DISTINCT xmin AS writer FROM {table} WHERE id > {last}) seen "
        "WHERE pg_xact_status(((pg_current_xact_id()::text::bigint >> 32 << 32)"
        " + writer::text::bigint)::text::xid8) = 'in progress')"
        ") written GROUP BY island ORDER BY 3"
    ).format(
        run=Literal(marks.run.pk),
        name=Literal(table),
        table=Identifier(table),
        last=Literal(last),
        moment=moment,
    )
