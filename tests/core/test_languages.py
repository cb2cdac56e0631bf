"""How each language writes days, figures and amounts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from core import wording
from core.languages import MANNERS, as_filed, spoken_to

DAY = date(2026, 3, 8)


@pytest.fixture(autouse=True)
def _then_as_before() -> Iterator[None]:
    with translation.override(settings.LANGUAGE_CODE):
        yield


def plain(words: str) -> str:
    """With ordinary blanks in the place of those at which no line breaks."""
    return words.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "whole", "exact", "amount", "large", "change"),
    [
        ("en-gb", "1,234,567", "1,234.50", "−€1,234.50", "€1.34 m", "+2.5"),
        ("de", "1.234.567", "1.234,50", "−1.234,50 €", "1,34 Mio. €", "+2,5"),
        ("fr", "1 234 567", "1 234,50", "−1 234,50 €", "1,34 M €", "+2,5"),
        ("es", "1.234.567", "1.234,50", "−1.234,50 €", "1,34 M €", "+2,5"),
    ],
)
def test_figures_and_amounts(
    language: str, whole: str, exact: str, amount: str, large: str, change: str
) -> None:
    translation.activate(language)
    said = [
        wording.figure(1_234_567),
        wording.figure(Decimal("1234.5"), 2),
        wording.money_words(Decimal("-1234.5"), "EUR"),
        wording.money_words(1_340_000, "EUR", compact=True),
        wording.signed(2.5, 1),
    ]
    assert [plain(words) for words in said] == [whole, exact, amount, large, change]


@pytest.mark.parametrize(
    ("language", "near", "short", "long"),
    [
        ("en-gb", "Sun 8 Mar", "8 Mar 2026", "8 March 2026"),
        ("de", "So, 8. März", "8. März 2026", "8. März 2026"),
        ("fr", "dim 8 mars", "8 mars 2026", "8 mars 2026"),
        ("es", "dom 8 mar", "8 mar 2026", "8 de marzo de 2026"),
    ],
)
def test_days(language: str, near: str, short: str, long: str) -> None:
    translation.activate(language)
    drawn = Template('{{ day|date:"j M Y" }}; {{ day|date:"j F Y" }}').render(Context({"day": DAY}))
    assert wording.day_words(DAY, date(2026, 5, 1)) == near
    assert (wording.written(DAY, "j F Y"), drawn) == (long, f"{short}; {long}")


def test_german_nouns_stay_large_within_a_sentence() -> None:
    translation.activate("de")
    assert (wording.in_a_sentence("Kunde"), Template("{{ w|lower }}").render(Context({"w": "Kunde"}))) == (
        "Kunde",
        "Kunde",
    )
    translation.activate("fr")
    assert wording.in_a_sentence("Client") == "client"


def test_figures_that_pages_round_follow_the_language() -> None:
    translation.activate("de")
    drawn = Template("{{ n|floatformat:1 }} {{ n|thousands }} {{ n|signed:1 }}").render(
        Context({"n": 1234.5})
    )
    assert drawn == "1234,5 1.234,5 +1.234,5"


def test_what_is_written_for_somebody_is_in_their_language_and_zone() -> None:
    moment = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    with spoken_to("de", "Asia/Tokyo"):
        assert wording.moment_words(moment, moment) == f"{translation.gettext('Today')} 08:30"
        assert (translation.get_language(), str(timezone.get_current_timezone())) == ("de", "Asia/Tokyo")
    with spoken_to("", "Asia/Tokyo"):
        assert translation.get_language() == settings.LANGUAGE_CODE


def test_files_are_written_the_same_for_everybody() -> None:
    translation.activate("de")
    with as_filed():
        assert (wording.written(DAY, "j M Y"), wording.figure(1234)) == ("8 Mar 2026", "1,234")
    assert translation.get_language() == "de"


def test_every_language_has_its_manner() -> None:
    assert list(MANNERS) == [code for code, _name in settings.LANGUAGES]
