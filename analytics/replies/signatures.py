"""Where in a piece of somebody's own lines the signature begins, and which lines a program put there."""

import re
from collections.abc import Sequence

from analytics.replies.lines import Part, is_rule
from analytics.replies.words import BY_PROGRAM, BY_UNKNOWN_PROGRAM, CLOSING, THANKS

LONGEST_SIGNATURE = 30
"""Written lines, the disclaimer included; what is longer is words."""
LONGEST_CARD = 14
"""Written lines that say who somebody is and how to reach them."""

_DELIMITER = re.compile(r"--|\u2013|\u2014|\u2014\u2014")
_EDGES = re.compile(r"^\W+|\W+$")
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:,? [^\W\d_a-zß-öø-ÿ][\w.'’-]*){0,3}")
_DASHED_NAME = re.compile(r"(?:[-~]|[\u2013\u2014]\s?)[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,2}")
_LISTED = re.compile(r"[-*~\u2022\u2013\u2014]\s?\w")
_REACHED = re.compile(
    r"[^\s<>]@[^\s<>]|https?://|\bwww\.|(?:^|\b(?:tel|t|f|m|fax|mobile?|phone)\b\W{0,3})\+?\(?\d[\d\s()./-]{5,}\d$"
    r"|\+\d[\d\s()./-]{6,}\d|skype:",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"P\.?\s?S\.?\W", re.IGNORECASE)
_LINK = re.compile(r"!?\[[^\[\]]*\]\([^()]*\)|<?https?://\S+")
_SENTENCE_WORDS = 9


class Own:
    """A piece of a mail between its quotes: `lines` as rules see them, and where among them something is written."""

    def __init__(self, lines: Sequence[str], blank: Sequence[bool], author: str) -> None:
        self.blank = blank
        self.places = [place for place, empty in enumerate(blank) if not empty]
        self.written = [lines[place] for place in self.places]
        self.author = frozenset(
            word.casefold() for word in re.findall(r"[^\W\d_]+", author.split("@", maxsplit=1)[0])
        )

    def parts(self, *, has_words: bool) -> list[Part]:
        """What each line is; `has_words` says that there are words before this piece."""
        parts = [Part.WORDS] * len(self.blank)
        for index, place in enumerate(self.places):
            if self._is_by_program(index):
                parts[place] = Part.PROGRAM
                below = len(self.places) - index - 1
                if below <= LONGEST_SIGNATURE and (has_words or self._words_before(parts, index)):
                    parts[place + 1 :] = [Part.PROGRAM] * (len(parts) - place - 1)
                    break
        begins = self._signature(0)
        while begins is not None:
            begins = self._signature(self._sign(parts, begins))
        return parts

    def _words_before(self, parts: Sequence[Part], index: int) -> bool:
        return any(parts[place] is Part.WORDS for place in self.places[:index])

    def _sign(self, parts: list[Part], begins: int) -> int:
        """All below is the signature, up to a postscript; where that is, or the end."""
        for index in range(begins, len(self.places)):
            if index > begins and _POSTSCRIPT.match(self.written[index]) and self._opens_paragraph(index):
                return index
            if parts[self.places[index]] is Part.WORDS:
                parts[self.places[index]] = Part.SIGNATURE
        return len(self.places)

    def _is_by_program(self, index: int) -> bool:
        text = self.written[index].strip("*_[] ")
        if BY_PROGRAM.fullmatch(text):
            return True
        return BY_UNKNOWN_PROGRAM.fullmatch(text) is not None and self._opens_paragraph(index)

    def _opens_paragraph(self, index: int) -> bool:
        return index == 0 or self.blank[self.places[index] - 1]

    def _signature(self, first: int) -> int | None:
        """Where the next one begins, from there on."""
        for index in range(max(first, len(self.written) - LONGEST_SIGNATURE - 1), len(self.written)):
            text = self.written[index]
            if (
                _DELIMITER.fullmatch(text)
                or (is_rule(text) and not self._is_announced(index) and self._is_card(index + 1))
                or self._closes(index)
                or self._is_signed(index)
            ):
                return index
        return None

    def _closes(self, index: int) -> bool:
        text = self.written[index]
        below = self.written[index + 1 :]
        if THANKS.fullmatch(text):
            return self._is_named_card(index + 1)
        if len(text) > 60:
            return False
        if _is_sentence(next(filter(None, map(_without_links, below)), "")):
            return False
        plain = _EDGES.sub("", text)
        if CLOSING.fullmatch(plain):
            return True
        closing = CLOSING.match(plain)
        rest = plain[closing.end() :] if closing else ""
        return rest[:1] in (" ", ",") and _NAME.fullmatch(rest.lstrip(", ")) is not None

    def _is_announced(self, index: int) -> bool:
        """Whether the line above says that what follows belongs to it."""
        return index > 0 and self.written[index - 1].endswith(":")

    def _is_signed(self, index: int) -> bool:
        """Whether a name stands there by which the writer signs, with nothing below but who they are."""
        if index == 0 or not self._opens_paragraph(index) or self._is_announced(index):
            return False
        text = self.written[index]
        below = self.written[index + 1 :]
        if len(below) > LONGEST_CARD or not all(_is_short(line) for line in below):
            return False
        if _DASHED_NAME.fullmatch(text) and not any(map(_LISTED.match, (self.written[index - 1], *below))):
            return True
        if self._is_author(text) and len(below) <= 6:
            return True
        return _NAME.fullmatch(text) is not None and sum(map(_reaches, below)) >= 2

    def _is_author(self, text: str) -> bool:
        words = [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
        return bool(words) and len(words) <= 4 and words[0] in self.author and len(text) <= 40

    def _is_named_card(self, index: int) -> bool:
        """A name, alone or over another, or over what says how to reach them."""
        names = [_NAME.fullmatch(line) is not None for line in self.written[index : index + 3]]
        return bool(names) and ((names[0] and self._is_card(index)) or (len(names) <= 2 and all(names)))

    def _is_card(self, index: int) -> bool:
        """Short lines to the end, of which the first says who, and another how to reach them."""
        below = self.written[index:]
        if not 0 < len(below) <= LONGEST_CARD or _reaches(below[0]):
            return False
        return all(map(_is_short, below)) and any(map(_reaches, below))


def _is_short(line: str) -> bool:
    return len(line) <= 80 and len(line.split()) < _SENTENCE_WORDS


def _without_links(line: str) -> str:
    return _LINK.sub("", line).strip()


def _is_sentence(line: str) -> bool:
    return not _is_short(line) or (line[-1:] in ".!?…" and len(line.split()) > 3)


def _reaches(line: str) -> bool:
    return _REACHED.search(line) is not None
