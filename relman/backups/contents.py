"""What a backup consists of, and what its tables held: counts and sums that a restored workspace must show again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

FORMAT = 1
MANIFEST, DATABASE, KEY, FILES = "manifest.json", "database.dump", "secret-key", "files/"

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""

SUM = """
SELECT count(*), COALESCE(sum(('x' || left(md5(each::text), 15))::bit(60)::bigint), 0)::text FROM public."{table}" each
"""
"""A sum over the rows' hashes says the same in whatever order they come, and needs no room for them."""

ALIKE = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';"
    " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = public"
)
"""Rows read as text read the same wherever they are."""


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. `tables` has for each its number of rows and their sum, `files` for each its SHA-256."""

    made_at: str
    version: str
    migrations: list[str]
    tables: Mapping[str, tuple[int, str]]
    files: Mapping[str, str]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(number for number, _sum in self.tables.values())

    def written(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """The opposite of `written`; raises ValueError for one of another format."""
        found: dict[str, Any] = json.loads(text)
        if found.get("format") != FORMAT:
            raise ValueError(f"its format is {found.get('format')}, this version reads {FORMAT}")
        tables = {name: (number, total) for name, (number, total) in found.pop("tables").items()}
        return cls(tables=tables, **found)


def tables_of(cursor: CursorWrapper) -> dict[str, tuple[int, str]]:
    """Each table with its number of rows and their sum, as the cursor's transaction sees them."""
    cursor.execute(ALIKE)
    cursor.execute(TABLES)
    found: dict[str, tuple[int, str]] = {}
    for name in [row[0] for row in cursor.fetchall()]:
        cursor.execute(SUM.format(table=name))
        number, total = cursor.fetchone()
        found[name] = (number, total)
    return found


def migrations_of(cursor: CursorWrapper) -> list[str]:
    """What was applied to the database, as app.name, in order."""
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
    return [row[0] for row in cursor.fetchall()]
