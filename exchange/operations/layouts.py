"""How a file of unknown origin is laid out: encoding, delimiter, the header's row, and what each column holds."""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.refusals import Invalid
from core.wording import figure
from exchange.operations.columns import MONTHS, Values, bare_number, date_format
from exchange.operations.encodings import FoundEncoding, find_encoding
from exchange.operations.source_files import (
    Lines,
    SourceFile,
    TextFile,
    inspect,
    open_text,
    refuse,
    refuse_archive,
)
from exchange.queries.headers import Called, likeness

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 5_000
"""Rows whose values are looked at; only an order of day and month that stays open is followed further."""
FIRST = 200
"""Records by which the delimiter is chosen."""
DEEPEST = 40
"""The header is sought in so many records."""
MOST_COLUMNS = 1_000
"""No table that people keep is wider, and each column is held against the names of each field."""
NAMED = 0.6
"""From this likeness on, a cell counts as one of the data set's headers."""
MONTH_WORD = re.compile(rf"(?<![a-z])({'|'.join(MONTHS)})[a-z]*(?![a-z])", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?\d[\d.,']*")
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True)
class Column:
    """One column: its number from 1, its header ("" without one), and its values."""

    number: int
    title: str
    values: Values


@dataclass(frozen=True)
class Layout:
    """What was found of a file. `told_months` are those that its name and the lines above the header speak of."""

    text: TextFile
    encoding: FoundEncoding
    delimiter: str
    header_row: int
    columns: tuple[Column, ...]
    told_months: frozenset[int]


def find_layout(
    file: SourceFile,
    called: dict[str, Called],
    encoding: str = "",
    delimiter: str = "",
    header_row: int | None = None,
) -> Layout:
    """The layout of a text file; `called` are the headers that its data set knows, the others what is given of it.

    Raises Invalid when it is missing, empty, too large or no text.
    """
    text, found = as_text(file, encoding)
    delimiter = delimiter or _delimiter(text)
    start = list(itertools.islice(records(text, delimiter), max(DEEPEST, header_row or 0)))
    if max((len(cells) for _number, cells in start), default=0) > MOST_COLUMNS:
        limit = {"limit": figure(MOST_COLUMNS)}
        raise refuse(file.name, _("The file has more than %(limit)s columns.") % limit)
    if header_row is None:
        header_row = _header_row(start, called)
    elif header_row > len(start):
        raise Invalid({"header_row": _("The file has only %(rows)d rows.") % {"rows": len(start)}})
    header = start[header_row - 1][1] if header_row else []
    columns = _columns(text, delimiter, header_row, [title.strip() for title in header])
    above = " ".join(cell for _number, cells in start[: max(header_row - 1, 0)] for cell in cells)
    words = MONTH_WORD.findall(f"{above} {file.name}")
    told = frozenset(MONTHS.index(word[:3].lower()) + 1 for word in words)
    return Layout(text, found, delimiter, header_row, columns, told)


def as_text(file: SourceFile, encoding: str = "") -> tuple[TextFile, FoundEncoding]:
    """The file as text in the given encoding or in the one that is found; raises Invalid as `inspect` does."""
    try:
        with file.path.open("rb") as stream:
            refuse_archive(file.name, stream.read(16))
        found = FoundEncoding(encoding, "given") if encoding else find_encoding(file.path)
    except OSError:
        found = FoundEncoding("utf-8", "given")  # what is wrong with it is said by `inspect`
    return inspect(file, found.name), found


def records(text: TextFile, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(record number from 1, cells); what csv cannot read counts as a record without cells."""
    with open_text(text) as stream:
        reader = csv.reader(Lines(text.name, stream), delimiter=delimiter)
        number = 0
        while True:
            number += 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, []


def _delimiter(text: TextFile) -> str:
    """The sign that parts the most records into the same number of cells."""
    with open_text(text) as stream:
        line = stream.readline(16).strip()
    if re.fullmatch("sep=.", line, re.IGNORECASE):
        return line[4]
    scores: dict[str, tuple[float, int]] = {}
    for sign in DELIMITERS:
        widths = Counter(
            len(cells) for _number, cells in itertools.islice(records(text, sign), FIRST) if cells
        )
        width, often = max(widths.items(), key=lambda entry: (entry[1], entry[0]), default=(1, 0))
        scores[sign] = (often / max(widths.total(), 1) if width > 1 else 0.0, width)
    return max(DELIMITERS, key=lambda sign: scores[sign])


def _header_row(start: Sequence[tuple[int, list[str]]], called: dict[str, Called]) -> int:
    """The record that is most like a header: it names the data set's fields and holds no dates or numbers.

    0 when the first record with values is one of data.
    """
    best, best_score = 0, 0.0
    for row, cells in start:
        titles = [cell.strip() for cell in cells if cell.strip()]
        if not titles:
            continue
        score = _headings(titles, called) * 10.0 + len(titles) - 5.0 * sum(_is_value(cell) for cell in titles)
        if score > best_score:
            best, best_score = row, score
    return best


def _headings(titles: Sequence[str], called: dict[str, Called]) -> int:
    """How many of the fields are named by one of the titles."""
    titles = [title for title in titles if len(title) <= 80 and not _is_value(title)]
    return sum(any(likeness(title, name, said) >= NAMED for title in titles) for name, said in called.items())


def _is_value(cell: str) -> bool:
    text = cell.strip()
    if date_format(text) is not None or ADDRESS.fullmatch(text):
        return True
    return bool(NUMBER.fullmatch(bare_number(text)))


def _columns(text: TextFile, delimiter: str, header_row: int, titles: list[str]) -> tuple[Column, ...]:
    """The columns with the values of the first rows; an open order of day and month is followed to the end."""
    values = [Values() for _title in titles]
    below = (cells for row, cells in records(text, delimiter) if row > header_row)
    for cells in itertools.islice(below, SAMPLE):
        if not titles and len(cells) > len(values):
            values += [Values() for _more in range(min(len(cells), MOST_COLUMNS) - len(values))]
        for value, cell in zip(values, cells, strict=False):
            value.take(cell)
    for value in values:
        value.settle()
    _follow(below, values)
    return tuple(
        Column(number, titles[number - 1] if titles else "", value) for number, value in enumerate(values, 1)
    )


def _follow(below: Iterator[list[str]], values: list[Values]) -> None:
    undecided = [place for place, value in enumerate(values) if value.dates > 0.5 and value.is_open]
    for cells in below:
        if not undecided:
            return
        for place in undecided:
            if place < len(cells):
                values[place].take_date(cells[place])
        undecided = [place for place in undecided if values[place].is_open]
