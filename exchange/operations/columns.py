"""What a column's values say of themselves: dates and in which order, numbers and with which signs, or words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTH = "(january|february|march|april|may|june|july|august|september|october|november|december)"
SPELLED = re.compile(rf"\d{{1,2}}([-/. ])({LONG_MONTH}|{MONTH})\1(\d{{4}}|\d{{2}})", re.IGNORECASE)
SPELLED_FIRST = re.compile(rf"({LONG_MONTH}|{MONTH}) \d{{1,2}}(,?) (\d{{4}}|\d{{2}})", re.IGNORECASE)
YEAR_FIRST = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}")
IN_FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
TOGETHER = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?")
CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?( [AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$")
MONEY = re.compile(r"[£$€¥\s\u00a0]|^(GBP|EUR|USD)|(GBP|EUR|USD)$", re.IGNORECASE)
SIGNS = re.compile("[£$€¥]")
STYLES = ((".", ","), (",", "."), (".", "'"), (",", "'"))
"""Decimal sign and thousands' sign, the likelier first; blanks between digits are no sign at all."""


def _number_patterns() -> Iterator[tuple[re.Pattern[str], re.Pattern[str]]]:
    for decimal, thousands in STYLES:
        point, group = re.escape(decimal), re.escape(thousands)
        whole = rf"(\d+|\d{{1,3}}({group}\d{{3}})+)"
        yield (
            re.compile(rf"[+-]?{whole}({point}\d{{1,2}})?"),
            re.compile(rf"[+-]?({whole}({point}\d+)?|{point}\d+)"),
        )


NUMBERS = tuple(_number_patterns())
"""For each style: how money is written in it, and how any number is."""


@dataclass
class Values:
    """The filled values of one column, each with how often it was seen, and what their dates leave open."""

    seen: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    firsts: set[int] = field(default_factory=set)
    seconds: set[int] = field(default_factory=set)

    def take(self, cell: str) -> None:
        """Adds a cell; blanks are not counted."""
        text = cell.strip().strip("\N{NO-BREAK SPACE}")
        if text:
            self.seen[text] += 1

    def settle(self) -> None:
        """Works out the dates' formats, once the values are together."""
        for text, count in self.seen.items():
            self._date(text, count)

    def take_date(self, cell: str) -> None:
        """Adds what a further cell says of the order of day and month."""
        self._date(cell.strip(), 1)

    def _date(self, text: str, count: int) -> None:
        found = date_format(text)
        if found is None:
            return
        form, first, second = found
        self.formats[form] += count
        if first:
            self.firsts.add(first)
            self.seconds.add(second)

    @property
    def filled(self) -> int:
        """How many cells were not blank."""
        return self.seen.total()

    def share(self, pattern: "re.Pattern[str]") -> float:
        """The share of values that all of `pattern` matches."""
        return self.share_of(lambda text: bool(pattern.fullmatch(text)))

    def share_of(self, test: Callable[[str], bool]) -> float:
        """The share of values that pass `test`."""
        return sum(count for text, count in self.seen.items() if test(text)) / max(self.filled, 1)

    @property
    def dates(self) -> float:
        """The share of values that are dates."""
        return min(self.formats.total() / max(self.filled, 1), 1.0)

    @property
    def serials(self) -> float:
        """The share of values that a spreadsheet may mean as a date: days since the end of 1899."""
        return self.share(SERIAL)

    @property
    def is_open(self) -> bool:
        """Whether the dates can be read day first and month first."""
        form = self.main_format
        return "%1" in form and not self._order()

    @property
    def main_format(self) -> str:
        """The commonest format; `%1` and `%2` stand for day and month in an order that is not known."""
        return min(self.formats, key=lambda form: (-self.formats[form], form), default="")

    def _order(self) -> str:
        """What the numbers alone say: one above twelve is a day."""
        first, second = max(self.firsts, default=0) > 12, max(self.seconds, default=0) > 12
        if first == second:
            return ""
        return "day" if first else "month"

    def date_style(self, *, told: set[int], british: bool) -> tuple[str, str]:
        """(strptime format, what decided it); ("", "") when nothing does.

        `told` are months that the file names elsewhere, as "Month: April 2011" above the table; `british` says that
        its amounts are in pounds, and no British file writes the month first.
        """
        form = self.main_format
        if "%1" not in form:
            return form, "form" if form else ""
        order, why = self._order(), "numbers"
        if not order and max(self.firsts, default=0) <= 12 and max(self.seconds, default=0) <= 12:
            order, why = self._told(told), "month_named"
            if not order and british:
                order, why = "day", "pounds"
        if not order:
            return "", ""
        one, two = ("%d", "%m") if order == "day" else ("%m", "%d")
        return form.replace("%1", one).replace("%2", two), why

    def _told(self, months: set[int]) -> str:
        by_day, by_month = self.seconds <= months, self.firsts <= months
        if not months or by_day == by_month:
            return ""
        return "day" if by_day else "month"

    def number_style(self) -> tuple[str, str, float]:
        """(decimal sign, thousands' sign, share of values readable so); money has at most two decimals."""
        plain = Counter[str]()
        for text, count in self.seen.items():
            plain[bare_number(text)] += count
        best = (".", ",", 0.0)
        for strictly in (0, 1):
            for (decimal, thousands), patterns in zip(STYLES, NUMBERS, strict=True):
                good = sum(count for text, count in plain.items() if patterns[strictly].fullmatch(text))
                if good / max(self.filled, 1) > best[2] + (0.05 if strictly else 0.0):
                    best = (decimal, thousands, good / max(self.filled, 1))
        return best

    @property
    def signs(self) -> set[str]:
        """The currency signs in the values."""
        return {sign for text in self.seen for sign in SIGNS.findall(text)}


