"""When it happened, and how long it took."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo

from analytics.dates import DayReading, TimeReading, Toward, read_day, read_time
from analytics.quicklog.draft import Draft
from analytics.quicklog.result import Option, Precision, Role, Span
from analytics.quicklog.speech import Said

NOON = time(12)
LONGEST_MINUTES = 24 * 60

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9]{2}:[0-9]{2}(?:z|[+-][0-9]{2}:[0-9]{2})?")
_HOURS_MINUTES = re.compile(r"([0-9]{1,2})h([0-9]{1,2})?m?")
_HOURS = re.compile(r"([0-9]{1,2}(?:\.[0-9])?)(?:h|hr|hrs)")
_MINUTES = re.compile(r"([0-9]{1,4})(m|min|mins)")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9])?")


@dataclass(frozen=True)
class _Phrase:
    """`length` words that name a day, a time or both; `by_at` where the time was introduced by "at"."""

    length: int
    day: DayReading | None
    time: TimeReading | None
    by_at: bool = False

    @property
    def problem(self) -> str | None:
        return (self.day and self.day.problem) or (self.time and self.time.problem) or None


def begins_when(draft: Draft, index: int) -> bool:
    return _phrase(draft, index) is not None or _moment(draft, index) is not None


def read_when_in_head(draft: Draft, index: int) -> int:
    """Any day, time or both."""
    moment = _moment(draft, index)
    if moment is not None:
        _settle(draft, [moment], Precision.MINUTE, draft.mark(index, 1, Role.WHEN))
        return 1
    phrase = _phrase(draft, index)
    if phrase is None:
        return 0
    _resolve(draft, phrase, draft.mark(index, phrase.length, Role.WHEN))
    return phrase.length


def read_when_in_text(draft: Draft, index: int) -> int:
    """Among the words of the text only `at` with a time, or a day of the past with a time, says when it
    happened.

    A weekday or a date without a year could as well lie ahead ("agreed to meet fri 10:00"): that is asked.
    So is a lone `yesterday` that ends the text.
    """
    phrase = _phrase(draft, index)
    if phrase is None:
        return 0
    if phrase.time is None:
        return _lone_day(draft, index, phrase)
    if phrase.day is None:
        if not phrase.by_at:
            return 0
    elif not phrase.day.fixed or len(phrase.day.days) > 1:
        _ask_when_or_text(draft, index, phrase)
        return phrase.length
    elif not phrase.problem and phrase.day.days[0] > draft.today:
        draft.mark_text(index, phrase.length)
        return phrase.length
    _resolve(draft, phrase, draft.mark(index, phrase.length, Role.WHEN))
    return phrase.length


def _lone_day(draft: Draft, index: int, phrase: _Phrase) -> int:
    after = index + phrase.length
    ends_text = after == len(draft.words) or draft.is_sigil(after)
    day = phrase.day.days[0] if phrase.day and phrase.day.fixed and len(phrase.day.days) == 1 else None
    if not ends_text or day is None or day >= draft.today:
        return 0
    _ask_when_or_text(draft, index, phrase)
    return phrase.length


def _ask_when_or_text(draft: Draft, index: int, phrase: _Phrase) -> None:
    span = draft.span(index, phrase.length, Role.WHEN)
    days = phrase.day.days if phrase.day else ()
    times = phrase.time.times if phrase.time else (None,)
    options = [
        Option(words, draft.moved_to_head(span, words))
        for day in days
        for at in times
        if day <= draft.today
        for words in [f"{day} {at:%H:%M}" if at else f"{day}"]
    ]
    text = draft.line[span.start : span.end]
    draft.ask("when_or_text", span, (*options, Option(text, draft.shielded(span))))
    draft.mark_text(index, phrase.length)


def _phrase(draft: Draft, index: int) -> _Phrase | None:
    for said in draft.said(index, index + 8):
        phrase = _phrase_of(said.keys, draft.today)
        length = said.length(phrase.length) if phrase else None
        if phrase is not None and length is not None:
            return replace(phrase, length=length)
    return None


def _phrase_of(keys: Sequence[str], today: date) -> _Phrase | None:
    on = 1 if keys and keys[0] == "on" else 0
    day = read_day(keys[on:], today, Toward.PAST)
    if day is not None:
        length = on + day.length
        by_at = len(keys) > length and keys[length] == "at"
        clock = read_time(keys[length + by_at :], bare_hour=by_at)
        if clock is None:
            return _Phrase(length, day, None)
        return _Phrase(length + by_at + clock.length, day, clock, by_at)
    by_at = bool(keys) and keys[0] == "at"
    clock = read_time(keys[by_at:])
    if clock is None:
        return None
    length = by_at + clock.length
    on = 1 if len(keys) > length and keys[length] == "on" else 0
    day = read_day(keys[length + on :], today, Toward.PAST)
    if day is None:
        return _Phrase(length, None, clock, by_at)
    return _Phrase(length + on + day.length, day, clock, by_at)


def _moment(draft: Draft, index: int) -> datetime | None:
    if not _MOMENT.fullmatch(draft.key(index)):
        return None
    try:
        moment = datetime.fromisoformat(draft.key(index).upper())
    except ValueError:
        return None
    return (
        moment.replace(tzinfo=draft.now.tzinfo)
        if moment.tzinfo is None
        else moment.astimezone(draft.now.tzinfo)
    )


def _resolve(draft: Draft, phrase: _Phrase, span: Span) -> None:
    if phrase.problem:
        draft.refuse(phrase.problem, span)
        return
    days = phrase.day.days if phrase.day else (draft.today,)
    if phrase.time is None:
        noons = [min(_local(day, NOON, draft.now.tzinfo)[0], draft.now) for day in days if day <= draft.today]
        _settle(draft, noons, Precision.DAY, span)
        return
    moments = [
        moment for day in days for at in phrase.time.times for moment in _local(day, at, draft.now.tzinfo)
    ]
    if not moments:
        draft.refuse("time_does_not_exist", span)
        return
    _settle(draft, moments, Precision.MINUTE, span)


def _local(day: date, at: time, zone: tzinfo | None) -> list[datetime]:
    """The moments that the wall clock shows as this: one, two when clocks go back, none when they go
    forward.
    """
    folds = [datetime.combine(day, at, zone).replace(fold=fold) for fold in (0, 1)]
    shown = {moment.astimezone(UTC): moment.replace(tzinfo=None, fold=0) for moment in folds}
    return [real.astimezone(zone) for real, wall in shown.items() if _wall_clock(real, zone) == wall]


def _wall_clock(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _settle(draft: Draft, moments: list[datetime], precision: Precision, span: Span) -> None:
    past = [moment for moment in moments if moment.astimezone(UTC) <= draft.now.astimezone(UTC)]
    if not past:
        text = draft.line[span.start : span.end]
        draft.refuse("happened_in_future", span, (Option(text, draft.shielded(span)),))
    elif len(past) > 1:
        draft.ask("when_ambiguous", span, _moment_options(draft, past, precision, span))
    elif draft.when is not None:
        _ask_which_when(draft, span)
    else:
        draft.when = (past[0], precision, span)


def _moment_options(
    draft: Draft, moments: list[datetime], precision: Precision, span: Span
) -> tuple[Option, ...]:
    words = [
        f"{moment:%Y-%m-%d}" if precision is Precision.DAY else moment.isoformat(timespec="minutes")
        for moment in moments
    ]
    return tuple(
        Option(moment, draft.replaced(span.start, span.end, said))
        for moment, said in zip(moments, words, strict=True)
    )


def _ask_which_when(draft: Draft, span: Span) -> None:
    assert draft.when is not None  # noqa: S101 - the caller has just looked
    first = draft.when[2]
    options = (
        Option(draft.line[first.start : first.end], draft.shielded(span)),
        Option(draft.line[span.start : span.end], draft.shielded(first)),
    )
    draft.ask("when_ambiguous", span, options)


def read_duration(draft: Draft, index: int) -> int:
    """`12m`, `1h30`, `for 20 min`, `for an hour`; capital M means millions and is text."""
    used, minutes = _duration(draft, index)
    if not used or not minutes:
        return 0
    span = draft.mark(index, used, Role.DURATION)
    if minutes > LONGEST_MINUTES:
        draft.refuse("duration_too_long", span, minutes=minutes, most=LONGEST_MINUTES)
    elif draft.minutes is not None and draft.minutes[0] != minutes:
        first = draft.minutes[1]
        options = (
            Option(draft.minutes[0], draft.shielded(span)),
            Option(minutes, draft.shielded(first)),
        )
        draft.ask("duration_ambiguous", span, options)
    else:
        draft.minutes = (minutes, span)
    return used


def _duration(draft: Draft, index: int) -> tuple[int, int]:
    """Words used and minutes."""
    said = draft.said(index, index + 8)[0]
    used, minutes = _duration_of(draft, index, said)
    length = said.length(used)
    return (length, minutes) if length is not None else (0, 0)


def _duration_of(draft: Draft, index: int, said: Said) -> tuple[int, int]:
    keys = (*said.keys, "", "", "", "")
    if keys[0] != "for":
        minutes = _glued(draft, index, keys[0])
        return (1, minutes) if minutes else (0, 0)
    if glued := _glued(draft, index + 1, keys[1]):
        return 2, glued
    if keys[1] == "half" and keys[2] in draft.vocabulary.articles:
        return (4, 30) if keys[3] in draft.vocabulary.hour_units else (0, 0)
    count = (
        1.0 if keys[1] in draft.vocabulary.articles else float(keys[1]) if _NUMBER.fullmatch(keys[1]) else 0.0
    )
    if keys[2] in draft.vocabulary.minute_units:
        return 3, round(count)
    if keys[2] in draft.vocabulary.hour_units:
        return 3, round(count * 60)
    return 0, 0


def _glued(draft: Draft, index: int, key: str) -> int:
    """Capital M means millions: what was typed there says which it is."""
    if (match := _MINUTES.fullmatch(key)) and (match[2] != "m" or draft.words[index].core.endswith("m")):
        return int(match[1])
    if match := _HOURS_MINUTES.fullmatch(key):
        return int(match[1]) * 60 + int(match[2] or 0)
    if match := _HOURS.fullmatch(key):
        return round(float(match[1]) * 60)
    return 0
