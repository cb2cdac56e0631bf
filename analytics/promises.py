"""Promises in running text: “We will send the quote by Friday”, “they'll pay by the 5th”.

For suggesting only: what is found needs somebody's yes. A promise is a clause with somebody of ours or theirs, a
word for what is to come (`will`, `'ll`, `shall`, `going to`, `promised to`, `agreed to`) and something to do.
With a day any deed will do; without one only deeds that are owed to somebody (send, call, pay …).

Not found: questions, negations, doubt and conditions (“hopefully”, “if”, “whether”), habits (“always”), what
is said to lie in the past, and words of others: text in double quotes, quoted mail, signatures. A day that could be
two days is left open, as everywhere.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.dates import WEEKDAYS, Toward, add_months, read_day, read_time
from analytics.quicklog.result import CommitmentSide

MOST = 5
LONGEST = 300

OURS, THEIRS = frozenset({"we", "i"}), frozenset({"they", "he", "she"})
_COMING = (
    ("will",),
    ("shall",),
    *((form, "going", "to") for form in ("am", "are", "is")),
    *(
        (*have, pledge, "to")
        for have in ((), ("have",), ("has",))
        for pledge in ("promise", "promised", "agree", "agreed", "commit", "committed", "undertook")
    ),
)
_SHORT = {"'ll": ("will",), "'re": ("are",), "'m": ("am",), "'ve": ("have",)}
_FILLERS = frozenset(
    "also then definitely certainly gladly happily now just both of course again therefore surely".split()  # noqa: SIM905 - one word list, no code
)
_DEEDS = frozenset(
    """send resend forward call ring phone email mail write reply respond answer pay refund credit reimburse transfer
    invoice bill deliver ship dispatch collect return replace repair fix install order confirm sign submit provide
    supply share prepare draft arrange schedule book organise report inform notify update upload check review quote
    visit complete finish issue""".split()  # noqa: SIM905 - one word list, no code
)
_NO_DEEDS = frozenset(
    """see be have know need want think hope love like try consider remain stay seem happen understand remember regret
    suffer benefit expect struggle fail lose miss cost feel mean depend probably likely possibly perhaps maybe not
    never no always usually often generally sometimes only hardly""".split()  # noqa: SIM905 - one word list, no code
)
_DOUBT = re.compile(
    r"""\b(?:if|whether|unless|provided|hopefully|maybe|perhaps|possibly|probably|doubts?|unsure|unlikely|hopes?|
    hoped|hoping|when|what|how|why|not|never|cannot|would|could|might|
    (?:do|does|did|is|are|was|were|ca|wo)n'?t)\b""",
    re.VERBOSE,
)
_CONDITION = re.compile(r"\b(?:if|unless|provided|in\ case|as\ long\ as)\b")
_PAST = re.compile(
    r"\b(?:yesterday|ago|earlier|previously|back then|last (?:week|month|quarter|year|night|time|\w+day))\b"
)
_QUOTED = re.compile(r'"[^"\n]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»')
_HISTORY = re.compile(
    r"(?im)^(?:on\b.{0,200}\bwrote:|-{2,}\s*(?:original message|forwarded message)\b.*|from:\s.+|--\s*)$"
)
_QUOTED_LINE = re.compile(r"(?m)^[ \t]*[>|].*$")
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.](?=\S)[^.!?;\n]*)*[.!?;]?")
_NEXT_CLAUSE = re.compile(
    r"(?i),?\s+(?:but|because|although|though|so\ that|while|whereas)\b|,?\s+and\s+(?=(?:we|i|they|he|she)\b)"
)
_WORD = re.compile(r"[^\s,()]+")
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_LINKS = frozenset({"by", "before", "until", "on", "within", "for", "no later than"})
_AFTER_ORDINAL = frozenset("at and or to for with by of in so as via latest".split())  # noqa: SIM905 - one word list, no code
_TODAY = tuple(
    tuple(phrase.split())
    for phrase in (
        "this afternoon",
        "this morning",
        "this evening",
        "tonight",
        "end of day",
        "eod",
        "close of business",
        "cob",
        "end of play",
    )
)
_TRAILING = (("at", "the", "latest"), ("latest",), ("morning",), ("afternoon",), ("evening",))


