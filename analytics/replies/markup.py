"""The text that a mail in HTML shows, its quotes marked as in plain mail."""

import re
from html import unescape

DEEPEST = 20
"""Quotes within quotes whose marks are written; more would only make lines long."""
RULE = "_" * 32

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)(?=[\s/>])([^<>]*)>")
_DECLARED = re.compile(r"<[!?][^<>]*>")
_ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
_SILENT = frozenset({"script", "style", "title", "template"})
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote"})
_BLOCKS = _SPACED | {
    *(
        "address",
        "article",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "li",
    ),
    *("main", "section", "table", "tr"),
}


def shown_text(markup: str) -> str:
    """Lines as a browser would show them, `> ` before those in a blockquote, a drawn line for a rule; no links.

    Never raises, and takes time in proportion to the markup, whatever is wrong with it. An address in angle brackets
    that should have been escaped is text.
    """
    page = _Page()
    markup = _DECLARED.sub("", _without_comments(markup))
    end = 0
    for tag in _TAG.finditer(markup):
        page.add_text(markup[end : tag.start()])
        page.add_tag(tag[2].lower(), tag[3], closing=bool(tag[1]))
        end = tag.end()
    page.add_text(markup[end:])
    return page.finish()


def _without_comments(markup: str) -> str:
    """A comment that is never closed reaches to the end, as in a browser."""
    pieces = []
    end = 0
    while (begin := markup.find("<!--", end)) >= 0:
        pieces.append(markup[end:begin])
        closed = markup.find("-->", begin + 4)
        if closed < 0:
            return "".join(pieces)
        end = closed + 3
    return "".join([*pieces, markup[end:]])


class _Page:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.depth = 0
        self.silent = ""
        self.is_preformatted = False
        self.is_tight = False
        self.is_spaced = False

    def add_text(self, raw: str) -> None:
        if self.silent or not raw:
            return
        text = unescape(_ENDLESS_NUMBER.sub("\ufffd", raw))
        first, *others = text.split("\n") if self.is_preformatted else [text]
        self.pieces.append(first)
        for line in others:
            self._end_line(always=True)
            self.pieces.append(line)

    def add_tag(self, name: str, attributes: str, *, closing: bool) -> None:
        if self.silent:
            if closing and name == self.silent:
                self.silent = ""
        elif name in _SILENT:
            self.silent = "" if closing else name
        elif name == "br":
            self._end_line(always=True)
        elif name in ("td", "th"):
            self.pieces.append(" ")
        elif name in _BLOCKS:
            self._end_line()
            self._add_block(name, attributes, closing=closing)

    def _add_block(self, name: str, attributes: str, *, closing: bool) -> None:
        if name == "p" and not closing:
            self.is_tight = "Mso" in attributes  # a word processor's paragraph is a line
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
