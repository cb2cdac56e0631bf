"""Which encoding a file of unknown origin is in: its mark, or else what its own bytes speak for.

Text in UTF-8 proves itself. Text in one of the older encodings does not: the byte 0x9C is "œ" in Windows-1252, "£" in
DOS 850 and "ú" in Mac Roman. Each reading is judged by where its characters stand: a letter beside letters of its
case, a currency sign before a digit, an apostrophe between letters. Ties go to Windows-1252, the commonest by far.
General guessers decide by the statistics of running text, of which a file of names and numbers has too little.
"""

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PIECE = 1 << 20
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLDER = ("cp1252", "mac_roman", "cp850")
MOST = 20_000
"""As many bytes beyond ASCII are weighed; more would say the same."""


@dataclass(frozen=True)
class FoundEncoding:
    """An encoding by its Python name, and what speaks for it: mark, zeros, valid, bytes."""

    name: str
    why: str


def find_encoding(path: Path) -> FoundEncoding:
    """The encoding of a text file, after at most one pass over its bytes."""
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
    mark = next((codec for bom, codec in MARKS if start.startswith(bom)), "")
    if mark:
        return FoundEncoding(mark, "mark")
    wide = _wide(start)
    if wide:
        return FoundEncoding(wide, "zeros")
    if _is_utf8(path):
        return FoundEncoding("utf-8", "valid")
    with path.open("rb") as stream:
        places = list(_high_bytes(stream.read(64 * PIECE)))
    return FoundEncoding(likeliest(places, by_mac=b"\r" in start and b"\n" not in start), "bytes")


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: every other byte of mostly Latin text is zero."""
    half = max(len(start) // 2, 1)
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as stream:
        try:
            while piece := stream.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _high_bytes(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(byte before, byte, byte after) for the first bytes beyond ASCII; a blank stands for the file's ends."""
    found = 0
    for place, byte in enumerate(data):
        if byte >= 0x80:
            found += 1
            if found > MOST:
                return
            before = data[place - 1] if place else 0x20
            yield before, byte, data[place + 1] if place + 1 < len(data) else 0x20


def likeliest(places: list[tuple[int, int, int]], *, by_mac: bool) -> str:
    """The older encoding in which the bytes make the most sense where they stand."""
    tallied: dict[tuple[int, int, int], int] = {}
    for place in places:
        tallied[place] = tallied.get(place, 0) + 1
    scores = {
        name: sum(count * _sense(place, name) for place, count in tallied.items()) / max(len(places), 1)
        for name in OLDER
    }
    scores["cp1252"] += 0.05
    scores["mac_roman"] += 0.5 if by_mac else 0.0
    return max(OLDER, key=lambda name: scores[name])


def _sense(place: tuple[int, int, int], encoding: str) -> float:
    """How well a character stands where it stands, from -10 (no such character) to 2."""
    try:
        before, own, after = (bytes([byte]).decode(encoding) for byte in place)
    except UnicodeDecodeError:
        return -10.0
    if own.isalpha():
        return _sense_of_letter(before, own, after)
    return _sense_of_sign(before, own, after)


def _sense_of_sign(before: str, own: str, after: str) -> float:
    if unicodedata.category(own) == "Sc":
        return 2.0 if after.isdigit() or after in " -)" or before in "([" else 0.0
    if own in "‘’“”":
        return float(before.isalnum() or after.isalnum())
    if own in "–—…•":
        return float(before.isspace() or after.isspace() or before.isdigit())
    if own == "\N{NO-BREAK SPACE}":
        return 0.5
    return -2.0 if "\u2500" <= own <= "\u25ff" else -1.0


def _sense_of_letter(before: str, own: str, after: str) -> float:
    """A letter stands beside letters; a capital does not follow a small one."""
    if not before.isalpha() and not after.isalpha():
        return -1.0
    if own.isupper() and before.isalpha() and before.islower():
        return -1.0
    if own.islower() and before.isupper() and after.isupper():
        return -1.0
    return 1.0
