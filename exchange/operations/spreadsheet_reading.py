"""A spreadsheet's first filled sheet as CSV, by a process of its own: `python -m … SOURCE TARGET MOST_BYTES`.

What the library loads, and the memory that a hostile file makes it take, go when the process ends. It knows neither
Django nor our database. It ends with 3 when the file is no spreadsheet that can be read, with 4 when it holds too much.
"""

import csv
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

MEMORY = 1 << 30
"""Bytes of address space."""
UNREADABLE, TOO_MUCH = 3, 4


def convert(source: Path, target: Path, most: int) -> int:
    """Writes the rows of the first sheet that has any; gives how the process is to end."""
    from openpyxl import load_workbook  # noqa: PLC0415  loads numpy where that is installed

    try:
        with source.open("rb") as content:  # by its content: the library goes by the ending of a name
            return _write(load_workbook(content, read_only=True, data_only=True), target, most)
    except (BadZipFile, KeyError, ValueError, TypeError, OSError, ParseError, AttributeError, IndexError):
        return UNREADABLE


def _write(book: Any, target: Path, most: int) -> int:
    sheet = next((sheet for sheet in book.worksheets if any(_filled(sheet))), None)
    if sheet is None:
        return UNREADABLE
    with target.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        for row in sheet.iter_rows(values_only=True):
            writer.writerow(map(_text, row))
            if stream.tell() > most:
                return TOO_MUCH
    return 0


def _filled(sheet: Any) -> Iterator[bool]:
    for row in sheet.iter_rows(max_row=100, values_only=True):
        yield any(cell is not None for cell in row)


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
