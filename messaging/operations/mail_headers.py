"""What stands in the head of a mail, whatever was written there: no value of it can break the reading.

Values are cut before they are read, and every pattern reads a value once, so that none takes long.
"""

import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

LONGEST_VALUE = 20_000
LONGEST_WORDS = 998
LONGEST_ADDRESS = 320
LONGEST_ID = 400
MOST_ADDRESSES = 200
MOST_IDS = 100
ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
IN_BRACKETS = re.compile(r"<([^<>\s]{1,400})>")
ADDRESS = re.compile(r"[^\s@<>\"(),:;]{1,200}@[^\s@<>\"(),:;]{1,255}")
YEARS = range(1970, 2200)

SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Character sets that many name when they write the larger one."""
NO_TEXT = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "raw_unicode_escape"}
)
"""Codecs that are not the character set of anything, or take long."""


def text_of(content: bytes, charset: str) -> tuple[str, bool]:
    """Bytes as text, and whether their character set was known; of an unknown one the likeliest is taken."""
    named = [name for name in (charset, charset.removeprefix("x-")) if name]
    for name in [*named, "utf-8"]:
        try:
            known = codecs.lookup(name).name
            if known not in NO_TEXT:
                return content.decode(SUPERSETS.get(known, known)), name in named or not charset
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace"), False


def storable(text: str) -> str:
    """Text that a database takes: without NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def as_written(raw: str) -> str:
    """A raw value with the bytes beyond ASCII that stand in it, as text."""
    if raw.isascii():
        return raw
    return text_of(raw.encode("utf-8", "surrogateescape"), "")[0]


def words_of(raw: str, most: int = LONGEST_WORDS) -> str:
    """A value in one line, its encoded words decoded."""
    line = "".join(
        letter if unicodedata.category(letter) != "Cc" else " "
        for letter in _decoded(as_written(raw[:LONGEST_VALUE]))
    )
    return storable(" ".join(line.split()))[:most]


def _decoded(value: str) -> str:
    """Neighbours in one character set are joined before they are read: letters may be cut in two between them."""
    said: list[str] = []
    run, charset, at = b"", "", 0
    for found in ENCODED.finditer(value):
        between, named = value[at : found.start()], found[1].partition("*")[0].lower()
        follows = at > 0 and not between.strip()
        if not (follows and named == charset):
            said += [text_of(run, charset)[0], "" if follows else between]
            run = b""
        run, charset, at = run + _unpacked(found[2], found[3]), named, found.end()
    return "".join([*said, text_of(run, charset)[0], value[at:]])


def _unpacked(way: str, packed: str) -> bytes:
    content = packed.encode()
    if way in "qQ":
        return binascii.a2b_qp(content, header=True)
    try:
        return binascii.a2b_base64(content + b"===")
    except binascii.Error:
        return content


def addresses_of(values: Iterable[str]) -> list[tuple[str, str]]:
    """Names and addresses of a line such as From or To; an address that is none is empty.

    Of a line whose grammar is too odd for Python's own reader, which differs from version to version, at least
    the addresses are found.
    """
    written = [as_written(value[:LONGEST_VALUE]) for value in values]
    try:
        pairs = getaddresses(written)[:MOST_ADDRESSES]
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        pairs = []
    told = [(words_of(name, 200), _address(address)) for name, address in pairs]
    named = [pair for pair in told if any(pair)]
    return (
        named
        or [("", _address(found)) for value in written for found in ADDRESS.findall(value)][:MOST_ADDRESSES]
    )


def _address(written: str) -> str:
    address = storable(written).strip().lower()
    return address if len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address) else ""


def ids_of(values: Iterable[str]) -> list[str]:
    """The ids of a line such as References, in their order, each once: of very many the first and the last ones."""
    found = [
        storable(each) for value in values for each in IN_BRACKETS.findall(as_written(value[:LONGEST_VALUE]))
    ]
    ids = list(dict.fromkeys(found))
    return ids if len(ids) <= MOST_IDS else [ids[0], *ids[1 - MOST_IDS :]]


def own_id(values: list[str]) -> str:
    """The mail's Message-ID, without brackets; of a value without brackets its first word. Empty without one."""
    found = ids_of(values[:1])
    words = as_written(values[0]).split() if values else []
    bare = storable(words[0].strip("<>")) if words else ""
    return found[0] if found else bare[:LONGEST_ID]


def moment_of(value: str) -> datetime | None:
    """A date line as a moment; none where it cannot be read, or lies where no mail was written."""
    try:
        moment = parsedate_to_datetime(as_written(value[:200]))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        settled = aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return settled if settled.year in YEARS else None


class Head:
    """The lines of a head by their name in small letters; a name that does not stand there has none."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in lines:
            self._values.setdefault(name.lower(), []).append(str(value))

    def __getitem__(self, name: str) -> list[str]:
        return self._values.get(name, [])

    @property
    def names(self) -> set[str]:
        """The names of its lines."""
        return set(self._values)

    def first(self, name: str) -> str:
        """The first line of that name in words, empty without one."""
        return words_of(self[name][0]) if self[name] else ""