def date_format(text: str) -> tuple[str, int, int] | None:
    """(strptime format, first number, second number) of a date; None when it is none.

    The numbers are 0 unless day and month are both in figures before the year: then the format has `%1` and `%2`.
    """
    clock = CLOCK.search(text)
    day, time = (text[: clock.start()], _clock(clock)) if clock else (text, "")
    year = "%Y" if re.search(r"\d{4}$", day) else "%y"
    if found := IN_FIGURES.fullmatch(day):
        first, mark, second = int(found[1]), found[2], int(found[3])
        return f"%1{mark}%2{mark}{year}{time}", first, second
    if found := YEAR_FIRST.fullmatch(day):
        return f"%Y{found[1]}%m{found[1]}%d{time}", 0, 0
    if found := SPELLED.fullmatch(day):
        month = "%B" if found[3] and found[3].lower() != "may" else "%b"
        return f"%d{found[1]}{month}{found[1]}{year}{time}", 0, 0
    if found := SPELLED_FIRST.fullmatch(day):
        month = "%B" if found[2] and found[2].lower() != "may" else "%b"
        return f"{month} %d{found[4]} {year}{time}", 0, 0
    if TOGETHER.fullmatch(day):
        return f"%Y%m%d{time}", 0, 0
    return None


def _clock(found: "re.Match[str]") -> str:
    text = found.group()
    form = f"{text[0]}{'%I' if found[3] else '%H'}:%M"
    form += ":%S" if found[1] else ""
    form += ".%f" if found[2] else ""
    form += " %p" if found[3] else ""
    return form + ("%z" if found[4] else "")


def bare_number(text: str) -> str:
    """A number without currency, blanks and the bookkeeper's brackets: `"(£1,234.50)"` gives `"-1,234.50"`."""
    bare = MONEY.sub("", text)
    if bare.startswith("(") and bare.endswith(")"):
        return f"-{bare[1:-1]}"
    if bare.endswith("-") and bare != "-":
        return f"-{bare[:-1]}"
    return "0" if bare == "-" else bare
