"""The part of a mail that its writer wrote now: without what it quotes, without the signature."""

from dataclasses import dataclass

from analytics.replies.lines import Part, split
from analytics.replies.quotes import Quotes
from analytics.replies.signatures import Own

MOST_PASSES = 4
"""A line that went may leave others that go too; seldom more than once."""


@dataclass(frozen=True)
class Reply:
    """A mail's lines as they came, without their ends, and what each is; nothing of the mail is lost."""

    lines: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The writer's words: the lines that are kept, unchanged, without blank ones at the edges."""
        kept = [line for line, part in zip(self.lines, self.parts, strict=True) if part is Part.WORDS]
        written = [position for position, line in enumerate(kept) if line.strip()]
        return "\n".join(kept[written[0] : written[-1] + 1]) if written else ""


def reply_text(text: str, author: str = "") -> str:
    """The words that the writer of a mail's plain `text` wrote now, inline answers between quotes included.

    `author` is the sender's name, or address where there is none: with it a bare name at the end is known for a
    signature. Nothing is returned only for a mail that is nothing but a quote (a forwarded one too, and a form that
    begins with From and Subject) or a program's line: show the mail itself then. Never raises; takes time in proportion
    to the text. What is returned is returned unchanged when it is given again. Of a mail in HTML give `shown_text`.
    """
    return read_reply(text, author).text


def read_reply(text: str, author: str = "") -> Reply:
    """The same, with every line of the mail and what it is."""
    lines = split(text)
    parts = [Part.WORDS] * len(lines)
    left = list(range(len(lines)))
    for _pass in range(MOST_PASSES):
        found = _parts([lines[position] for position in left], author)
        for position, part in zip(left, found, strict=True):
            parts[position] = part
        kept = [position for position in left if parts[position] is Part.WORDS]
        if len(kept) == len(left):
            break
        left = kept
    return Reply(tuple(lines), tuple(parts))


def _parts(lines: list[str], author: str) -> list[Part]:
    """What each line is, read once. Where all that is somebody's own looks like a signature, it is their words."""
    quotes = Quotes(lines)
    parts = quotes.part
    begin = 0
    has_words = False
    while begin < len(parts):
        end = begin
        while end < len(parts) and parts[end] is Part.WORDS:
            end += 1
        if end > begin:
            own = Own(quotes.lines[begin:end], quotes.blank[begin:end], author)
            parts[begin:end] = own.parts(has_words=has_words)
            has_words = has_words or any(
                part is Part.WORDS and not blank
                for part, blank in zip(parts[begin:end], quotes.blank[begin:end], strict=True)
            )
        begin = end + 1
    if not has_words:
        parts = [Part.WORDS if part is Part.SIGNATURE else part for part in parts]
    return parts
