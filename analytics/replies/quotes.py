"""Which lines of a mail are another mail: marked, introduced, or below the head of a message."""

import re
from collections.abc import Sequence

from analytics.replies.lines import LONGEST_LOOKED_AT, Part, is_marked, is_rule, looked_at
from analytics.replies.words import HEADERS, OLD_BELOW, OPENED, SAID

MOST_WRAPPED = 4
"""Lines over which an introduction is wrapped."""
HEAD_WINDOW = 8
"""Written lines in which the head of a message shows itself."""
WRAPPED_FROM = 60
"""Characters of a marked line whose end may have been wrapped onto an unmarked one."""

_BEGINS = re.compile(r"\W{0,3}(?:\w{1,12}[.,]?\s+){0,2}\d")
_NUMBERS = re.compile(r"\d+")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_ADDRESS = re.compile(r"[^\s<>]@[^\s<>]")
_ENDS_IN_ADDRESS = re.compile(r"(?:<|&lt;|\(|\[)[^<>\s]+@[^<>\s]+(?:>|&gt;|\)|\])+\s*:")
_HEADER = re.compile(r"[\s*_]{0,12}([^\W\d_]{1,15}(?: [^\W\d_]{1,8})?)[\s*_]{0,4}:")


class Quotes:
    """The quotes of one mail; `part` says WORDS of every line that is none, the signature's too."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = [looked_at(line) for line in lines]
        self.marked = [is_marked(line) for line in lines]
        self.raw_lengths = [len(line) for line in lines]
        self.blank = [not line.strip() for line in lines]
        self.written = [position for position, blank in enumerate(self.blank) if not blank]
        self.may_introduce = [line.endswith(":") or SAID.search(line) is not None for line in self.lines]
        self.part = [Part.QUOTE if marked else Part.WORDS for marked in self.marked]
        self._take_wrapped()
        self._take_introduced()

    def _take_wrapped(self) -> None:
        """The rest of a long marked line, where a program wrapped it and lost the mark."""
        for position in range(1, len(self.lines) - 1):
            if (
                self.marked[position - 1]
                and self.marked[position + 1]
                and not self.marked[position]
                and self.raw_lengths[position - 1] >= WRAPPED_FROM
                and self.lines[position][:1].islower()
            ):
                self.part[position] = Part.QUOTE

    def _take_introduced(self) -> None:
        has_words = False
        place = 0
        while place < len(self.written):
            position = self.written[place]
            if self.part[position] is Part.QUOTE:
                place += 1
                continue
            if self._is_head(place):
                self._take_from(self._drawn_above(place))
                return
            length = self._introduction(position)
            if length and has_words and not self._is_marked_at(place + length):
                self._take_from(self._drawn_above(place))
                return
            for taken in range(position, position + length):
                self.part[taken] = Part.QUOTE
            has_words = has_words or not length
            place += length or 1

    def _take_from(self, position: int) -> None:
        self.part[position:] = [Part.QUOTE] * (len(self.part) - position)

    def _drawn_above(self, place: int) -> int:
        """Where the quote begins: at the rules drawn directly above it, if any."""
        while place and is_rule(self.lines[self.written[place - 1]]) and not self._is_marked_at(place - 1):
            place -= 1
        return self.written[place]

    def _is_marked_at(self, place: int) -> bool:
        return place < len(self.written) and self.marked[self.written[place]]

    def _introduction(self, position: int) -> int:
        """How many lines from there introduce a quote ("On … wrote:"), none being 0."""
        for length in range(1, MOST_WRAPPED + 1):
            end = position + length
            if end > len(self.lines) or self.blank[end - 1] or self.part[end - 1] is Part.QUOTE:
                return 0
            if length > 1 and _begins_later(self.lines[position], self.lines[end - 1]):
                return 0
            if not self.may_introduce[end - 1]:
                continue
            joined = " ".join(self.lines[position:end])
            if len(joined) > LONGEST_LOOKED_AT:
                return 0
            if length > 1 and not (_opens(self.lines[position]) or _names_who_said(self.lines[position])):
                return 0
            if _introduces(joined, marks=end < len(self.lines) and self._marks_at(end)):
                return length
        return 0

    def _marks_at(self, position: int) -> bool:
        """Whether the line there, or the one after a blank, is marked."""
        following = position + 1 if self.blank[position] and position + 1 < len(self.lines) else position
        return self.marked[following]

    def _is_head(self, place: int) -> bool:
        """Whether a message without marks begins there: a program says so, or its headers stand there."""
        line = self.lines[self.written[place]]
        if (line[:2] == "--" or line[-1:] == ":") and OLD_BELOW.fullmatch(line.strip("-_=*: \u2013\u2014")):
            return True
        if ":" not in line:
            return False
        kinds: list[str] = []
        address = False
        strange = 0
        for later in self.written[place : place + HEAD_WINDOW]:
            text = self.lines[later]
            header = _HEADER.match(text)
            kind = (
                HEADERS.get(" ".join(header[1].casefold().split()))
                if header and not self.marked[later]
                else None
            )
            if kind is None:
                strange += 1
                if not kinds or strange > 2 or self.blank[later - 1]:
                    break
            elif kind not in kinds:
                kinds.append(kind)
                address = address or _ADDRESS.search(text) is not None
        fewest = 2 if kinds[:1] == ["from"] else 3
        return (
            "from" in kinds
            and len(kinds) >= fewest
            and (address or bool({"subject", "sent"}.intersection(kinds)))
        )


def _opens(text: str) -> bool:
    return OPENED.match(text) is not None or _BEGINS.match(text) is not None


def _begins_later(first: str, line: str) -> bool:
    """Whether an introduction would begin at `line`, so that `first` is words above it."""
    if OPENED.match(line):
        return True
    return _BEGINS.match(line) is not None and not (OPENED.match(first) or _names_who_said(first))


def _names_who_said(text: str) -> bool:
    """As in "Ana Ruiz <ana@acme.example> schrieb am", wrapped before its date."""
    return SAID.search(text) is not None and _ADDRESS.search(text) is not None


def _introduces(text: str, *, marks: bool) -> bool:
    """Whether the text says when who wrote; a person's own such sentence says less, and no mark follows it."""
    text = text.strip("- ") if text.startswith("--") else text
    ends = text.endswith(":")
    address = _ADDRESS.search(text) is not None
    numbers = len(_NUMBERS.findall(text))
    if ends and numbers >= 3 and _TIME.search(text) and _ENDS_IN_ADDRESS.search(text):
        return True
    said = list(SAID.finditer(text))
    if not said or not (ends or said[-1].end() == len(text)):
        return False
    if marks:
        return ends or address
    return numbers >= 2 and (address or (ends and _opens(text)))
