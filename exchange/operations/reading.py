"""Rows out of text: CSV, whitespace-separated or JSON, one at a time, each with what is wrong with its shape."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from exchange.enums import HeldReason
from exchange.operations.json_reading import json_records
from exchange.operations.markdown_reading import PROBLEM
from exchange.operations.source_files import Lines, TextFile, open_text, refuse
from exchange.queries.mappings import Mapping


@dataclass
class Reader:
    """Reads one file by a mapping. After reading, `ignored` names the columns that no field takes."""

    file: TextFile
    mapping: Mapping
    labels: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, None] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, str, list[str], str]]:
        """(row number, problem, one text per staged field, the other cells as JSON) for every row."""
        with open_text(self.file) as stream:
            lines = Lines(self.file.name, stream)
            if self.mapping.format == "json":
                yield from self._from_json(lines)
            else:
                yield from self._from_records(
                    csv_records(lines, self.mapping.delimiter, self.mapping.header_row)
                    if self.mapping.format == "csv"
                    else _split(lines)
                )

    def _from_records(
        self, records: Iterator[tuple[int, str, list[str]]]
    ) -> Iterator[tuple[int, str, list[str], str]]:
        header: list[str] | None = None
        places: list[int | None] = []
        names: list[str] = []
        for row, problem, cells in records:
            if row < self.mapping.header_row:
                continue
            if header is None:
                header = cells if self.mapping.header_row else []
                names = _unique(header) if header else [_column(n) for n in range(1, len(cells) + 1)]
                places = self._places(header, len(cells), row)
                taken = set(places)
                others = [n for n in range(len(names)) if n not in taken]
                self.ignored |= dict.fromkeys(names[n] for n in others)
                if self.mapping.header_row:
                    continue
            if problem:
                yield row, problem, [""] * len(places), json.dumps({"": cells[0]}, ensure_ascii=False)
                continue
            if len(cells) == len(names):
                wrong = HeldReason.FRONT_MATTER.value if names[-1] == PROBLEM and cells[-1] else ""
                values = [cells[n] if n is not None else "" for n in places]
                rest = json.dumps({names[n]: cells[n] for n in others}, ensure_ascii=False) if others else ""
                yield row, wrong, values, rest
            else:
                yield self._ragged(row, cells, names, places)
        if header is None:
            raise refuse(self.file.name, _("The file ends before its header."))

    def _ragged(
        self, row: int, cells: list[str], names: list[str], places: Sequence[int | None]
    ) -> tuple[int, str, list[str], str]:
        values = [cells[n] if n is not None and n < len(cells) else "" for n in places]
        taken = set(places)
        rest = {
            names[n] if n < len(names) else _column(n + 1): cell
            for n, cell in enumerate(cells)
            if n not in taken
        }
        return row, HeldReason.RAGGED.value, values, json.dumps(rest, ensure_ascii=False)

    def _places(self, header: list[str], width: int, row: int) -> list[int | None]:
        """The index of each staged field's column. Raises Invalid when the mapping names one that is missing."""
        titles = [title.strip() for title in header]
        places: list[int | None] = []
        for name in self.mapping.staged_fields:
            column = self.mapping.columns.get(name, name)
            if isinstance(column, int):
                place: int | None = column - 1 if column <= width else None
                self.labels[name] = titles[column - 1] if place is not None and header else _column(column)
                if place is not None and list(self.labels.values()).count(self.labels[name]) > 1:
                    self.labels[name] = _unique(header)[column - 1]
            else:
                place = titles.index(column) if column in titles else None
                self.labels[name] = column
                if titles.count(column) > 1:
                    numbers = ", ".join(str(n) for n, title in enumerate(titles, 1) if title == column)
                    raise refuse(
                        self.file.name,
                        _("The header stands in columns %(numbers)s: name the right one by its number.")
                        % {"numbers": numbers},
                        row=row,
                        column=column,
                    )
            if place is None:
                del self.labels[name]
                self._missing_column(name, column, titles or [_column(n) for n in range(1, width + 1)], row)
            places.append(place)
        return places

    def _missing_column(self, name: str, column: str | int, titles: Sequence[str], row: int) -> None:
        """Refuses a column that the mapping names; without a mapping only needed fields must be there."""
        known = self.mapping.dataset_fields.get(name)
        if self.mapping.columns or (
            known is not None and known.required and name not in self.mapping.constants
        ):
            raise refuse(
                self.file.name,
                _("The mapping's column for %(field)s is not in the file, which has: %(titles)s.")
                % {"field": name, "titles": ", ".join(titles[:40])},
                row=row,
                column=str(column),
            )

    def _from_json(self, lines: Lines) -> Iterator[tuple[int, str, list[str], str]]:
        names = self.mapping.staged_fields
        keys = [str(self.mapping.columns.get(name, name)) for name in names]
        self.labels |= dict(zip(names, keys, strict=True))
        seen: set[str] = set()
        wanted = set(keys)
        for row, record in enumerate(json_records(lines, self.mapping.records), 1):
            seen |= wanted & record.keys()
            rest = {key: value for key, value in record.items() if key not in wanted}
            self.ignored |= dict.fromkeys(rest)
            others = json.dumps(rest, ensure_ascii=False) if rest else ""
            values = [record.get(key, "") for key in keys]
            if _storable("".join(values) + others):
                yield row, "", values, others
            else:
                yield row, HeldReason.MALFORMED.value, [ascii(value) for value in values], ""
        for name, key in zip(names, keys, strict=True):
            if key not in seen:
                del self.labels[name]
                self._missing_column(name, key, list(self.ignored), 0)


def _storable(text: str) -> bool:
    """JSON can spell what no text may hold: zero characters and halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text and "\\u0000" not in text


def _column(number: int) -> str:
    return _("column %(number)d") % {"number": number}


def _unique(header: list[str]) -> list[str]:
    """The headers, a repeated or empty one told apart by its number."""
    titles = [title.strip() for title in header]
    return [
        title if title and titles.count(title) == 1 else f"{title} ({_column(n)})".strip()
        for n, title in enumerate(titles, 1)
    ]


def _split(lines: Lines) -> Iterator[tuple[int, str, list[str]]]:
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if cells:
            yield number, "", cells


def csv_records(lines: Lines, delimiter: str, header_row: int) -> Iterator[tuple[int, str, list[str]]]:
    """(record number, problem, cells). A quotation mark that never closes would swallow rows: refused."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    width = 0
    while True:
        before = lines.count
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if number < header_row:
                continue
            _refuse_swallowed(lines, before, number, error)
            yield number, HeldReason.QUOTING.value, [lines.last.rstrip("\r\n")]
            continue
        if not cells:
            continue
        width = width or (len(cells) if number >= header_row else 0)
        if width and len(cells) != width and lines.count - before > 1:
            _refuse_swallowed(lines, before, number, None)
        yield number, "", cells


def _refuse_swallowed(lines: Lines, before: int, number: int, error: csv.Error | None) -> None:
    if error is not None and lines.count - before <= 1 and "unexpected end" not in str(error):
        return
    raise refuse(
        lines.file,
        _("A quotation mark is opened here and not closed: the file is cut short or damaged."),
        row=number,
    )
