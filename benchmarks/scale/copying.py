"""Rows into tables by COPY: constant memory, and indexes that are built once, when the rows are there."""

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from psycopg2.sql import SQL, Identifier, Literal

NULL = r"\N"
BUILDERS = 2

INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisunique
FROM pg_index WHERE indrelid = %s::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY 1
"""

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND (contype = 'f' OR contype = 'u') ORDER BY conname
"""


def text(value: Any) -> str:
    """One value as COPY's text format wants it; words must hold no tab, line break or backslash."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str | int | float | Decimal | date | datetime):
        return str(value)
    if isinstance(value, list):
        return "{}" if not value else "{" + ",".join(text(entry) for entry in value) + "}"
    raise TypeError(f"{value!r} has no form in COPY here")


class Table:
    """A model's table under filling. Columns that nobody names are filled with the field's own default."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        fields = [field for field in model._meta.local_concrete_fields if field.column not in columns]
        stored = [field for field in fields if not _filled_by_database(field)]
        self.name = model._meta.db_table
        self.columns = (*columns, *(field.column for field in stored))
        self.rest = "".join(f"\t{_default(field)}" for field in stored) + "\n"

    def copy(self, rows: Iterable[str]) -> None:
        """Adds rows, each given as the named columns parted by tabs."""
        statement = SQL("COPY {} ({}) FROM STDIN").format(
            Identifier(self.name), SQL(", ").join(map(Identifier, self.columns))
        )
        with connection.cursor() as cursor:
            cursor.copy_expert(statement, _Stream(rows, self.rest))


def _filled_by_database(field: "models.Field[Any, Any]") -> bool:
    return field.db_default is not NOT_PROVIDED or bool(getattr(field, "auto_created", False))


def _default(field: "models.Field[Any, Any]") -> str:
    default = field.get_default()
    if isinstance(field, models.JSONField):
        return "[]" if default == [] else "{}" if default == {} else NULL
    if default is None and not field.null:
        raise TypeError(f"{field.model.__name__}.{field.name} has no default: name it")
    return text(default)


class _Stream(io.TextIOBase):
    """What COPY reads from: never more than a piece in memory."""

    def __init__(self, rows: Iterable[str], rest: str) -> None:
        self._rows = iter(rows)
        self._rest = rest

    def read(self, size: int | None = -1, /) -> str:
        piece: list[str] = []
        length = 0
        for row in self._rows:
            piece.append(row)
            piece.append(self._rest)
            length += len(row) + len(self._rest)
            if size is not None and 0 <= size <= length:
                break
        return "".join(piece)


@contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Takes indexes, uniqueness and foreign keys off the tables for as long as they are filled.

    All come back, checked, at the end, in the order in which keys can lean on each other. Primary keys and
    checks stay. Wants a transaction, so that a table is never seen without them.
    """
    with connection.cursor() as cursor:
        found = {name: _take_off(cursor, name) for name in tables}
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '512MB'")
        for name, (indexes, constraints) in found.items():
            for definition in indexes:
                cursor.execute(definition)
            _put_back(cursor, name, [c for c in constraints if not c[1].startswith("FOREIGN KEY")])
        for name, (_indexes, constraints) in found.items():
            _put_back(cursor, name, [c for c in constraints if c[1].startswith("FOREIGN KEY")])


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Takes indexes off tables whose rows are all written or changed, for as long as that takes.

    Keys and uniqueness stay. Wants no transaction: what is changed is committed as it goes, and the indexes are
    built two at a time.
    """
    plain: list[str] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(INDEXES, [table])
            for index, definition, is_unique in cursor.fetchall():
                if not is_unique:
                    cursor.execute(f"DROP INDEX {index}")
                    plain.append(definition)
    try:
        yield
    finally:
        if connection.in_atomic_block:  # nobody else sees what is to be indexed
            for definition in plain:
                _build(definition)
        else:
            with ThreadPoolExecutor(BUILDERS) as builders:
                list(builders.map(_build_apart, plain))


def _build(definition: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(definition)


def _build_apart(definition: str) -> None:
    try:
        _build(definition)
    finally:
        connection.close()


def _take_off(cursor: Any, name: str) -> tuple[list[str], list[tuple[str, str]]]:
    cursor.execute(CONSTRAINTS, [name])
    constraints = cursor.fetchall()
    for constraint, _definition in constraints:
        cursor.execute(
            SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(Identifier(name), Identifier(constraint))
        )
    cursor.execute(INDEXES, [name])
    indexes = cursor.fetchall()
    for index, _definition, _is_unique in indexes:
        cursor.execute(f"DROP INDEX {index}")
    return [definition for _index, definition, _is_unique in indexes], constraints


def _put_back(cursor: Any, name: str, constraints: Sequence[tuple[str, str]]) -> None:
    for constraint, definition in constraints:
        cursor.execute(
            SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                Identifier(name),
                Identifier(constraint),
                SQL(definition),  # the catalogue's own words
            )
        )


def next_id(model: type[models.Model]) -> int:
    """The id that the model's next row would get."""
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (newest or 0) + 1


def go_on_from(model: type[models.Model]) -> None:
    """Sets the table's counter behind its highest id."""
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                Literal(model._meta.db_table), Identifier(model._meta.db_table)
            )
        )


def moments(seconds: Sequence[int]) -> list[str]:
    """Seconds since 1970 as moments in UTC."""
    return [datetime.fromtimestamp(second, UTC).isoformat(" ") for second in seconds]
