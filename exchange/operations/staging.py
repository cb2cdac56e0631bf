"""Files into a staging table by COPY: texts as they are, in bounded memory."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2 import DatabaseError
from psycopg2.sql import SQL, Composed, Identifier

from core.refusals import Refusal
from core.wording import figure
from exchange.operations.reading import Reader
from exchange.operations.source_files import TextFile
from exchange.operations.terms import Tell, unheard
from exchange.queries.mappings import Mapping

STAGED = "ingest_staged"
TOLD_EVERY = 25_000


@dataclass
class Staged:
    """What was staged: each file's column names by field, and the columns that no field takes."""

    rows: int = 0
    labels: list[dict[str, str]] = field(default_factory=list)
    ignored: dict[str, None] = field(default_factory=dict)


def stage(files: list[TextFile], mapping: Mapping, tell: Tell = unheard) -> Staged:
    """Copies every row of `files` into the table `ingest_staged`, which lives until the transaction ends.

    Columns: `n` (order over all files), `file` (index), `row`, `problem`, one text column a field, `rest`.
    """
    staged = Staged()
    columns = mapping.staged_fields
    execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(STAGED)))
    texts = [SQL("{} text").format(Identifier(name)) for name in columns]
    execute(
        SQL(
            "CREATE TEMP TABLE {} (n bigint, file int, row int, problem text, {}, rest text) ON COMMIT DROP"
        ).format(Identifier(STAGED), SQL(", ").join(texts))
    )
    copy_in = SQL("COPY {} FROM STDIN (FORMAT csv)").format(Identifier(STAGED))
    for index, file in enumerate(files):
        reader = Reader(file, mapping)
        _copy(copy_in, _Feed(_numbered(reader, index, staged, tell)))
        staged.labels.append(reader.labels)
        staged.ignored |= reader.ignored
    execute(SQL("ANALYZE {}").format(Identifier(STAGED)))
    return staged


def execute(query: Composed) -> int:
    """Runs one composed statement; gives the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.rowcount)


def run_statement(statement: str, **facts: str | int | datetime | list[int] | list[str]) -> int:
    """Runs one statement over the import's temporary tables; gives the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return int(cursor.rowcount)


def _numbered(reader: Reader, index: int, staged: Staged, tell: Tell) -> Iterator[list[str | int]]:
    for row, problem, values, rest in reader.rows():
        staged.rows += 1
        if staged.rows % TOLD_EVERY == 0:
            tell(_("%(rows)s rows read") % {"rows": figure(staged.rows)})
        yield [staged.rows, index, row, problem, *values, rest]


def _copy(statement: Composed, feed: "_Feed") -> None:
    """COPY hides what goes wrong while it is fed behind an error of its own: the cause is what is raised."""
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(statement, feed)
        except DatabaseError:
            if feed.refusal is not None:
                raise feed.refusal from None
            raise


class _Feed:
    """A readable stream over rows, as COPY wants one: never more than a piece in memory."""

    def __init__(self, rows: Iterator[list[str | int]]) -> None:
        self.rows = rows
        self.refusal: Refusal | None = None
        self.buffer = io.StringIO()
        self.writer = csv.writer(self.buffer, lineterminator="\n")

    def read(self, size: int) -> str:
        try:
            for row in self.rows:
                self.writer.writerow(row)
                if self.buffer.tell() >= size:
                    break
        except Refusal as refusal:
            self.refusal = refusal
            raise
        piece = self.buffer.getvalue()
        self.buffer.seek(0)
        self.buffer.truncate()
        return piece
