"""Commitments and next touches: a day, then words up to the next sigil or semicolon."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from analytics.dates import Toward, read_day, read_time
from analytics.quicklog.draft import Draft
from analytics.quicklog.result import Commitment, FollowUp, Option, Role, Span
from analytics.quicklog.words import Shape

MOST_LINKS = 2
"""“by”, or “by on”, as other languages have it."""


@dataclass(frozen=True)
class _Due:
    """A due phrase of `length` words; `announced` where "by" or "on" came first."""

    length: int
    days: tuple[date, ...]
    time: time | None
    problem: str | None
    announced: bool


def read_commitment(draft: Draft, index: int) -> int:
    """`!us by fri send quote`, `!them pay invoice by 3 May`, `!both …`."""
    word = draft.words[index]
    if word.shape is not Shape.COMMITMENT:
        return 0
    mark = draft.mark(index, 1, Role.COMMITMENT)
    side = draft.vocabulary.sides.get(word.key)
    if side is None:
        draft.refuse("side_unknown", mark, value=word.core)
        return 1
    first, end = index + 1, index + 1 if word.ends_clause else draft.clause_end(index + 1)
    due, due_time, first, last = _commitment_due(
        draft, mark, first, _before_lone_semicolon(draft, first, end)
    )
    text = draft.mark_text(first, last - first, Role.COMMITMENT_TEXT) if last > first else ""
    if not text:
        draft.refuse("commitment_without_text", mark)
    stop = draft.words[end - 1].core_end
    draft.commitments.append(Commitment(side, text, due, due_time, mark.start, stop))
    return end - index


def _commitment_due(
    draft: Draft, mark: Span, first: int, end: int
) -> tuple[date | None, time | None, int, int]:
    """The due day and time, and where the words that remain begin and end."""
    lead = _due_at(draft, first, end)
    if lead is not None:
        day, at = _settled(draft, first, lead, "due_in_past")
        return day, at, first + lead.length, end
    tail_at = _announced_tail(draft, first, end)
    if tail_at is not None:
        start, tail = tail_at
        day, at = _settled(draft, start, tail, "due_in_past")
        return day, at, first, start
    if first < end and draft.key(first) in draft.vocabulary.bys:
        draft.refuse("date_not_understood", draft.span(first, min(2, end - first), Role.DUE))
    else:
        _ask_for_due(draft, mark, first, end)
    return None, None, first, end


def _announced_tail(draft: Draft, first: int, end: int) -> tuple[int, _Due] | None:
    """The due phrase that closes the clause, with all of what announces it: “by”, and “avant le”, “d’ici le” too."""
    found: tuple[int, _Due] | None = None
    for start in range(end - 1, first, -1):
        if found is not None and start < found[0] - MOST_LINKS:
            break
        tail = _due_at(draft, start, end)
        if tail is not None and tail.announced and start + tail.length == end:
            found = start, tail
    return found


def _before_lone_semicolon(draft: Draft, first: int, end: int) -> int:
    """French sets a blank before it."""
    return end - 1 if first < end and draft.words[end - 1].raw == ";" else end


def _ask_for_due(draft: Draft, mark: Span, first: int, end: int) -> None:
    """No "by": a day that closes the commitment may be its due day or part of its words."""
    for start in range(max(first, end - 5), end):
        tail = _due_at(draft, start, end)
        if tail is not None and start + tail.length == end and tail.days:
            span = draft.span(start, tail.length, Role.DUE)
            words = draft.line[span.start : span.end]
            options = (Option(words, draft.replaced(span.start, span.end, f"{draft.vocabulary.by} {words}")),)
            draft.ask("due_or_text", span, options)
            return
    draft.ask("due_missing", mark)


def read_follow_up(draft: Draft, index: int) -> int:
    """`>tue call back`, or the words `follow up tue call back`."""
    opening = _follow_up_opening(draft, index)
    if not opening:
        return 0
    first = index + opening
    end = draft.clause_end(first)
    mark = draft.mark(index, opening, Role.FOLLOW_UP)
    due = _due_at(draft, first, end)
    day, at = (None, None) if due is None else _settled(draft, first, due, "follow_up_in_past")
    if due is None:
        draft.ask("follow_up_without_date", mark)
    first += due.length if due else 0
    last = _before_lone_semicolon(draft, first, end)
    text = draft.mark_text(first, last - first, Role.FOLLOW_UP_TEXT) if last > first else ""
    draft.follow_ups.append(FollowUp(text, day, at, mark.start, draft.words[end - 1].core_end))
    return end - index


def _follow_up_opening(draft: Draft, index: int) -> int:
    """Words that open a next touch there, or 0. In words, and for `>` standing apart, a day has to follow."""
    word = draft.words[index]
    if word.shape is Shape.ARROW:
        following = draft.words[index + 1] if index + 1 < len(draft.words) else None
        glued = following is not None and following.start == word.end and following.raw[:1].isalpha()
        return 1 if glued or _due_at(draft, index + 1, len(draft.words)) else 0
    for phrase in draft.vocabulary.follow_ups:
        length = len(phrase)
        if draft.keys[index : index + length] == phrase and _due_at(draft, index + length, len(draft.words)):
            return length
    return 0


def _due_at(draft: Draft, first: int, end: int) -> _Due | None:
    """A day, a time today, or both, perhaps after "by" or "on", within the words first … end - 1."""
    for said in draft.said(first, end):
        due = _due_of(draft, said.keys)
        length = said.length(due.length) if due else None
        if due is not None and length is not None:
            return replace(due, length=length)
    return None


def _due_of(draft: Draft, keys: Sequence[str]) -> _Due | None:
    link = 0
    while link < MOST_LINKS and len(keys) > link and keys[link] in draft.vocabulary.due_links:
        link += 1
    day = read_day(keys[link:], draft.today, Toward.FUTURE)
    length = link + (day.length if day else 0)
    by_at = 1 if len(keys) > length and keys[length] == "at" else 0
    clock = read_time(keys[length + by_at :])
    if day is None and clock is None:
        return None
    problem = (day and day.problem) or (clock and clock.problem) or None
    return _Due(
        length + (by_at + clock.length if clock else 0),
        day.days if day else (draft.today,),
        clock.times[0] if clock and clock.times else None,
        problem,
        bool(link),
    )


def _settled(draft: Draft, first: int, due: _Due, past: str) -> tuple[date | None, time | None]:
    span = draft.mark(first, due.length, Role.DUE)
    if due.problem:
        draft.refuse(due.problem, span)
        return None, None
    if len(due.days) > 1:
        draft.ask("date_ambiguous", span, tuple(_day_option(draft, span, day, due) for day in due.days))
        return None, due.time
    day = due.days[0]
    latest = datetime.combine(day, due.time or time.max, draft.now.tzinfo)
    if latest < draft.now:
        draft.refuse(past, span, date=day)
    return day, due.time


def _day_option(draft: Draft, span: Span, day: date, due: _Due) -> Option:
    said = f"{day} {due.time:%H:%M}" if due.time else f"{day}"
    said = f"{draft.line[span.start : span.end].split()[0]} {said}" if due.announced else said
    return Option(day, draft.replaced(span.start, span.end, said))
