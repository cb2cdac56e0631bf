"""A spreadsheet's first filled sheet as CSV, by a process of its own: `python -m … SOURCE TARGET MOST_BYTES`.

What the library loads, and the memory that a hostile file makes it take, go when the process ends. It knows neither
Django nor our database. It ends with 3 when the file is no spreadsheet that can be read, with 4 when it holds too much,
and with 5, saying which cell, when a formula has no result: a program wrote the file and nobody worked it out.
"""

import csv
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

MEMORY = 1 << 30
"""Bytes of address space."""
UNREADABLE, TOO_MUCH, NO_RESULT = 3, 4, 5
PIECE = 1 << 20
FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")


def convert(source: Path, target: Path, most: int) -> int:
    """Writes the rows of the first sheet that has any; gives how the process is to end."""
    try:
        with source.open("rb") as content:  # by its content: the library goes by the ending of a name
            sheets = _sheets(content, data_only=True)
            number = next((n for n, sheet in enumerate(sheets) if any(_filled(sheet))), None)
            if number is None:
                return UNREADABLE
            cell = _without_result(source, sheets[number], number)
            if cell:
                sys.stdout.write(cell)
                return NO_RESULT
            return _write(sheets[number], target, most)
    except (BadZipFile, KeyError, ValueError, TypeError, OSError, ParseError, AttributeError, IndexError):
        return UNREADABLE


def _sheets(content: Any, *, data_only: bool) -> list[Any]:
    """The sheets of tables, which are as large as their rows: what a file says of their size is often wrong."""
    from openpyxl import load_workbook  # noqa: PLC0415  loads numpy where that is installed

    sheets = load_workbook(content, read_only=True, data_only=data_only).worksheets
    for sheet in sheets:
        sheet.reset_dimensions()
    return list(sheets)


def _filled(sheet: Any) -> Iterator[bool]:
    for row in sheet.iter_rows(max_row=100, values_only=True):
        yield any(cell is not None for cell in row)


def _without_result(source: Path, sheet: Any, number: int) -> str:
    """The first cell with a formula that was never worked out, as `C2`; a result that is an empty text is one."""
    if not _holds_formulas(source):
        return ""
    with source.open("rb") as content:
        formulas = _sheets(content, data_only=False)[number]
        for results, cells in zip_longest(sheet.iter_rows(), formulas.iter_rows(), fillvalue=()):
            for result, cell in zip_longest(results, cells):
                if cell.data_type == "f" and result.value is None and result.data_type != "str":
                    return str(cell.coordinate)
    return ""


def _holds_formulas(source: Path) -> bool:
    with ZipFile(source) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(FORMULA.search(piece) for name in sheets for piece in _pieces(archive, name))


def _pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    """A member's bytes, each piece after the end of the one before it."""
    with archive.open(name) as stream:
        end = b""
        while piece := stream.read(PIECE):
            yield end + piece
            end = piece[-100:]


def _write(sheet: Any, target: Path, most: int) -> int:
    """All rows as wide as the widest: a sheet leaves out the empty cells at the end of a row."""
    rough, width = target.with_suffix(".rough"), 0
    with rough.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        for row in sheet.iter_rows(values_only=True):
            width = max(width, len(row))
            writer.writerow(map(_text, row))
            if stream.tell() > most:
                return TOO_MUCH
    csv.field_size_limit(most)
    with (
        rough.open(encoding="utf-8", newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as to,
    ):
        writer = csv.writer(to)
        for cells in csv.reader(stream):
            writer.writerow(cells + [""] * (width - len(cells)))
            if to.tell() > most:
                return TOO_MUCH
    rough.unlink()
    return 0


def _text(cell: Any) -> str:
    """A cell as a person would type it: days without a time of day."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).replace("\x00", "")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.exit(convert(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
