"""The words of an HTML mail, without anything that a browser would do with it: no page is ever made of it."""

import re
from dataclasses import dataclass

from analytics.replies.markup import shown_text

LONGEST_HTML = 1_000_000
ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "applet", "input", "button"})
HANDLER = re.compile(r"\son[a-z]{3,20}\s*=|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|srcset|background|poster)\s*=\s*(?:[\"']\s*)?(?:https?:)?//", re.IGNORECASE)
ADDRESSED = re.compile(r"url\(\s*(?:[\"']\s*)?(?:https?:)?//", re.IGNORECASE)
GAPS = re.compile(r"\n{3,}")


@dataclass
class Seen:
    """The words of a page, and what it would have done."""

    words: str = ""
    is_active: bool = False
    is_remote: bool = False

    def look_at(self, name: str, tag: str) -> None:
        """What a browser would do at this tag."""
        self.is_active |= name in ACTIVE or bool(HANDLER.search(tag))
        self.is_remote |= bool(ELSEWHERE.search(tag))


def words_in(page: str) -> Seen:
    """What somebody would read on the page, its quotes marked as in plain mail."""
    page = page[:LONGEST_HTML]
    seen = Seen(is_remote=bool(ADDRESSED.search(page)))
    seen.words = GAPS.sub("\n\n", shown_text(page, seen.look_at))
    return seen
