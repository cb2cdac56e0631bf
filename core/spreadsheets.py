"""Tables as CSV for spreadsheets, which carry out cells that begin like a formula unless they are told not to."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BOM = "\ufeff"
"""By which spreadsheets know that a file is in UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(cell: Any) -> Any:
    """The cell with an apostrophe before text that begins like a formula; numbers and days as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Each row as a line of CSV when it is asked for, the first after a byte-order mark."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    for number, row in enumerate(rows):
        line: str = writer.writerow([inert(cell) for cell in row])
        yield line if number else BOM + line


class _Line:
    """A file for the csv module that gives back each line that is written to it."""

    def write(self, line: str) -> str:
        return line
