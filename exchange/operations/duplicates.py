"""Rows of one file that are one thing twice, or rows of one file that another has too. Reads files; changes nothing."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from analytics.linkage.matching import Match, matched
from analytics.linkage.values import Role
from core.refusals import Invalid
from exchange.operations.layouts import as_text, records
from exchange.operations.reading import Reader
from exchange.operations.source_files import Lines, SourceFile, TextFile, open_text, refuse
from exchange.queries.column_roles import Field, guessed, named, shared
from exchange.queries.mappings import Mapping, mapping_json, parse_mapping

AUTO = "auto"
SAMPLE_ROWS = 5_000
FIRST = 40
SIGNS = ",;\t|"
READ_AS = ("encoding", "delimiter", "header_row")


@dataclass(frozen=True)
class Found:
    """What a search for duplicates saw: rows by file, the fields compared (role and headers), and the matches."""

    rows: tuple[int, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    matches: tuple[Match, ...]

    def as_json(self) -> list[dict[str, Any]]:
        """The matches as the command writes them: rows counted from 1 after the header, each file by itself."""
        before = self.rows[0] if len(self.rows) > 1 else 0
        return [
            {
                "a": match.first + 1,
                "b": match.second + 1 - before,
                "score": match.score,
                "decision": match.decision.value,
            }
            for match in self.matches
        ]


def find_duplicates(*, files: Sequence[SourceFile], mapping: str = AUTO) -> Found:
    """The matches within one file, or across two. `mapping` is `auto`, a shipped mapping's name or a JSON file.

    Raises Invalid (or Missing) naming the file and what is wrong with it or with the mapping.
    """
    tables = [_Table.opened(file, mapping) for file in files]
    pairs = [(field, field) for field in tables[0].fields]
    if len(tables) == 2:
        pairs = shared(tables[0].fields, tables[1].fields)
    if not pairs:
        raise _nothing(files)
    sides = [[pair[side] for pair in pairs] for side in range(len(tables))]
    columns = [table.columns(fields) for table, fields in zip(tables, sides, strict=True)]
    rows = tuple(len(side[0]) for side in columns)
    joined = [[cell for part in parts for cell in part] for parts in zip(*columns, strict=True)]
    compared = [(field.role, cells) for (field, _other), cells in zip(pairs, joined, strict=True)]
    told = tuple((field.role.value, tables[0].titles(field)) for field, _other in pairs)
    if not all(rows):
        return Found(rows, told, ())
    try:
        return Found(rows, told, tuple(matched(compared, rows[0] if len(rows) == 2 else 0)))
    except ValueError as error:
        raise _nothing(files) from error


def _nothing(files: Sequence[SourceFile]) -> Invalid:
    names = ", ".join(file.name for file in files)
    return refuse(
        names, _("No column was recognised by which rows could be compared: name them in a mapping.")
    )


@dataclass(frozen=True)
class _Table:
    """A file with its headers and the fields found in it."""

    file: TextFile
    mapping: Mapping
    headers: list[str]
    fields: list[Field]

    @classmethod
    def opened(cls, file: SourceFile, name: str) -> "_Table":
        stem, data = (AUTO, {}) if name == AUTO else mapping_json(name)
        read_as = parse_mapping(stem, {key: data[key] for key in READ_AS if key in data}, "parties")
        text, _found = as_text(file, read_as.encoding)
        if "delimiter" not in data:
            read_as = replace(read_as, delimiter=_delimiter(text))
        if "header_row" not in data:
            read_as = replace(read_as, header_row=_header_row(text, read_as.delimiter))
        headers = _headers(text, read_as)
        everything = replace(read_as, columns={str(n): n for n in range(1, len(headers) + 1)})
        table = cls(text, everything, headers, [])
        columns = data.get("columns", {})
        if not isinstance(columns, dict):
            raise Invalid({"mapping.columns": _("This must be an object.")})
        if columns:
            return replace(table, fields=named(columns, headers))
        return replace(table, fields=guessed(headers, list(islice(table.rows(), SAMPLE_ROWS))))

    def titles(self, field: Field) -> tuple[str, ...]:
        """The headers of a field's columns."""
        return tuple(self.headers[n].strip() for n in field.columns)

    def rows(self) -> Iterator[list[str]]:
        """The cells of every row after the header."""
        for _row, _problem, cells, _rest in Reader(self.file, self.mapping).rows():
            yield cells

    def columns(self, fields: Sequence[Field]) -> list[list[str]]:
        """One list of texts a field."""
        columns: list[list[str]] = [[] for _field in fields]
        for cells in self.rows():
            for column, field in zip(columns, fields, strict=True):
                column.append(" ".join(cells[n] for n in field.columns))
        return columns


def _delimiter(file: TextFile) -> str:
    """The sign that parts most cells of the first line that has one, a comma where none does."""
    with open_text(file) as stream:
        for line in islice(Lines(file.name, stream), FIRST):
            if any(sign in line for sign in SIGNS):
                return max(SIGNS, key=line.count)
    return ","


def _header_row(file: TextFile, delimiter: str) -> int:
    """The record of the header, from 1: the first, or below a title of one cell the first as wide as most are."""
    widths = [len(cells) for _number, cells in islice(records(file, delimiter), FIRST)]
    (usual, _times), *_others = Counter(widths).most_common()
    return widths.index(usual) + 1 if widths[0] <= 1 < usual else 1


def _headers(file: TextFile, mapping: Mapping) -> list[str]:
    start = islice(records(file, mapping.delimiter), max(mapping.header_row, 1) - 1, None)
    _number, header = next(start, (0, []))
    return header if mapping.header_row else [str(n) for n in range(1, len(header) + 1)]


def pairs_as_text(found: Found) -> str:
    """The matches as one JSON array, a match a line."""
    lines = ",\n".join(json.dumps(entry) for entry in found.as_json())
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def column_of(file: SourceFile, header: str) -> list[str]:
    """The cells of one column, as of the labels of a set that people marked. Raises Invalid without it."""
    table = _Table.opened(file, AUTO)
    titles = [title.strip() for title in table.headers]
    if header not in titles:
        raise refuse(file.name, _("This column is not in the file."), column=header)
    return table.columns([Field(Role.TEXT, header, (titles.index(header),))])[0]
