"""The file as bytes: whether it is text at all, in which encoding, and not too large. Read once, in pieces."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils.translation import gettext as _

from core.refusals import Invalid
from core.wording import figure
from exchange.operations.encodings import MARKS, PIECE

LONGEST_LINE = 1_000_000
csv.field_size_limit(LONGEST_LINE)  # a cell may be as long as its line: 128 KiB were the rule of the library
NOT_TEXT = (
    (b"PK\x03\x04", "a spreadsheet or zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"SQLite format 3", "a database"),
)
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})


@dataclass(frozen=True)
class SourceFile:
    """A file to import, and the name under which its rows are reported."""

    name: str
    path: Path


@dataclass(frozen=True)
class TextFile:
    """A source file that was found to be text in `encoding`."""

    name: str
    path: Path
    encoding: str
    size: int
    sha256: str


def refuse(file: str, words: str, *, row: int = 0, column: str = "", value: str | None = None) -> Invalid:
    """The refusal of a whole file, naming the file and, where known, row, column and value."""
    place = [file]
    if row:
        place.append(_("row %(row)d") % {"row": row})
    if column:
        place.append(_("column “%(column)s”") % {"column": column})
    if value is not None:
        place.append(f"“{value[:80]}”")
    return Invalid({"files": f"{', '.join(place)}: {words}"})


def inspect(file: SourceFile, encoding: str) -> TextFile:
    """The file as text, after one pass over its bytes. `encoding` "" means UTF-8 unless its mark says other.

    Raises Invalid when it is missing, empty, too large, binary, or not in its encoding.
    """
    try:
        size = file.path.stat().st_size
        with file.path.open("rb") as stream:
            start = stream.read(1 << 16)
    except OSError as error:
        raise refuse(
            file.name, _("The file cannot be read: %(why)s.") % {"why": error.strerror or ""}
        ) from error
    if size > settings.INGEST_MAX_BYTES:
        limit = {"size": figure(size), "limit": figure(settings.INGEST_MAX_BYTES)}
        raise refuse(file.name, _("The file has %(size)s bytes; at most %(limit)s are taken.") % limit)
    if not start:
        raise refuse(file.name, _("The file is empty."))
    found = _encoding_of(file.name, start, encoding)
    return TextFile(file.name, file.path, found, size, _scan(file, found))


def refuse_archive(name: str, start: bytes) -> None:
    """Raises Invalid for what is no text at all, whatever it is called."""
    for magic, what in NOT_TEXT:
        if start.startswith(magic):
            raise refuse(name, _("This is %(what)s, not a text file. Save it as CSV.") % {"what": what})


def _encoding_of(name: str, start: bytes, declared: str) -> str:
    refuse_archive(name, start)
    mark = next((codec for bom, codec in MARKS if start.startswith(bom)), "")
    if mark and declared and _family(mark) != _family(declared):
        raise refuse(
            name,
            _("The file's mark says %(mark)s, the mapping says %(declared)s: which is right?")
            % {"mark": _family(mark).upper(), "declared": declared},
        )
    chosen = mark or declared or "utf-8"
    if _family(chosen) not in {"utf-16", "utf-32"}:
        if b"\x00" in start:
            raise refuse(
                name, _("The file holds zero bytes: it is binary, or UTF-16 that the mapping must name.")
            )
        if len(start.translate(None, CONTROLS)) < len(start) * 0.99:
            raise refuse(name, _("The file is binary, not text."))
    return chosen


def _family(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    return next((family for family in ("utf-8", "utf-16", "utf-32") if name.startswith(family)), name)


def _scan(file: SourceFile, encoding: str) -> str:
    """Decodes the whole file once; gives its SHA-256."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    suspect = _MistakenUtf8(applies=not _family(encoding).startswith("utf-"))
    row, blank = 1, True
    with file.path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
            suspect.take(piece)
            text = _decode(file.name, decoder, piece, encoding, row)
            row += text.count("\n") or text.count("\r")
            blank = blank and not text.strip()
        _decode(file.name, decoder, b"", encoding, row, final=True)
    if blank:
        raise refuse(file.name, _("The file is empty."))
    if suspect.found():
        raise refuse(
            file.name, _("The mapping says %(encoding)s, but this is UTF-8.") % {"encoding": encoding}
        )
    return digest.hexdigest()


def _decode(
    name: str,
    decoder: codecs.IncrementalDecoder,
    piece: bytes,
    encoding: str,
    row: int,
    *,
    final: bool = False,
) -> str:
    try:
        text = decoder.decode(piece, final)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        bad = getattr(error, "object", b"")
        raise refuse(
            name,
            _("This is not %(encoding)s; name the file's encoding in the mapping.") % {"encoding": encoding},
            row=row + bytes(bad[:start]).count(b"\n"),
            value="0x" + bytes(bad[start : start + 1]).hex(),
        ) from error
    if "\x00" in text:
        raise refuse(name, _("The file holds zero bytes: it is binary."), row=row)
    return text


class _MistakenUtf8:
    """Notices that a file declared to be in an older encoding is UTF-8 in truth, which would garble it."""

    def __init__(self, *, applies: bool) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.valid = applies
        self.beyond_ascii = False

    def take(self, piece: bytes) -> None:
        if not self.valid:
            return
        try:
            self.beyond_ascii = not self.decoder.decode(piece).isascii() or self.beyond_ascii
        except UnicodeDecodeError:
            self.valid = False

    def found(self) -> bool:
        return self.valid and self.beyond_ascii


def open_text(file: TextFile) -> TextIO:
    """The file's text with its line ends as they are."""
    return io.TextIOWrapper(file.path.open("rb"), encoding=file.encoding, newline="")


class Lines:
    """The lines of a text, of whatever line end, each of bounded length; `last` is the line last given out."""

    def __init__(self, file: str, stream: TextIO) -> None:
        self.file = file
        self.stream = stream
        self.count = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        while line := self.stream.readline(LONGEST_LINE + 1):
            self.count += 1
            self.last = line
            if len(line) > LONGEST_LINE:
                limit = {"limit": figure(LONGEST_LINE)}
                raise refuse(
                    self.file, _("The line is longer than %(limit)s characters.") % limit, row=self.count
                )
            yield line
