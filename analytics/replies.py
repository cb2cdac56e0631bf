"""The part of a message that its writer wrote now: without what it quotes and without the signature."""

import re

_QUOTED = re.compile(r"^\s*(?:>|\|\s)")
_ATTRIBUTION = re.compile(
    r"^\s*(?:On\b.{4,200}\bwrote|Am\b.{4,200}\bschrieb\b.{0,100}|Le\b.{4,200}\ba écrit|El\b.{4,200}\bescribió)\s*:\s*$"
)
_BELOW_IS_OLD = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine)\s*-{2,}"
    r"|_{10,}|begin forwarded message:)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*\*?(?:from|sent|date|to|cc|subject)\*?:\*?\s+\S", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^(?:-- ?|\s*sent from my \S.{0,40}|\s*get outlook for \S.{0,20}"
    r"|\s*(?:(?:with )?(?:kind|best|warm|many)?(?:est)? ?(?:regards|wishes)"
    r"|yours (?:sincerely|faithfully|truly)|sincerely|cheers)"
    r"[,.!]?)\s*$",
    re.IGNORECASE,
)


def new_part(text: str) -> str:
    """Lines of `text` up to a signature or a quoted message, without lines quoted with `>`; no blank edges.

    A quotation announced by "On … wrote:" ends the text, unless its lines are marked with `>`: then only those go, and
    an answer below them stays.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for position, line in enumerate(lines):
        if _SIGNATURE.match(line) or _BELOW_IS_OLD.match(line) or _is_header_block(lines, position):
            break
        length = _attribution_length(lines, position)
        if length:
            if not _quotes_by_mark(lines, position + length):
                break
            lines[position : position + length] = [">"] * length
        elif not _QUOTED.match(line):
            kept.append(line)
    return "\n".join(kept).strip()


def _attribution_length(lines: list[str], position: int) -> int:
    """1 or 2 where an attribution begins there, on one line or wrapped onto the next."""
    for length in (1, 2):
        if _ATTRIBUTION.match(" ".join(lines[position : position + length])):
            return length
    return 0


def _quotes_by_mark(lines: list[str], position: int) -> bool:
    following = (line for line in lines[position:] if line.strip())
    return bool(_QUOTED.match(next(following, "")))


def _is_header_block(lines: list[str], position: int) -> bool:
    """Two mail header lines in a row, the first of them From: the head of a message quoted without marks."""
    pair = lines[position : position + 2]
    return len(pair) == 2 and all(_HEADER.match(line) for line in pair) and "from" in pair[0].casefold()[:8]
