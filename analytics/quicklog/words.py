"""A line cut into words with their places, before anything is understood."""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TITLE = 2

_OPENING = '"“„'
_CLOSING = '"”“'
_PIECE = re.compile(
    rf"""
      (?P<open_at>@[{_OPENING}][^{_CLOSING}]*\Z)       # @"Acme Tra   (still being typed)
    | @[{_OPENING}](?P<quoted_at>[^{_CLOSING}]*)[{_CLOSING}]
    | [{_OPENING}](?P<quoted>[^{_CLOSING}]*)[{_CLOSING}]
    | (?P<arrow>>(?=[^\W_]))                           # >tue is two words, the sigil and the day
    | (?P<plain>\S+)
    """,
    re.VERBOSE,
)
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)['’](?=[^\W\d_])")
"""The beginning of a French word that belongs to the one before it."""
_EDGES_BEFORE = "([{'‘"
_EDGES_AFTER = ".,;:!?)]}'’…"


class Shape(StrEnum):
    """What a word looks like; the sigils end the clause before them."""

    PLAIN = "plain"
    QUOTED = "quoted"
    ORGANISATION = "organisation"
    OPEN_QUOTE = "open_quote"
    TAG = "tag"
    COMMITMENT = "commitment"
    COMPLAINT = "complaint"
    ARROW = "arrow"


@dataclass(frozen=True)
class Word:
    """One word: `raw` is line[start:end]; `core`, at line[core_start:core_end], has lost its sigil and
    punctuation.

    `key` is the casefolded core for comparing, and empty for quoted words, so that quoting shields from
    being read.
    """

    shape: Shape
    raw: str
    start: int
    end: int
    core: str
    core_start: int
    core_end: int
    key: str

    @property
    def ends_clause(self) -> bool:
        return self.raw.endswith(";")

    @property
    def ends_name(self) -> bool:
        """Whether its punctuation ends a name: a full stop does, except behind an initial or a short title."""
        return self.raw.endswith((",", ";", ":")) or (
            self.raw.endswith(".") and len(self.core) > LONGEST_TITLE
        )


def cut(line: str, *, elides: bool = False) -> tuple[Word, ...]:
    """The words of `line`, in order, without overlaps; where a language `elides`, `d’Ana` is two."""
    words = (_word(match) for match in _PIECE.finditer(line))
    return tuple(each for word in words for each in (_parted(word) if elides else [word]))


def _parted(word: Word) -> list[Word]:
    match = _ELIDED.match(word.raw) if word.shape is Shape.PLAIN else None
    if match is None:
        return [word]
    at = word.start + match.end()
    return [_plain(match[0], word.start, at), _plain(word.raw[match.end() :], at, word.end)]


def _word(match: re.Match[str]) -> Word:
    start, end = match.span()
    raw = match[0]
    for group, shape in (
        ("open_at", Shape.OPEN_QUOTE),
        ("quoted_at", Shape.ORGANISATION),
        ("quoted", Shape.QUOTED),
        ("arrow", Shape.ARROW),
    ):
        if match[group] is not None:
            inner = raw[2:] if shape is Shape.OPEN_QUOTE else match[group]
            return Word(shape, raw, start, end, inner.strip(), start, end, "")
    return _plain(raw, start, end)


def _plain(raw: str, start: int, end: int) -> Word:
    shape, skip = _shape(raw)
    inner = raw[skip:]
    lead = skip + len(inner) - len(inner.lstrip(_EDGES_BEFORE))
    core = raw[lead:].rstrip(_EDGES_AFTER)
    core_start = start if skip else start + lead
    return Word(shape, raw, start, end, core, core_start, start + lead + len(core), core.casefold())


def _shape(raw: str) -> tuple[Shape, int]:
    """The shape of an unquoted word and the length of its sigil.

    `#4411` is a number in the text, a lone `@`, `#`, `!` means nothing, `!!!` is excitement.
    """
    rest = raw.lstrip("@#!")
    sigil = raw[: len(raw) - len(rest)]
    body = rest.rstrip(_EDGES_AFTER)
    if sigil == "@" and body[:1].isalnum():
        return Shape.ORGANISATION, 1
    if sigil == "#" and body[:1].isalpha():
        return Shape.TAG, 1
    if sigil == "!" and body[:1].isalpha():
        return Shape.COMMITMENT, 1
    if sigil == "!!" and (not rest or body[:1].isalnum()):
        return Shape.COMPLAINT, 2
    return (Shape.ARROW, 1) if raw == ">" else (Shape.PLAIN, 0)
