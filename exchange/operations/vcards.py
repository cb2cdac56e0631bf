"""vCards as software really writes them, 2.1 to 4.0, read into properties, and written as 3.0.

A property's value is kept as vCard 3.0 spells it, so what we do not understand is written back as it came. Sources:
vCard 2.1 (versit, 1996), RFC 2425 and 2426 (3.0), RFC 6350 (4.0).
"""

import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

STRUCTURED = frozenset(("N", "ADR", "ORG"))
TEXTS = frozenset(("FN", "NOTE", "TITLE", "ROLE", "NICKNAME", "LABEL", "SORT-STRING", "MAILER"))
ADDRESSES = frozenset(("URL", "PHOTO", "LOGO", "SOUND", "KEY", "UID", "SOURCE", "IMPP", "FBURL"))
BINARY = frozenset(("BASE64", "B"))
ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"))
STARTS = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)?\s*[;:]")
LONGEST_HEAD = 1_000
WIDTH = 75
"""Octets after which a line is folded (RFC 2426, 2.6)."""


@dataclass(frozen=True)
class Property:
    """One line of a card: types in lower case without `pref`, the other parameters, and the value as 3.0 has it."""

    name: str
    value: str
    types: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    group: str = ""
    preferred: bool = False

    @property
    def parts(self) -> list[str]:
        """The components of N, ADR and ORG as plain texts."""
        return [unescaped(part).strip() for part in _split(self.value, ";")]

    @property
    def text(self) -> str:
        """The value as plain text."""
        return unescaped(self.value).strip()


@dataclass(frozen=True)
class Card:
    """One card: its number in the file from 1, its properties in order, and why it is held, if it cannot be read."""

    number: int
    properties: Sequence[Property] = field(default_factory=list)
    problem: str = ""

    def all(self, name: str) -> list[Property]:
        """The properties called so that say something."""
        return [found for found in self.properties if found.name == name and found.value.strip(";, \n")]

    def first(self, name: str) -> Property | None:
        """The preferred of them, or else the first."""
        found = self.all(name)
        return next((one for one in found if one.preferred), found[0] if found else None)


def read_cards(text: str) -> Iterator[Card]:
    """Every card of a file's text. One that is not ended, ends with the file; what stands between cards is none."""
    lines: list[list[str]] | None = None
    depth = number = 0
    for line in _unfolded(text):
        mark = line.strip().upper().replace(" ", "")
        if mark == "BEGIN:VCARD":
            depth += 1
            if depth == 1:
                lines, number = [], number + 1
                continue
        if lines is None:
            continue
        if depth > 1:
            for pieces in lines[-1:]:
                pieces.append(line)  # a card inside a card: its agent's
            depth -= mark == "END:VCARD"
        elif mark == "END:VCARD":
            yield _card(number, lines)
            lines, depth = None, 0
        else:
            lines.append([line])
    if lines:
        yield _card(number, lines)


