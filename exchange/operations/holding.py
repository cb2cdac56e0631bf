"""Rows that are not imported: kept whole, with file, row, column, value and reason."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO

from django.db import connection
from psycopg2.sql import SQL, Composed, Identifier, Literal

from exchange.models import HeldRow, ImportRun
from exchange.operations.markdown_reading import PROBLEM
from exchange.operations.report import HeldLine
from exchange.operations.staging import STAGED, Staged, execute
from exchange.operations.validation import ROWS

SHOWN = 1_000
HELD = "ingest_held"


@dataclass(frozen=True)
class Held:
    """The rows held, counted by reason, their money where it can be read, and the first of them."""

    count: int
    by_reason: dict[str, int]
    amount: Decimal
    first: list[HeldLine]


def hold_rows(staged: Staged, names: list[str], *, with_amount: bool) -> Held:
    """Makes the table `ingest_held` of every row with a verdict, and tells what is in it."""
    execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(HELD)))
    amount = SQL("rows.amount_value") if with_amount else SQL("NULL::numeric")
    execute(
        SQL(
            "CREATE TEMP TABLE {held} ON COMMIT DROP AS "
            "SELECT n, file, file_name, row, labels.names ->> field AS place, "
            "COALESCE(texts ->> field, cells ->> {wrong}, '') AS value, "
            "reason, amount, cells, encode(sha256(convert_to(cells::text, 'UTF8')), 'hex') AS row_key "
            "FROM (SELECT rows.n, rows.file, rows.row, split_part(rows.verdict, ':', 1) AS field,"
            " split_part(rows.verdict, ':', 2) AS reason, {amount} AS amount,"
            " to_jsonb(staged) AS texts, {cells} AS cells"
            " FROM {rows} rows JOIN {staged} staged USING (n) WHERE rows.verdict IS NOT NULL) found "
            "JOIN (VALUES {labels}) AS labels (index, file_name, names) ON labels.index = found.file"
        ).format(
            held=Identifier(HELD),
            wrong=Literal(PROBLEM),
            amount=amount,
            cells=_cells(staged),
            rows=Identifier(ROWS),
            staged=Identifier(STAGED),
            labels=_labels(staged, names),
        )
    )
    return _tell(names)


def _labels(staged: Staged, names: list[str]) -> Composed:
    """(index, file, {field: column}) of every file; a field that no column gives is shown by its own name."""
    return SQL(", ").join(
        SQL("({}, {}, {}::jsonb)").format(
            Literal(index),
            Literal(names[index]),
            Literal(json.dumps({**labels, "amount": labels.get("amount", "amount")})),
        )
        for index, labels in enumerate(staged.labels)
    )


def _cells(staged: Staged) -> Composed:
    """The whole row as the file has it: header to cell."""
    alike: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for index, labels in enumerate(staged.labels):
        alike.setdefault(tuple(labels.items()), []).append(index)
    cases = []
    for titles, indexes in alike.items():
        pairs = [
            SQL("{}, COALESCE(staged.{}, '')").format(Literal(label), Identifier(name))
            for name, label in titles
        ]
        cases.append(
            SQL("WHEN staged.file = ANY ({}) THEN jsonb_build_object({})").format(
                Literal(indexes), SQL(", ").join(pairs)
            )
        )
    return SQL("CASE {} END || COALESCE(staged.rest, '{{}}')::jsonb").format(SQL(" ").join(cases))


def _tell(names: list[str]) -> Held:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, count(*), sum(amount) FROM ingest_held GROUP BY reason ORDER BY 2 DESC, 1"
        )
        counted = cursor.fetchall()
        cursor.execute(
            "SELECT file, row, COALESCE(place, ''), value, reason FROM ingest_held ORDER BY n LIMIT %s",
            [SHOWN],
        )
        first = [HeldLine(names[file], *rest) for file, *rest in cursor.fetchall()]
    return Held(
        count=sum(count for _, count, _ in counted),
        by_reason={reason: count for reason, count, _ in counted},
        amount=sum((amount for _, _, amount in counted if amount is not None), Decimal("0.00")),
        first=first,
    )


def write_held(target: IO[str]) -> None:
    """The held rows as CSV: file, row, column, value, reason and the whole row as JSON; streamed."""
    query = SQL(
        'COPY (SELECT file_name AS file, row, place AS "column", value, reason, cells FROM {} ORDER BY n) '
        "TO STDOUT (FORMAT csv, HEADER)"
    ).format(Identifier(HELD))
    with connection.cursor() as cursor:
        cursor.copy_expert(query, target)


def keep_held(run: ImportRun, staged: Staged, *, now: datetime) -> None:
    """Writes the held rows down. A row held before is held once; one that is good now is resolved."""
    if HeldRow.objects.filter(dataset=run.dataset, source=run.source, resolved_at=None).exists():
        _resolve(run, staged, now)
    execute(
        SQL(
            'INSERT INTO exchange_heldrow (run_id, dataset, source, row_key, occurrence, file, row, "column", value,'
            " reason, amount, cells) "
            "SELECT {run}, {dataset}, {source}, row_key, row_number() OVER (PARTITION BY row_key ORDER BY n),"
            " ({files}::text[])[file + 1], row, left(COALESCE(place, ''), 200), value, reason, amount, cells "
            "FROM ingest_held ORDER BY n "
            "ON CONFLICT (dataset, source, row_key, occurrence) DO UPDATE SET run_id = EXCLUDED.run_id,"
            ' file = EXCLUDED.file, row = EXCLUDED.row, "column" = EXCLUDED."column", value = EXCLUDED.value,'
            " reason = EXCLUDED.reason, amount = EXCLUDED.amount, resolved_at = NULL"
        ).format(
            run=Literal(run.pk),
            dataset=Literal(run.dataset),
            source=Literal(run.source),
            files=Literal([file["name"] for file in run.files]),
        )
    )


def _resolve(run: ImportRun, staged: Staged, now: datetime) -> None:
    execute(
        SQL(
            "UPDATE exchange_heldrow held SET resolved_at = {now} FROM ("
            " SELECT encode(sha256(convert_to(({cells})::text, 'UTF8')), 'hex') AS row_key"
            " FROM {rows} rows JOIN {staged} staged USING (n) WHERE rows.verdict IS NULL) good "
            "WHERE held.row_key = good.row_key AND held.dataset = {dataset} AND held.source = {source}"
            " AND held.resolved_at IS NULL"
        ).format(
            now=Literal(now),
            cells=_cells(staged),
            rows=Identifier(ROWS),
            staged=Identifier(STAGED),
            dataset=Literal(run.dataset),
            source=Literal(run.source),
        )
    )
