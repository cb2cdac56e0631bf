"""Days, clock times and durations said in another language, put into the English phrases that `analytics.dates` reads.

A language knows single words (`freitag` is `fri`) and phrases with places for numbers, days and the like
(`vor # UNIT` is `# UNIT ago`). What it does not know stays as it is, so that English is understood as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.dates import COUNTS, MONTHS, UNITS, WEEKDAYS

Folds = Mapping[int, int | str | None]
"""Letters and how they are written without accents, as `str.translate` wants them."""

WORKING_DAY_BEGINS = 7
"""From this hour on `9h30` is a time of day; `1h30` is how long something took."""

KNOWN: Mapping[str, Mapping[str, object]] = {"DAY": WEEKDAYS, "MONTH": MONTHS, "UNIT": UNITS}
_MONTH_NAMES = tuple(name for name in MONTHS if len(name) == 3)
_NUMBER = re.compile(r"[0-9]{1,4}")
_HOUR = re.compile(r"[0-9]{1,2}")
_MINUTE = re.compile(r"[0-5][0-9]")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_HOURS = re.compile(r"([0-9]{1,2})h([0-9]{2})?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2})|(\.))?")


@dataclass(frozen=True)
class Said:
    """English words, and with each number of them how many of the line's they stand for.

    An end is None within words that belong together: a reading that stopped there would have torn them apart.
    """

    keys: tuple[str, ...]
    ends: tuple[int | None, ...]

    def length(self, used: int) -> int | None:
        """How many words of the line the first `used` stand for."""
        return self.ends[used]


def as_typed(keys: Sequence[str]) -> Said:
    """The words as they stand."""
    return Said(tuple(keys), tuple(range(len(keys) + 1)))


@dataclass(frozen=True)
class Speech:
    """One language's words and phrases; `folds` writes letters plainly, so that accents may be left out."""

    words: Mapping[str, str]
    phrases: tuple[tuple[tuple[str, ...], str], ...]
    folds: Folds

    def english(self, keys: Sequence[str], marked: Sequence[str]) -> Said:
        """The words in English, phrase by phrase from the left; `marked` keep the full stop behind a number."""
        plain = [key.translate(self.folds) for key in marked]
        found: list[str] = []
        ends: list[int | None] = [0]
        index = 0
        while index < len(plain):
            length, words = self._phrase(plain[index:]) or (1, [self.words.get(plain[index], keys[index])])
            index += length
            found += words
            ends += [None] * (len(words) - 1) + [index]
        return Said(tuple(found), tuple(ends))

    def _phrase(self, plain: Sequence[str]) -> tuple[int, list[str]] | None:
        for pattern, english in self.phrases:
            if len(pattern) <= len(plain):
                values = list(self._values(pattern, plain))
                if len(values) == len(pattern):
                    return len(pattern), english.format(*filter(None, values)).split()
        return None

    def _values(self, pattern: Sequence[str], plain: Sequence[str]) -> Iterator[str]:
        """What stands in each place of the pattern, "" for a word of its own; stops at the first that differs."""
        for place, word in zip(pattern, plain, strict=False):
            value = self._value(place, word)
            if value is None:
                return
            yield value

    def _value(self, place: str, word: str) -> str | None:
        if not place.isupper() and place != "#":
            return "" if place == word else None
        english = self.words.get(word, word)
        if place in KNOWN:
            return english if english in KNOWN[place] else None
        if place == "#":
            return english if english in COUNTS or _NUMBER.fullmatch(english) else None
        return _figures(place, word)


def _figures(place: str, word: str) -> str | None:
    """Hours, clocks and days in figures, in the manner of English."""
    if place in {"D.M", "D/M"}:
        match = _DAY_MONTH.fullmatch(word)
        return _day_month(match) if match and match[2] == place[1] else None
    if place in {"CLOCKH", "LATEH"}:
        match = _HOURS.fullmatch(word)
        late = match is not None and int(match[1]) >= WORKING_DAY_BEGINS
        return f"{match[1]}:{match[2] or '00'}" if match and (late or place == "CLOCKH") else None
    pattern = {"CLOCK": _CLOCK, "HOUR": _HOUR, "MINUTE": _MINUTE}[place]
    return word if pattern.fullmatch(word) else None


def _day_month(match: re.Match[str]) -> str | None:
    """Day before month, as every one of these languages has it; `3.5` without its last full stop is a number."""
    if not 1 <= int(match[3]) <= len(_MONTH_NAMES) or not (match[2] == "/" or match[4] or match[5]):
        return None
    year = match[4] or ""
    return f"{match[1]} {_MONTH_NAMES[int(match[3]) - 1]} {'20' if len(year) == 2 else ''}{year}".strip()


def speech(folds: Folds, words: Mapping[str, str], phrases: Mapping[str, str]) -> Speech:
    """From tables: English → its words, and phrase → English phrase, with {0}, {1} for what stands in its places."""
    plain = {word.translate(folds): english for english, said in words.items() for word in said.split()}
    patterns = [
        (tuple(part if part.isupper() else part.translate(folds) for part in phrase.split()), english)
        for phrase, english in phrases.items()
    ]
    return Speech(plain, tuple(sorted(patterns, key=lambda pair: -len(pair[0]))), folds)
