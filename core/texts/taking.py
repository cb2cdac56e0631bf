"""Taking the text out of one file: how much of it is kept, and what is said when there is none."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from core.texts.office import Locked, open_document, sheet, word
from core.texts.plain import html, mail, plain
from core.texts.portable import portable
from core.texts.sorts import AS_IT_STANDS, DAMAGED, LOCKED, MOST_LETTERS, NO_TEXT, TOO_LARGE

READERS: dict[str, Callable[[IO[bytes]], Iterator[str]]] = {
    "pdf": portable,
    "word": word,
    "sheet": sheet,
    "open": open_document,
    "html": html,
    "mail": mail,
    "plain": plain,
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""How an encrypted document of a new office begins, and any of an old one."""
MOST_WORDS = 2_000_000
"""Letters that are looked through for words that are new."""
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
BLANKS = re.compile(r"[^\S\n]+")
WORD = re.compile(r"\w{2,60}")


def taken(sort: str, content: IO[bytes]) -> tuple[str, str]:
    """(text, why there is none): one of them is empty. `content` is any file of that sort by its name."""
    if sort in ("word", "sheet", "open") and content.read(4) == OLD_OFFICE:
        return "", LOCKED
    content.seek(0)
    try:
        text = condensed(READERS[sort](content))
    except Locked:
        return "", LOCKED
    except (MemoryError, RecursionError):
        return "", TOO_LARGE
    except Exception:
        return "", DAMAGED
    return text, "" if text else NO_TEXT


def condensed(pieces: Iterable[str]) -> str:
    """A text's beginning as it stands, and of what follows each word that was not there yet."""
    start, size, rest, seen = [], 0, [], 0
    for piece in pieces:
        clean = BLANKS.sub(" ", UNSTORABLE.sub("", piece)).strip()
        seen += len(clean) + 1
        if size < AS_IT_STANDS and clean:
            room = AS_IT_STANDS - size
            head = clean if len(clean) <= room else clean[:room].rpartition(" ")[0]
            start.append(head)
            size = size + len(head) + 1 if head == clean else AS_IT_STANDS
            clean = clean[len(head) :]
        if clean:
            rest.append(clean)
        if seen > MOST_WORDS:
            break
    text = "\n".join(start)
    known = {found.casefold() for found in WORD.findall(text)}
    for found in WORD.findall("\n".join(rest)):
        if found.casefold() not in known and len(text) + len(found) < MOST_LETTERS:
            known.add(found.casefold())
            text = f"{text} {found}"
    return text.strip()
