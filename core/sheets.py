"""A table as a file for spreadsheets that the database fills by itself: CSV here, workbooks in `core.workbooks`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Func, QuerySet, TextField
from django.db.models.expressions import Combinable

from core.copying import copied
from core.spreadsheets import csv_lines

STARTS_A_FORMULA = "^[=+@\t\r-]"
"""`core.spreadsheets.FORMULA` as the database asks for it."""


class Holds(StrEnum):
    """What the cells of a column are to a spreadsheet."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class SheetColumn:
    """A column: its head, and what it says of a row as SQL, NULL for nothing. Text is `Inert` already."""

    head: str
    value: Combinable
    holds: Holds = Holds.TEXT


class Inert(Func):
    """Text as `core.spreadsheets.inert` makes it; NULL for none."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]  # takes no template
        """A test first, and work only where it is needed: nearly every cell is as it is."""
        text, params = compiler.compile(self.source_expressions[0])
        text = f"({text})::text"
        sql = f"CASE WHEN {text} ~ %s THEN '''' || {text} ELSE NULLIF({text}, '') END"
        return sql, (*params, STARTS_A_FORMULA, *params, *params)


def with_cells(rows: "QuerySet[Any]", columns: Sequence[SheetColumn]) -> "QuerySet[Any]":
    """The rows with nothing but their cells, in order."""
    names = [f"cell_{number}" for number in range(len(columns))]
    cells = {name: column.value for name, column in zip(names, columns, strict=True)}
    told: QuerySet[Any] = rows.annotate(**cells).values_list(*names)
    return told


def as_csv(rows: "QuerySet[Any]", columns: Sequence[SheetColumn]) -> Iterator[bytes]:
    """The table as CSV in UTF-8, the heads at once."""
    (heads,) = csv_lines([[column.head for column in columns]])
    yield heads.encode()
    yield from copied(with_cells(rows, columns), options="FORMAT csv", end=b"\r\n")
