"""Everything that stands around a record in one round trip, however many lists that is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from relationships.queries.counts import COUNT_CAP
from relationships.queries.kept import NO_TEXTS, Statement, put_into

Found = dict[str, Any]


@dataclass(frozen=True)
class Counted:
    """Asks for the number of rows only, at most `cap + 1`."""

    rows: "QuerySet[Any]"
    cap: int = COUNT_CAP


@dataclass(frozen=True)
class Tallied:
    """Asks how many of any `cap + 1` rows are alike in the columns `by`, told as `lines` beside these."""

    rows: "QuerySet[Any]"
    by: tuple[str, ...]
    cap: int


Part = QuerySet[Any] | Counted | Tallied


@dataclass(frozen=True)
class Piece:
    """One part as a column of the statement."""

    name: str
    sql: str
    params: tuple[Any, ...]
    is_count: bool


def together(**parts: Part) -> dict[str, Any]:
    """What each part finds, by its name, all in one statement.

    A queryset must be one of `.values()` with distinct column names; it gives its rows as a list of dicts in
    its order. By their names, columns that end in `_at` come as moments and those in `_date` as days.
    """
    return ask(pieces(**parts))


def pieces(**parts: Part) -> list[Piece]:
    """The parts in SQL, for `ask`."""
    return [_piece(name, part) for name, part in parts.items()]


def ask(pieces: Sequence[Piece]) -> dict[str, Any]:
    """What `together` gives."""
    return _asked(pieces, _joined(pieces), [param for piece in pieces for param in piece.params])


class KeptPieces:
    """Pieces that were put into SQL with stand-ins (`queries.kept`)."""

    def __init__(self, pieces: Sequence[Piece], settings: str = "") -> None:
        self.pieces = pieces
        self.statement = Statement(
            _joined(pieces), tuple(param for piece in pieces for param in piece.params), settings
        )

    def ask_of_these(self, values: Mapping[int, int]) -> dict[str, Any]:
        """What `together` gives, by a plan for these values: where what is right for most is wrong for a few."""
        return _asked(self.pieces, self.statement.written(values), None)

    def ask_listed(
        self, values: Mapping[int, int], listed: Sequence[int], texts: Mapping[str, str] = NO_TEXTS
    ) -> dict[str, Any]:
        """What `together` gives for these values, this list and these texts."""
        return _asked(self.pieces, self.statement.call(values, listed, texts), None)

    def ask(self, values: Mapping[int, int], beside: Sequence[Piece] = ()) -> dict[str, Any]:
        """What `together` gives for these values, with what stands `beside` them found in the same statement."""
        if not beside:
            return _asked(self.pieces, self.statement.call(values), None)
        ours = self.statement.written(values).replace("%", "%%")
        sql = f"SELECT * FROM ({ours}) AS kept CROSS JOIN ({_joined(beside)}) AS beside"  # noqa: S608  compiled querysets
        return _asked([*self.pieces, *beside], sql, [param for piece in beside for param in piece.params])


class WrittenPieces:
    """Pieces that were put into SQL with stand-ins, to be planned for what takes their place each time.

    The numbers and texts of a search decide what is the right plan, but not how the statement is written.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces, self.sql = pieces, _joined(pieces)
        self.params = [param for piece in pieces for param in piece.params]

    def ask(self, numbers: Mapping[int, int], texts: Mapping[str, str]) -> dict[str, Any]:
        """What `together` gives for these numbers and texts."""
        return _asked(self.pieces, self.sql, [put_into(param, numbers, texts) for param in self.params])


def _joined(pieces: Sequence[Piece]) -> str:
    return f"SELECT {', '.join(piece.sql for piece in pieces)}"


def _asked(pieces: Sequence[Piece], sql: str, params: Sequence[Any] | None) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row: tuple[Any, ...] = cursor.fetchone()
    return {
        piece.name: found if piece.is_count else _read(found)
        for piece, found in zip(pieces, row, strict=True)
    }


def _piece(name: str, part: Part) -> Piece:
    counted, rows = isinstance(part, Counted), _rows(part)
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return Piece(name, "0" if counted else "NULL", (), counted)
    wanted = "count(*)" if counted else "json_agg(found)::text"
    if isinstance(part, Tallied):
        by = ", ".join(f'"{name}"' for name in part.by)
        sql = f"SELECT {by}, count(*) AS lines FROM ({sql}) AS told GROUP BY {by}"  # noqa: S608  a compiled queryset
    return Piece(name, f"(SELECT {wanted} FROM ({sql}) AS found)", tuple(params), counted)  # noqa: S608  a compiled queryset


def _rows(part: Part) -> "QuerySet[Any]":
    if isinstance(part, Counted):
        return part.rows.order_by().values("pk")[: part.cap + 1]
    return part.rows.order_by().values(*part.by)[: part.cap + 1] if isinstance(part, Tallied) else part


DATED = ("_at", "_date")


def _read(found: str | None) -> list[Found]:
    """The rows of a part. Where no column holds a moment, a day or a list, JSON has said all of them already."""
    rows: list[Found] = json.loads(found, parse_float=Decimal) if found else []
    if not found or (found.find("[", 1) < 0 and not any(name.endswith(DATED) for name in rows[0])):
        return rows
    return [{name: _value(name, value) for name, value in row.items()} for row in rows]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_each(entry) for entry in value]
    if not isinstance(value, str):
        return value
    if name.endswith(DATED[0]):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name.endswith(DATED[1]) else value


def _each(entry: Any) -> Any:
    """An object inside an array column, read by the same rule."""
    return {name: _value(name, value) for name, value in entry.items()} if isinstance(entry, dict) else entry
