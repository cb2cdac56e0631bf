"""The lines of a mail, and what is said of them."""

import re
from enum import Enum

LONGEST_LOOKED_AT = 400
"""Characters; nothing that frames a mail is longer but the head's list of people, which begins as a short one does."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")) | {0xA0: " ", 0x202F: " "}
_MARKED = re.compile(r"\s{0,12}(?:>(?![=:])|\|\s[^|]*$)")
_RULE = re.compile(r"\s{0,8}[-_=*~\u2013\u2014\u2500]{2,}\s*")


class Part(Enum):
    """What a line is of its mail."""

    WORDS = "words"
    QUOTE = "quote"
    SIGNATURE = "signature"
    PROGRAM = "program"


def split(text: str) -> list[str]:
    """The lines, whatever ends them, without their ends."""
    return _LINE_END.split(text)


def looked_at(line: str) -> str:
    """The line as rules see it: no edges, no unseen characters, plain spaces; of a longer one its beginning."""
    return line.strip()[: LONGEST_LOOKED_AT + 1].translate(_UNSEEN).strip()


def is_marked(line: str) -> bool:
    """Whether a quote's mark stands before it; a table's row, which ends in its bar, has none."""
    return _MARKED.match(line[:LONGEST_LOOKED_AT]) is not None


def is_rule(line: str) -> bool:
    """Whether it is drawn, of dashes or the like, and says nothing."""
    return len(line) <= LONGEST_LOOKED_AT and _RULE.fullmatch(line) is not None
