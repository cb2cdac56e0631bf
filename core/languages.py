"""Languages that the product speaks: how each writes days, figures and amounts, and speaking one for a while.

What a language calls a month is Django's; how a day is put together from it is ours, because pages say days shorter
than the long form that Django knows for each language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import date as date_filter
from django.utils import timezone, translation

NARROW, FAST = "\u202f", "\u00a0"
"""Blanks at which no line breaks."""


@dataclass(frozen=True)
class Manner:
    """How a language writes: the signs between digits, the words for large amounts, and its forms of a day.

    `are_days_small` says that months and weekdays begin with a small letter, also where Django shortens them with a
    large one. `days` holds what differs from the form that a page asks for, in Django's letters.
    """

    group: str = ","
    point: str = "."
    large: tuple[str, str, str] = ("bn", "m", "k")
    is_symbol_last: bool = False
    are_nouns_large: bool = False
    are_days_small: bool = False
    days: dict[str, str] = field(default_factory=dict)


MANNERS = {
    "en-gb": Manner(),
    "de": Manner(
        ".",
        ",",
        ("Mrd.", "Mio.", "Tsd."),
        is_symbol_last=True,
        are_nouns_large=True,
        days={
            "D j M": "D, j. N",
            "D j M Y": "D, j. N Y",
            "j F": "j. F",
            "j F Y": "j. F Y",
            "j M": "j. N",
            "j M Y": "j. N Y",
            "l j F": "l, j. F",
            "l j F Y": "l, j. F Y",
        },
    ),
    "fr": Manner(
        NARROW,
        ",",
        ("Md", "M", "k"),
        is_symbol_last=True,
        days={"D j M": "D j N", "D j M Y": "D j N Y", "j M": "j N", "j M Y": "j N Y"},
    ),
    "es": Manner(
        ".",
        ",",
        ("mil M", "M", "mil"),
        is_symbol_last=True,
        are_days_small=True,
        days={
            "F Y": r"F \d\e Y",
            "j F": r"j \d\e F",
            "j F Y": r"j \d\e F \d\e Y",
            "l j F": r"l j \d\e F",
            "l j F Y": r"l, j \d\e F \d\e Y",
        },
    ),
}
PLAIN = MANNERS["en-gb"]


def manner() -> Manner:
    """How the language that is spoken now writes."""
    return MANNERS.get(translation.get_language() or "", PLAIN)


def put(day: date | None, form: str) -> str:
    """A day or moment in a form, as Django writes forms, put as the language that is spoken now puts it."""
    how = manner()
    begin, at, clock = form.partition(", H")
    words = str(date_filter(day, how.days.get(begin, begin) + at + clock))
    return words.lower() if how.are_days_small and {"M", "D"} & set(begin) else words


def well_known(code: str) -> str:
    """The language that somebody chose; the workspace's own where they leave it to their browser."""
    return code if code in MANNERS else settings.LANGUAGE_CODE


@contextmanager
def spoken_to(language: str, time_zone: str) -> Iterator[None]:
    """Within it words and times are for somebody with this language and zone: what is written outside a request."""
    with translation.override(well_known(language)), timezone.override(ZoneInfo(time_zone)):
        yield


@contextmanager
def as_filed() -> Iterator[None]:
    """Within it words are as in files that are taken out: the same for everybody, so that they can be read again."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