@dataclass
class _Folded:
    """A line that grows by its pieces; `head` is what stands before its colon, for what is behind may be a picture."""

    pieces: list[str] = field(default_factory=list)
    head: str = ""
    has_colon: bool = False

    def add(self, piece: str) -> None:
        """The next piece."""
        if piece:
            self.pieces.append(piece)
            if not self.has_colon:
                before, colon, _value = piece.partition(":")
                self.head += before.upper()
                self.has_colon = bool(colon) or len(self.head) > LONGEST_HEAD

    def ends_softly(self) -> bool:
        """Whether it goes on in the next line by a `=` at its end, which is taken off."""
        if "QUOTED-PRINTABLE" not in self.head or not self.pieces[-1].endswith("="):
            return False
        last = self.pieces.pop()[:-1]
        self.pieces += [last] if last else []
        return True


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: folded ones, soft ends of quoted-printable, and base64 that runs on, put together."""
    current = _Folded()
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        if current.ends_softly():
            current.add(line)
        elif line[:1] in (" ", "\t") and current.pieces:
            is_binary = "BASE64" in current.head or "ENCODING=B" in current.head
            current.add(line.strip() if is_binary else line[1:])
        elif not line.strip() or (current.pieces and not STARTS.match(line)):
            current.add(line.strip())
        else:
            if current.pieces:
                yield "".join(current.pieces)
            current = _Folded()
            current.add(line)
    if current.pieces:
        yield "".join(current.pieces)


def _card(number: int, lines: Iterable[list[str]]) -> Card:
    whole = ["\\n".join(pieces) for pieces in lines]
    version = next(
        (line.partition(":")[2].strip() for line in whole if line.upper().startswith("VERSION")), "3.0"
    )
    found = [read for line in whole if (read := read_property(line, old=version == "2.1")) is not None]
    return Card(number, [one for one in found if one.name != "VERSION"])


def read_property(line: str, *, old: bool = False) -> Property | None:
    """One unfolded line; none when it is no property. `old` says that it is spelled as vCard 2.1 does."""
    head, colon, value = _cut(line)
    if not colon:
        return None
    name, *given = _split(head, ";", quoted=True)
    group, _dot, name = name.strip().rpartition(".")
    name = name.upper()
    types, params, encoding, charset = _parameters(given)
    if encoding == "QUOTED-PRINTABLE":
        value = _decoded(quopri.decodestring(value.encode("utf-8", "surrogateescape")), charset)
    binary = encoding in BINARY
    if binary:
        params.append(("ENCODING", "b"))
        value = re.sub(r"\s", "", value)
    elif old or encoding == "QUOTED-PRINTABLE":
        value = _as_new(name, value, old=old)
    elif name in ADDRESSES:
        value = re.sub(r"\\([:,;])", r"\1", value)
    preferred = "pref" in types or ("PREF", "1") in params
    return Property(
        name,
        value.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n").replace("\x00", "").strip(),
        tuple(dict.fromkeys(one for one in types if one not in ("pref", "internet", "voice"))),
        tuple(pair for pair in params if pair != ("PREF", "1")),
        group,
        preferred,
    )


def _cut(line: str) -> tuple[str, str, str]:
    """(name and parameters, colon, value), at the first colon outside quotation marks."""
    quoted = False
    for place, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return line[:place], ":", line[place + 1 :]
    head, colon, value = line.partition(":")
    return head, colon, value


def _parameters(given: Iterable[str]) -> tuple[list[str], list[tuple[str, str]], str, str]:
    """(types, other parameters, encoding, charset); 2.1 writes types and encodings without their names."""
    types: list[str] = []
    params: list[tuple[str, str]] = []
    encoding = charset = ""
    for one in given:
        key, sign, value = one.strip().partition("=")
        key = key.strip().upper()
        if not sign:
            key, value = ("ENCODING" if key in ENCODINGS else "TYPE"), key
        value = value.strip().strip('"')
        if key == "ENCODING":
            encoding = value.upper()
        elif key == "CHARSET":
            charset = value
        elif key == "TYPE":
            types += [part.strip().lower() for part in value.split(",") if part.strip()]
        elif key:
            params.append((key, value))
    return types, params, encoding, charset


def _decoded(data: bytes, charset: str) -> str:
    """Text of quoted bytes; where they are cut short within a character of the stated charset, that one is marked."""
    with suppress(LookupError):
        if charset:
            return data.decode(charset, "replace")
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("latin-1")


def _as_new(name: str, value: str, *, old: bool) -> str:
    """A value of 2.1 as 3.0 spells it: there only semicolons are escaped, and commas say nothing."""
    if name in STRUCTURED:
        return ";".join(escaped(unescaped(part)) for part in _split(value, ";"))
    if name in TEXTS and old:
        return escaped(value.replace("\\;", ";").replace("\\,", ",").replace("\\n", "\n"))
    return value


def _split(text: str, sign: str, *, quoted: bool = False) -> list[str]:
    """Parts at each `sign` that is not escaped, nor within quotation marks when `quoted`."""
    parts, inside, skip = [""], False, False
    for character in text:
        if not skip and quoted and character == '"':
            inside = not inside
        if character == sign and not skip and not inside:
            parts.append("")
        else:
            parts[-1] += character
        skip = character == "\\" and not skip
    return parts


def unescaped(value: str) -> str:
    """Plain text of an escaped value."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def escaped(text: str) -> str:
    """Plain text as a value of vCard 3.0."""
    marked = re.sub(r"([\\;,])", r"\\\1", text.replace("\r\n", "\n").replace("\r", "\n"))
    return marked.replace("\n", "\\n")


def written(card: Iterable[Property]) -> str:
    """A card in version 3.0, each line folded, lines ended as the standard says."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", *(line_of(one) for one in card), "END:VCARD"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def line_of(one: Property) -> str:
    """A property as one line, not folded."""
    types = [*one.types, *(["pref"] if one.preferred else [])]
    params = [
        *(f"TYPE={kind}" for kind in types),
        *(f"{key}={_parameter(value)}" for key, value in one.params),
    ]
    return ";".join([f"{one.group}.{one.name}" if one.group else one.name, *params]) + f":{one.value}"


def _parameter(value: str) -> str:
    return f'"{value}"' if re.search("[;:,]", value) else value


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, cut between characters; all but the first begin with a blank."""
    if len(line) <= WIDTH and line.isascii():  # most are, and each character costs its time
        yield line
        return
    piece, size = "", 0
    for character in line:
        width = len(character.encode("utf-8", "surrogatepass"))
        if size + width > WIDTH:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + width
    yield piece
