"""The log while it is being read: the words, and what has been understood so far."""

from collections.abc import Mapping
from datetime import date, datetime

from analytics.quicklog.result import (
    Channel,
    Commitment,
    Complaint,
    Direction,
    Finding,
    FollowUp,
    Name,
    Option,
    Parameter,
    ParsedLog,
    Precision,
    Role,
    Span,
    Tone,
)
from analytics.quicklog.speech import Said, as_typed
from analytics.quicklog.vocabulary import Vocabulary
from analytics.quicklog.words import Shape, Word, cut

_SIGILS = frozenset({Shape.ORGANISATION, Shape.OPEN_QUOTE, Shape.TAG, Shape.COMMITMENT, Shape.COMPLAINT})


class Draft:
    """Readers take a word's index and say how many words they understood; 0 leaves the word to the next
    reader.
    """

    def __init__(self, line: str, now: datetime, vocabulary: Vocabulary) -> None:
        self.line = line
        self.now = now
        self.vocabulary = vocabulary
        self.words: tuple[Word, ...] = cut(line, elides=vocabulary.elides)
        self.keys: tuple[str, ...] = tuple(
            word.key if word.shape is Shape.PLAIN else "" for word in self.words
        )
        self.in_head = True
        self.is_led = False
        self.channel: Channel | None = None
        self.direction = Direction.MUTUAL
        self.when: tuple[datetime, Precision, Span] | None = None
        self.minutes: tuple[int, Span] | None = None
        self.tone: tuple[Tone, Span] | None = None
        self.complaint: Complaint | None = None
        self.people: list[Name] = []
        self.organisations: list[Name] = []
        self.tags: list[str] = []
        self.commitments: list[Commitment] = []
        self.follow_ups: list[FollowUp] = []
        self.spans: list[Span] = []
        self.kept_tones: set[int] = set()
        self.questions: list[Finding] = []
        self.errors: list[Finding] = []

    @property
    def today(self) -> date:
        return self.now.date()

    def key(self, index: int) -> str:
        """The comparable word there; empty beyond the line, for sigils and for quoted words."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def said(self, first: int, end: int) -> tuple[Said, ...]:
        """The words first … end - 1 as English knows days and times: as the language says them, then as typed."""
        typed = as_typed(self.keys[first:end])
        if self.vocabulary.speech is None:
            return (typed,)
        marked = [
            f"{key}." if "." in key and word.raw.endswith(".") else key
            for key, word in zip(typed.keys, self.words[first:end], strict=True)
        ]
        return self.vocabulary.speech.english(typed.keys, marked), typed

    def span(self, first: int, length: int, role: Role) -> Span:
        """The place of `length` words without the punctuation around them."""
        return Span(self.words[first].core_start, self.words[first + length - 1].core_end, role)

    def mark(self, first: int, length: int, role: Role) -> Span:
        span = self.span(first, length, role)
        self.spans.append(span)
        return span

    def mark_text(self, first: int, length: int, role: Role = Role.TEXT) -> str:
        """Take whole words, with their punctuation but without a clause-ending semicolon, as text of
        `role`.
        """
        last = self.words[first + length - 1]
        end = last.end - (role is not Role.TEXT and last.ends_clause)
        span = Span(self.words[first].start, end, role)
        if end > span.start:
            self.spans.append(span)
        return " ".join(self.line[span.start : end].split())

    def is_sigil(self, index: int) -> bool:
        """Whether the word there begins something new and so ends the clause before it."""
        return self.words[index].shape in _SIGILS or self.words[index].shape is Shape.ARROW

    def clause_end(self, first: int) -> int:
        """Index after the last word of the clause whose first word is `first`."""
        index = first
        while index < len(self.words) and not self.is_sigil(index):
            index += 1
            if self.words[index - 1].ends_clause:
                break
        return index

    def replaced(self, start: int, end: int, words: str) -> str:
        return self.line[:start] + words + self.line[end:]

    def shielded(self, span: Span) -> str:
        """The line with the span in double quotes, which makes it plain text."""
        return self.replaced(span.start, span.end, f'"{self.line[span.start : span.end]}"')

    def moved_to_head(self, span: Span, words: str) -> str:
        """The line without the span and with `words` before everything else."""
        return f"{words} {self.line[: span.start].rstrip()} {self.line[span.end :].lstrip()}".rstrip()

    def ask(self, code: str, span: Span, options: tuple[Option, ...] = (), **parameters: Parameter) -> None:
        self.questions.append(
            Finding(code, span.start, span.end, self._with_value(span, parameters), options)
        )

    def refuse(
        self, code: str, span: Span, options: tuple[Option, ...] = (), **parameters: Parameter
    ) -> None:
        self.errors.append(Finding(code, span.start, span.end, self._with_value(span, parameters), options))

    def _with_value(self, span: Span, parameters: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
        return {"value": self.line[span.start : span.end], **parameters}

    def finish(self) -> ParsedLog:
        happened_at, precision = self.when[:2] if self.when else (self.now, Precision.NOW)
        return ParsedLog(
            line=self.line,
            channel=self.channel or Channel.NOTE,
            channel_given=self.channel is not None,
            direction=self.direction,
            happened_at=happened_at,
            happened_precision=precision,
            people=tuple(self.people),
            organisations=tuple(self.organisations),
            tone=self.tone[0] if self.tone else None,
            tags=tuple(self.tags),
            commitments=tuple(self.commitments),
            follow_ups=tuple(self.follow_ups),
            minutes=self.minutes[0] if self.minutes else None,
            complaint=self.complaint,
            spans=tuple(sorted(self.spans)),
            questions=tuple(self.questions),
            errors=tuple(self.errors),
            kept_tones=frozenset(self.kept_tones),
        )
