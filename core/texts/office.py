"""Documents and tables of offices, which are archives of XML; of each part no more is unpacked than is read."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

PIECE = 1 << 16
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of one part."""
WORD_PARTS = (
    "word/document",
    "word/header",
    "word/footer",
    "word/footnotes",
    "word/endnotes",
    "word/comments",
)
WORD_TEXT = frozenset({"t"})
WORD_ENDS = frozenset({"p", "br", "cr"})
OPEN_ENDS = frozenset({"p", "h", "line-break"})
SPACES = frozenset({"tab", "s"})


class Locked(Exception):
    """It is encrypted."""


def word(content: IO[bytes]) -> Iterator[str]:
    """The text of a Word document: its body first, then what stands above, below and beside it."""
    with ZipFile(content) as archive:
        names = [name for name in archive.namelist() if name.startswith(WORD_PARTS) and name.endswith(".xml")]
        if "word/document.xml" not in names:
            raise KeyError("word/document.xml")
        for name in sorted(names, key=lambda name: (name != "word/document.xml", name)):
            yield from _text_of(archive, name, WORD_TEXT, WORD_ENDS)


def open_document(content: IO[bytes]) -> Iterator[str]:
    """The text of an OpenDocument text, table or presentation."""
    with ZipFile(content) as archive:
        with archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(PIECE):
                raise Locked
        yield from _text_of(archive, "content.xml", frozenset(), OPEN_ENDS)


def sheet(content: IO[bytes]) -> Iterator[str]:
    """The cells of a workbook, sheet by sheet, each row a line; what a formula last gave, not the formula."""
    from openpyxl import load_workbook  # noqa: PLC0415  loads numpy where that is installed

    for each in load_workbook(content, read_only=True, data_only=True).worksheets:
        yield each.title
        for row in each.iter_rows(values_only=True):
            line = " ".join(_cell(cell) for cell in row if cell is not None)
            if line:
                yield line


def _cell(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _text_of(archive: ZipFile, name: str, carries: frozenset[str], ends: frozenset[str]) -> Iterator[str]:
    """The text of one part, broken where a paragraph ends; `carries` names the elements that have it, none for all."""
    reader, unpacked = _Reader(carries, ends), 0
    with archive.open(name) as part:
        while unpacked < MOST_UNPACKED and (piece := part.read(PIECE)):
            unpacked += len(piece)
            reader.parser.Parse(piece, False)
            yield from reader.lines
            reader.lines.clear()
    yield "".join(reader.line)


class _Reader:
    """Collects lines of text as the XML comes along; what declares names for texts of its own is refused."""

    def __init__(self, carries: frozenset[str], ends: frozenset[str]) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.parser = ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.parser.EntityDeclHandler = self._declared
        self._carries, self._ends, self._inside = carries, ends, 0

    def _start(self, tag: str, _attributes: object) -> None:
        self._inside += tag.rpartition(":")[2] in self._carries

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._inside -= name in self._carries
        if name in self._ends:
            self.lines.append("".join(self.line))
            self.line.clear()
        elif name in SPACES:
            self.line.append(" ")

    def _said(self, data: str) -> None:
        if self._inside or not self._carries:
            self.line.append(data)

    def _declared(self, *_facts: object) -> None:
        raise ValueError("no office writes entities of its own")