@dataclass(frozen=True)
class FoundPromise:
    """A promise in `text[start:end]`: whose, what is to be done, and by which day where exactly one is said."""

    side: CommitmentSide
    what: str
    due: date | None
    start: int
    end: int


@dataclass(frozen=True)
class _Word:
    """A word with its place; `key` is casefolded, its apostrophes straight, without punctuation at the ends."""

    raw: str
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class _Due:
    """A day phrase at words[first:last]; `days` as in `analytics.dates`, `linked` where “by” or so leads it."""

    first: int
    last: int
    days: tuple[date, ...]
    linked: bool


def find_promises(text: str, today: date, their_names: Collection[str] = ()) -> list[FoundPromise]:
    """The promises in `text`, in order, at most five. `their_names` are people of the other side, as written."""
    theirs = {word.casefold() for name in their_names for word in name.split() if len(word) > 1}
    plain = _without_others_words(text)
    found = [
        promise
        for sentence in _SENTENCE.finditer(plain)
        if not sentence[0].endswith("?") and not _PAST.search(sentence[0].casefold())
        for start, end in _clauses(sentence[0], sentence.start())
        if (promise := _promise(plain, start, end, today, theirs)) is not None
    ]
    return found[:MOST]


def _without_others_words(text: str) -> str:
    """The text with quotations, quoted mail and what stands below a signature blanked, places kept."""
    history = _HISTORY.search(text)
    own = text[: history.start()] if history else text
    for pattern in (_QUOTED_LINE, _QUOTED):
        own = pattern.sub(lambda match: " " * len(match[0]), own)
    return own.replace("’", "'")


def _clauses(sentence: str, offset: int) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in _NEXT_CLAUSE.finditer(sentence):
        yield offset + start, offset + cut.start()
        start = cut.end()
    yield offset + start, offset + len(sentence)


def _promise(text: str, start: int, end: int, today: date, theirs: set[str]) -> FoundPromise | None:
    words = _words(text, start, end)
    for index in range(len(words)):
        side, after = _subject(words, index, theirs)
        if side is None or (deed := _coming(words, after)) is None:
            continue
        before = text[start : words[index].start].casefold()
        if _DOUBT.search(before) or _CONDITION.search(text[words[index].start : end].casefold()):
            return None
        return _told(words, index, deed, side, today)
    return None


def _words(text: str, start: int, end: int) -> list[_Word]:
    """The words of a clause; short forms are two words (“we'll” is “we” and “will”) in one place."""
    words = []
    for match in _WORD.finditer(text, start, end):
        key = match[0].casefold().strip(".!?;:'*-–")
        for short, full in _SHORT.items():
            if key.endswith(short) and len(key) > len(short):
                words.append(_Word(match[0], key.removesuffix(short), match.start(), match.end()))
                key = full[0]
                break
        words.append(_Word(match[0], key, match.start(), match.end()))
    return [word for word in words if word.key]


def _subject(words: Sequence[_Word], index: int, theirs: set[str]) -> tuple[CommitmentSide | None, int]:
    """Whose word stands there, and where the words after it begin."""
    key = words[index].key
    if key in OURS:
        return CommitmentSide.OURS, index + 1
    if key in THEIRS:
        return CommitmentSide.THEIRS, index + 1
    if key in theirs and words[index].raw[:1].isupper():
        return CommitmentSide.THEIRS, index + 1
    return None, index


def _coming(words: Sequence[_Word], index: int) -> int | None:
    """Where the deed stands after a word for what is to come, fillers passed over; None without such a word."""
    keys = [word.key for word in words]
    while index < len(keys) and keys[index] in _FILLERS:
        index += 1
    for phrase in _COMING:
        if tuple(keys[index : index + len(phrase)]) == phrase:
            index += len(phrase)
            while index < len(keys) and keys[index] in _FILLERS:
                index += 1
            return index if index < len(keys) else None
    return None


