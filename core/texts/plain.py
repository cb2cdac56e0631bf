"""Text that is text already: plain, marked up as HTML, or a mail with its parts."""

import codecs
import email
import email.policy
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import IO

MOST_READ = 4 * 1024 * 1024
"""Bytes; what comes after is left out."""
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SILENT = frozenset({"script", "style", "template", "noscript"})
PARTS = ("text/plain", "text/html")


def plain(content: IO[bytes]) -> Iterator[str]:
    """The text, in the encoding that its mark says, else UTF-8, else the one of Western offices."""
    yield decoded(content.read(MOST_READ))


def decoded(raw: bytes) -> str:
    """The bytes as text; what no encoding explains is shown as a question."""
    mark = next((name for bom, name in MARKS if raw.startswith(bom)), "")
    if mark:
        return raw.decode(mark, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(raw)  # the last letter may be cut in two
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def html(content: IO[bytes]) -> Iterator[str]:
    """What a browser would show of it."""
    yield from _shown(decoded(content.read(MOST_READ)))


def mail(content: IO[bytes]) -> Iterator[str]:
    """Subject, who wrote to whom, its words, and the names of what is attached; nothing of what is inside that."""
    message = email.message_from_bytes(content.read(MOST_READ), policy=email.policy.default)
    for name in ("subject", "from", "to", "cc", "date"):
        yield str(message.get(name, ""))
    for part in message.walk():
        kind = part.get_content_type()
        if part.get_filename():
            yield str(part.get_filename())
        elif kind in PARTS:
            raw = part.get_payload(decode=True)
            words = _worded(raw if isinstance(raw, bytes) else b"", part.get_content_charset() or "")
            yield from _shown(words) if kind == "text/html" else [words]


def _worded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(raw)


def _shown(markup: str) -> list[str]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.pieces


class _Reader(HTMLParser):
    """Collects what stands between the tags, but for scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.pieces.append(data.strip())
