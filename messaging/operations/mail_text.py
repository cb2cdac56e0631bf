"""The words of an HTML mail, without anything that a browser would do with it: no page is ever made of it.

Read in one pass from left to right, so that no arrangement of marks takes long.
"""

import html
import re
from dataclasses import dataclass

LONGEST_HTML = 1_000_000
UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
LINES = frozenset({"p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "hr", "pre", "section"})
LINES |= {f"h{size}" for size in range(1, 7)}
ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "applet", "input", "button"})
NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
HANDLER = re.compile(r"\son[a-z]{3,20}\s*=|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|srcset|background|poster)\s*=\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
ADDRESSED = re.compile(r"url\(\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
BLANK = re.compile(r"[ \t\r\f\v\xa0]+")
GAPS = re.compile(r"\n{3,}")
MOST_QUOTED = 5


@dataclass
class Seen:
    """The words of a page, and what it would have done."""

    words: str = ""
    is_active: bool = False
    is_remote: bool = False


def words_in(page: str) -> Seen:
    """What somebody would read on the page."""
    page = page[:LONGEST_HTML].replace("\n", " ")
    small = page.lower()
    seen, said, at = Seen(is_remote=bool(ADDRESSED.search(page))), [], 0
    unclosed: set[str] = set()
    while (start := page.find("<", at)) >= 0:
        said.append(page[at:start])
        name = NAME.match(page, start + 1)
        if name is None and page[start + 1 : start + 2] not in ("!", "?"):
            said.append("<")
            at = start + 1
            continue
        end = _end(page, start)
        at = _after(small, (name[0] if name else "").lower(), end, unclosed)
        tag = page[start:end]
        said.append(_told(tag, (name[0] if name else "").lower().lstrip("/"), seen))
    said.append(page[at:])
    lines = [BLANK.sub(" ", line).strip() for line in html.unescape("".join(said)).split("\n")]
    seen.words = GAPS.sub("\n\n", "\n".join(lines)).strip()
    return seen


def _end(page: str, start: int) -> int:
    """Behind the mark's end; one that never ends takes the rest. A few ends may stand in quotation marks."""
    if page.startswith("<!--", start):
        closed = page.find("-->", start + 4)
        return closed + 3 if closed >= 0 else len(page)
    at = start
    for _ in range(MOST_QUOTED):
        at = page.find(">", at + 1)
        if at < 0:
            return len(page)
        if page.count('"', start, at) % 2 == 0:
            break
    return at + 1


def _after(small: str, name: str, end: int, unclosed: set[str]) -> int:
    """Where reading goes on: behind the whole of what nobody sees. What never closes is looked for once."""
    if name not in UNSEEN or name in unclosed or small[end - 2 : end] == "/>":
        return end
    closed = small.find(f"</{name}", end)
    if closed >= 0:
        return closed
    unclosed.add(name)
    return end if name in ("head", "title") else len(small)


def _told(tag: str, name: str, seen: Seen) -> str:
    seen.is_active |= name in ACTIVE or bool(HANDLER.search(tag))
    seen.is_remote |= bool(ELSEWHERE.search(tag))
    return "\n" if name in LINES else "\t" if name in ("td", "th") else ""
