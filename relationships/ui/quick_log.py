"""How a line is shown while it is typed: its words coloured by what they were read as, and a card of the entry."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from analytics.quicklog import Commitment, CommitmentSide, FollowUp, ParsedLog, Precision
from core.wording import day_words, in_a_sentence, moment_words
from relationships import kinds
from relationships.enums import Channel, Direction, Severity
from relationships.queries.quick_log import ReadLog

Text = str | Promise

FELT: dict[int, Text] = {
    -2: gettext_lazy("very unhappy"),
    -1: gettext_lazy("unhappy"),
    0: gettext_lazy("neutral"),
    1: gettext_lazy("pleased"),
    2: gettext_lazy("very pleased"),
}


@dataclass(frozen=True)
class Token:
    """A stretch of the line; `role` colours it, `doubt` is empty, `asked` or `wrong`."""

    text: str
    role: str
    doubt: str = ""


@dataclass(frozen=True)
class CardRow:
    """One thing that would be written down: a glyph, what it is, and what it says."""

    icon: str
    label: Text
    words: str
    tone: str = ""


@dataclass(frozen=True)
class Preview:
    """A line as it was read."""

    tokens: list[Token]
    rows: list[CardRow]
    read: ReadLog
    submit: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        return not self.read.parsed.line.strip()


def preview_of(read: ReadLog, *, viewer: User, now: datetime) -> Preview:
    """The tokens and the card; nothing is in the card that would not be written."""
    parsed = read.parsed
    local = now.astimezone(ZoneInfo(viewer.time_zone))
    channel = Channel(parsed.channel.value)
    rows = [_talk(read, channel), _when(parsed, local)]
    if parsed.text:
        rows.append(CardRow("file-text", _("Note"), parsed.text))
    if parsed.tone:
        words = f"{parsed.tone.word} ({FELT[parsed.tone.value]})"
        rows.append(CardRow(_face(parsed.tone.value), _("They felt"), words))
    if parsed.complaint:
        severity = Severity(parsed.complaint.severity or Severity.MEDIUM)
        rows.append(CardRow("triangle-alert", _("Problem"), str(severity.label), "bad"))
    rows += [_promise(promise, local.date()) for promise in parsed.commitments]
    rows += [_follow_up(step, local.date()) for step in parsed.follow_ups]
    if parsed.tags:
        rows.append(CardRow("tag", _("Tags"), " ".join(f"#{tag}" for tag in parsed.tags)))
    submit = _("Log %(channel)s") % {"channel": in_a_sentence(channel.label)}
    return Preview(_tokens(read), rows, read, submit)


def _tokens(read: ReadLog) -> list[Token]:
    """The whole line, cut at the edges of what was read; blanks between are kept."""
    line, at, found = read.parsed.line, 0, []
    doubts = [(finding.start, finding.end, "asked") for finding in read.questions]
    doubts += [(finding.start, finding.end, "wrong") for finding in read.errors]
    for span in read.parsed.spans:
        if span.start > at:
            found.append(Token(line[at : span.start], "text"))
        doubt = next((name for start, end, name in doubts if start < span.end and span.start < end), "")
        found.append(Token(line[span.start : span.end], span.role.value, doubt))
        at = span.end
    return found + ([Token(line[at:], "text")] if at < len(line) else [])


def _talk(read: ReadLog, channel: Channel) -> CardRow:
    names = [
        person.party.name if person.party else _("%(name)s (new)") % {"name": person.name.text}
        for person in read.people
    ]
    if read.relationship is not None:
        kind = kinds.registry.get(read.relationship.kind).label
        names.append(f"{read.relationship.party_name} ({kind})")
    elif read.new_party is not None:
        kind = kinds.registry.get(read.new_party.kind).label
        names.append(_("%(name)s (new, %(kind)s)") % {"name": read.new_party.name, "kind": kind})
    label = str(channel.label)
    if channel != Channel.NOTE:
        label += str(ARROWS[Direction(read.parsed.direction.value)])
    if read.parsed.minutes:
        label += _(", %(n)s min") % {"n": read.parsed.minutes}
    return CardRow(ICONS.get(channel, "square-pen"), label, ", ".join(names) or _("With whom?"))


ARROWS: dict[Direction, Text] = {
    Direction.OUT: gettext_lazy(" to them"),
    Direction.IN: gettext_lazy(" from them"),
    Direction.MUTUAL: gettext_lazy(", both"),
}
ICONS = {Channel.CALL: "phone", Channel.EMAIL: "mail", Channel.MEETING: "users", Channel.VISIT: "map-pin"}


def _when(parsed: ParsedLog, local: datetime) -> CardRow:
    words = _("Now")
    if parsed.happened_precision == Precision.DAY:
        words = day_words(parsed.happened_at.date(), local.date())
    elif parsed.happened_precision == Precision.MINUTE:
        words = moment_words(parsed.happened_at, local)
    return CardRow("clock", _("When"), words)


def _face(value: int) -> str:
    return "smile" if value > 0 else "frown" if value < 0 else "meh"


def _promise(promise: Commitment, today: date) -> CardRow:
    sides = {
        CommitmentSide.OURS: _("We promise"),
        CommitmentSide.THEIRS: _("They promise"),
        CommitmentSide.MUTUAL: _("Both promise"),
    }
    return CardRow("handshake", sides[promise.side], _dated(promise, today))


def _follow_up(step: FollowUp, today: date) -> CardRow:
    return CardRow("calendar-plus", _("Next touch"), _dated(step, today))


def _dated(thing: Commitment | FollowUp, today: date) -> str:
    due = day_words(thing.due, today, lower=True) if thing.due else _("no day yet")
    clock = f" {thing.due_time:%H:%M}" if thing.due_time else ""
    return f"{thing.text or _('Get in touch')}, {due}{clock}"
