"""The text that a mail in HTML shows, its quotes marked as in plain mail."""

import re
from collections.abc import Callable
from html import unescape

DEEPEST = 20
"""Quotes within quotes whose marks are written; more would only make lines long."""
RULE = "_" * 32

_MARK = re.compile(r"<(?:!--|[!?]|/?([a-zA-Z][a-zA-Z0-9:]*)(?=[\s/>]))")
_MOST_ENDS = 5
_ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
_UNSEEN = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("head", "title", "style", "script", "template", "noscript", "svg", "object")
}
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote"})
_BLOCKS = _SPACED | {
    "address", "article", "body", "center", "dd", "div", "dl", "dt", "footer", "form", "header", "hr", "html", "li",
    "main", "section", "table", "tr",
}  # fmt: skip


def shown_text(markup: str, look_at: Callable[[str, str], object] = lambda _name, _tag: None) -> str:
    """Lines as a browser would show them, `> ` before those in a blockquote, a drawn line for a rule; no links.

    Never raises, and takes time in proportion to the markup, whatever is wrong with it. An address in angle brackets
    that should have been escaped is text. `look_at` is told the name of each tag, in small letters, and all of it; what
    is no tag, such as a comment, has no name.
    """
    page = _Page()
    unclosed: set[str] = set()
    at = 0
    while mark := _MARK.search(markup, at):
        page.add_text(markup[at : mark.start()])
        at = _end(markup, mark.start())
        name, tag = (mark[1] or "").lower(), markup[mark.start() : at]
        look_at(name, tag)
        page.add_tag(name, tag)
        at = _behind_unseen(markup, name, tag, at, unclosed)
    page.add_text(markup[at:])
    return page.finish()


def _end(markup: str, begin: int) -> int:
    """Behind the mark's end; one that never ends takes the rest. A few ends may stand in quotation marks."""
    if markup.startswith("<!--", begin):
        closed = markup.find("-->", begin + 4)
        return closed + 3 if closed >= 0 else len(markup)
    at = begin
    for _ in range(_MOST_ENDS):
        at = markup.find(">", at + 1)
        if at < 0:
            return len(markup)
        if markup.count('"', begin, at) % 2 == 0:
            break
    return at + 1


def _behind_unseen(markup: str, name: str, tag: str, end: int, unclosed: set[str]) -> int:
    """Where reading goes on: behind all of what nobody sees. What never closes is looked for once."""
    if name not in _UNSEEN or name in unclosed or tag.startswith("</") or tag.endswith("/>"):
        return end
    closed = _UNSEEN[name].search(markup, end)
    if closed:
        return closed.start()
    unclosed.add(name)
    return end if name in ("head", "title") else len(markup)


class _Page:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.depth = 0
        self.is_preformatted = False
        self.is_tight = False
        self.is_spaced = False

    def add_text(self, raw: str) -> None:
        text = unescape(_ENDLESS_NUMBER.sub("\ufffd", raw))
        first, *others = text.split("\n") if self.is_preformatted else [text]
        self.pieces.append(first)
        for line in others:
            self._end_line(always=True)
            self.pieces.append(line)

    def add_tag(self, name: str, tag: str) -> None:
        if name == "br":
            self._end_line(always=True)
        elif name in ("td", "th"):
            self.pieces.append(" ")
        elif name in _BLOCKS:
            self._end_line()
            self._add_block(name, tag, closing=tag.startswith("</"))

    def _add_block(self, name: str, tag: str, *, closing: bool) -> None:
        if name == "p" and not closing:
            self.is_tight = "Mso" in tag  # a word processor's paragraph is a line
        if name in _SPACED and not (name == "p" and self.is_tight):
            self.is_spaced = True
        if name == "blockquote":
            self.depth = max(0, self.depth + (-1 if closing else 1))
        elif name == "pre":
            self.is_preformatted = not closing
        elif name == "hr":
            self.lines.append(self._marks() + RULE)
        elif name == "li" and not closing:
            self.pieces.append("- ")

    def _marks(self) -> str:
        return "> " * min(self.depth, DEEPEST)

    def _end_line(self, *, always: bool = False) -> None:
        """Writes the line; an empty one only where a break or a hard space asks for it."""
        raw = "".join(self.pieces)
        self.pieces.clear()
        text = raw.rstrip() if self.is_preformatted else " ".join(raw.split())
        if text:
            if self.is_spaced and self.lines and self.lines[-1].strip("> "):
                self.lines.append(self._marks().rstrip())
            self.lines.append(self._marks() + text)
        elif always or "\xa0" in raw:
            self.lines.append(self._marks().rstrip())
        if text or always:
            self.is_spaced = False

    def finish(self) -> str:
        self._end_line()
        written = [position for position, line in enumerate(self.lines) if line.strip()]
        return "\n".join(self.lines[written[0] : written[-1] + 1]) if written else ""
