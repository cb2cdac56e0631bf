"""From a line to a `ParsedLog`: each word is offered to the readers in turn, and what none takes is text."""

from collections.abc import Callable
from datetime import datetime

from analytics.quicklog.clauses import read_commitment, read_follow_up
from analytics.quicklog.draft import Draft
from analytics.quicklog.people import read_channel, read_name_link, read_people
from analytics.quicklog.result import Complaint, Name, ParsedLog, Role, Span
from analytics.quicklog.tones import read_tone
from analytics.quicklog.vocabulary import ENGLISH, Vocabulary
from analytics.quicklog.whens import read_duration, read_when_in_head, read_when_in_text
from analytics.quicklog.words import Shape

Reader = Callable[[Draft, int], int]

_DASHES = frozenset({"-", "–", "—", ""})


def parse(line: str, now: datetime, vocabulary: Vocabulary = ENGLISH) -> ParsedLog:
    """Read one line (see the package for its grammar).

    `now` is aware and in the viewer's zone: days and times of the line are meant there. Every text gives a
    result; what is wrong or unclear in it is in `errors` and `questions`. Raises ValueError for a naive
    `now`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    draft = Draft(line, now, vocabulary)
    index = 0
    while index < len(draft.words):
        index += _read(draft, index)
    if not draft.words:
        draft.refuse("empty", Span(0, len(line), Role.TEXT))
    return draft.finish()


def _read(draft: Draft, index: int) -> int:
    for reader in _HEAD if draft.in_head else _TEXT:
        if used := reader(draft, index):
            return used
    if draft.in_head and draft.words[index].core in _DASHES and draft.words[index].shape is Shape.PLAIN:
        return 1
    draft.in_head = False
    draft.mark_text(index, 1)
    return 1


def _read_organisation(draft: Draft, index: int) -> int:
    word = draft.words[index]
    if word.shape not in {Shape.ORGANISATION, Shape.OPEN_QUOTE}:
        return 0
    span = draft.mark(index, 1, Role.ORGANISATION)
    if word.shape is Shape.OPEN_QUOTE:
        draft.refuse("quote_not_closed", span)
    elif not word.core:
        draft.refuse("name_missing", span)
    else:
        draft.organisations.append(Name(word.core, span.start, span.end))
    return 1


def _read_tag(draft: Draft, index: int) -> int:
    word = draft.words[index]
    if word.shape is not Shape.TAG:
        return 0
    draft.mark(index, 1, Role.TAG)
    if word.key not in draft.tags:
        draft.tags.append(word.key)
    return 1


def _read_complaint(draft: Draft, index: int) -> int:
    word = draft.words[index]
    if word.shape is not Shape.COMPLAINT:
        return 0
    span = draft.mark(index, 1, Role.COMPLAINT)
    severity = draft.vocabulary.severities.get(word.key)
    if word.key and severity is None:
        draft.refuse("severity_unknown", span, value=word.core)
    said = draft.complaint.severity if draft.complaint else None
    draft.complaint = Complaint(max((level for level in (severity, said) if level), default=None))
    return 1


_SIGILS: tuple[Reader, ...] = (
    _read_organisation,
    _read_tag,
    _read_complaint,
    read_commitment,
    read_follow_up,
)
_HEAD: tuple[Reader, ...] = (
    *_SIGILS,
    read_channel,
    read_name_link,
    read_people,
    read_when_in_head,
    read_duration,
    read_tone,
)
_TEXT: tuple[Reader, ...] = (*_SIGILS, read_when_in_text, read_duration, read_tone)
