"""What a one-line log says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum


class Channel(StrEnum):
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    VISIT = "visit"
    VIDEO = "video"
    LETTER = "letter"
    MESSAGE = "message"
    SOCIAL = "social"
    EVENT = "event"
    DESK = "desk"
    NOTE = "note"


class Direction(StrEnum):
    INBOUND = "in"
    OUTBOUND = "out"
    MUTUAL = "mutual"


class CommitmentSide(StrEnum):
    OURS = "ours"
    THEIRS = "theirs"
    MUTUAL = "mutual"


class Precision(StrEnum):
    """How exactly the line says when it happened; by `DAY` the time is noon, by `NOW` it says nothing."""

    NOW = "now"
    DAY = "day"
    MINUTE = "minute"


class Role(StrEnum):
    """What a stretch of the line was read as; a preview colours by it."""

    CHANNEL = "channel"
    PERSON = "person"
    ORGANISATION = "organisation"
    TONE = "tone"
    TAG = "tag"
    COMMITMENT = "commitment"
    COMMITMENT_TEXT = "commitment_text"
    FOLLOW_UP = "follow_up"
    FOLLOW_UP_TEXT = "follow_up_text"
    DUE = "due"
    WHEN = "when"
    DURATION = "duration"
    COMPLAINT = "complaint"
    TEXT = "text"


@dataclass(frozen=True, order=True)
class Span:
    """`line[start:end]`, read as `role`. Spans of one result never overlap and stand in order."""

    start: int
    end: int
    role: Role


Parameter = str | int | date | datetime


@dataclass(frozen=True)
class Option:
    """One answer: what it means, and the whole line that says so without doubt."""

    value: Parameter
    line: str


@dataclass(frozen=True)
class Finding:
    """A question or an error about `line[start:end]`, with the answers there are."""

    code: str
    start: int
    end: int
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Name:
    """A person or organisation as written, not yet resolved.

    `sure` is false where the words may as well be text: nobody of that name known,
    `ParsedLog.without_person` applies.
    """

    text: str
    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True)
class Tone:
    """A mood word with its value from -2 (angry) to 2 (delighted)."""

    word: str
    value: int


@dataclass(frozen=True)
class Commitment:
    """Something one side said it would do; `due_time` is None where only a day was named."""

    side: CommitmentSide
    text: str
    due: date | None
    due_time: time | None
    start: int
    end: int


@dataclass(frozen=True)
class FollowUp:
    """The next touch, with words or without."""

    text: str
    due: date | None
    due_time: time | None
    start: int
    end: int


@dataclass(frozen=True)
class Complaint:
    """The line reports a complaint; severity 1, 2, 4 or 8 (the weights of the problems
    measure), or None where it was not said.
    """

    severity: int | None


@dataclass(frozen=True)
class ParsedLog:
    """Everything one line says. `happened_at` is aware, in the zone of the `now` it was parsed with, never
    after it.
    """

    line: str
    channel: Channel
    channel_given: bool
    direction: Direction
    happened_at: datetime
    happened_precision: Precision
    people: tuple[Name, ...] = ()
    organisations: tuple[Name, ...] = ()
    tone: Tone | None = None
    tags: tuple[str, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    minutes: int | None = None
    complaint: Complaint | None = None
    spans: tuple[Span, ...] = ()
    questions: tuple[Finding, ...] = ()
    errors: tuple[Finding, ...] = ()
    kept_tones: frozenset[int] = frozenset()

    @property
    def is_clear(self) -> bool:
        """Nothing to ask and nothing wrong: it may be saved as it stands."""
        return not self.questions and not self.errors

    @property
    def text(self) -> str:
        """What remains of the line when all that was understood is taken out, in order, spaces collapsed and without
        a comma or the like at its end.
        """
        pieces, end = [], 0
        for span in self.spans:
            if span.role is Role.TEXT or span.start in self.kept_tones:
                is_parted = span.start == end and self.line[:end].endswith(("'", "’"))  # d’Ana
                blank = "" if is_parted else " "
                pieces.append(blank + self.line[span.start : span.end])
                end = span.end
        return " ".join("".join(pieces).split()).rstrip(" ,;:")

    def without_person(self, person: Name) -> "ParsedLog":
        """The same log with `person` back among the words of the text."""
        spans = tuple(
            replace(span, role=Role.TEXT) if (span.start, span.end) == (person.start, person.end) else span
            for span in self.spans
        )
        return replace(self, people=tuple(name for name in self.people if name != person), spans=spans)