def _told(
    words: Sequence[_Word], subject: int, deed: int, side: CommitmentSide, today: date
) -> FoundPromise | None:
    """The promise, unless its deed is none, its day is over, or it has neither a day nor a deed that is owed."""
    verb = words[deed].key
    if verb in _NO_DEEDS:
        return None
    due = _due(words, deed + 1, len(words), today) or _leading(words, subject, today)
    if due is not None and any(day < today for day in due.days):
        return None
    if due is None and verb not in _DEEDS:
        return None
    settled = due is not None and len(due.days) == 1
    kept = [
        word
        for place, word in enumerate(words)
        if place >= deed and not (due and settled and due.first <= place < due.last)
    ]
    what = " ".join(word.raw for word in kept).strip(" .!;:,-–")[:LONGEST]
    day = due.days[0] if due and settled else None
    return FoundPromise(side, what[:1].upper() + what[1:], day, words[subject].start, words[-1].end)


def _leading(words: Sequence[_Word], subject: int, today: date) -> _Due | None:
    """“By Friday we will …”: a day before the subject, and nothing else there."""
    due = _due(words, 0, subject, today)
    return due if due and due.first == 0 and due.last == subject else None


def _due(words: Sequence[_Word], first: int, end: int, today: date) -> _Due | None:
    """The first day phrase led by “by” or the like, else the first that stands alone."""
    found = [due for place in range(first, end) if (due := _due_at(words, place, end, today)) is not None]
    return next((due for due in found if due.linked), found[0] if found else None)


def _due_at(words: Sequence[_Word], place: int, end: int, today: date) -> _Due | None:
    keys = [word.key for word in words[:end]]
    at, link = place, ""
    if keys[at : at + 3] == ["no", "later", "than"]:
        at, link = at + 3, "by"
    elif keys[at] in _LINKS:
        at, link = at + 1, keys[at]
    elif keys[at : at + 2] == ["first", "thing"]:
        at += 2
    # articles mean nothing to a date: "by the end of the week", "the 5th of May"
    spots = [spot for spot in range(at, min(at + 8, end)) if keys[spot] != "the"]
    plain = [keys[spot] for spot in spots]
    if link == "within" or (plain[:1] == ["in"] and plain[1:2] == ["next"]):
        plain, spots = _span_words(plain, spots, link)
    read = _read(plain, spots, link, words, today)
    if read is None:
        return None
    length, days = read
    if not length:  # a clock time stays among the words
        return _Due(place, place, days, linked=True)
    last = spots[length - 1] + 1
    for tail in _TRAILING:
        if tuple(keys[last : last + len(tail)]) == tail:
            last += len(tail)
    return _Due(place, last, days, bool(link))


def _span_words(plain: list[str], spots: list[int], link: str) -> tuple[list[str], list[int]]:
    """“within 3 days” and “in the next 3 days” as “in 3 days”."""
    start = 0 if link == "within" else 1
    if plain[start : start + 1] == ["next"]:
        start += 1
    return ["in", *plain[start:]], [spots[0] if spots else 0, *spots[start:]]


def _read(
    plain: Sequence[str], spots: Sequence[int], link: str, words: Sequence[_Word], today: date
) -> tuple[int, tuple[date, ...]] | None:
    """The day that the words give, with how many of them it took; for a clock time alone none of them go."""
    for phrase in _TODAY:
        if tuple(plain[: len(phrase)]) == phrase:
            return len(phrase), (today,)
    reading = read_day(plain, today, Toward.FUTURE)
    if reading is not None and not reading.problem:
        bare = plain[0] in WEEKDAYS and not link and len(plain[0]) < len("monday")
        return None if bare else (reading.length, reading.days)
    if not link or not plain:
        return None
    if match := _ORDINAL.fullmatch(plain[0]):
        ends = len(plain) == 1 or words[spots[0]].raw[-1] in ".;!," or plain[1] in _AFTER_ORDINAL
        day = _day_of_month(int(match[1]), today) if ends else None
        return (1, (day,)) if day else None
    return (0, (today,)) if link == "by" and read_time(plain) else None


def _day_of_month(number: int, today: date) -> date | None:
    """The next day of that number, today included; a month that lacks it is passed over."""
    if not 1 <= number <= 31:
        return None
    months = (add_months(today.replace(day=1), ahead) for ahead in range(3))
    days = ((month, month + timedelta(days=number - 1)) for month in months)
    return next(day for month, day in days if day.month == month.month and day >= today)
