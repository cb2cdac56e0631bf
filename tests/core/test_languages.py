"""How each language writes days, figures and amounts."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from core import naming, places, wording
from core.currencies import NAMES, currency_names
from core.languages import MANNERS, as_filed, spoken_to
from core.naming import by_name
from relman import names

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


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_no_sentence_ends_in_two_points_after_a_month_that_has_one(language: str) -> None:
    translation.activate(language)
    day = wording.day_words(date(2026, 11, 24), date(2026, 5, 1), lower=True)
    told = {"day": day, "since": wording.written(DAY.replace(month=11), "j M"), "mean": 66, "n": 2}
    for words in (
        "Put off to %(day)s.",
        "Overall health is %(mean)s, as on %(since)s.",
        "Overall health is %(mean)s, up %(n)s since %(since)s.",
        "Overall health is %(mean)s, down %(n)s since %(since)s.",
    ):
        said = translation.gettext(words) % told
        assert said != words % told
        assert not said.endswith("..")


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


@pytest.mark.parametrize(
    ("language", "said", "regions", "first_countries", "last_currency"),
    [
        (
            "en-gb",
            ("Germany", "Swiss franc", "Vienna", "Argentina, Salta"),
            ["", "Africa", "America", "Antarctica", "Arctic", "Asia"],
            ["Afghanistan", "Åland Islands", "Albania"],
            "Zimbabwe gold",
        ),
        (
            "de",
            ("Deutschland", "Schweizer Franken", "Wien", "Argentinien, Salta"),
            ["", "Afrika", "Amerika", "Antarktis", "Arktis", "Asien"],
            ["Afghanistan", "Ägypten", "Ålandinseln"],
            "Weißrussischer Rubel",
        ),
        (
            "fr",
            ("Allemagne", "Franc suisse", "Vienne", "Argentine, Salta"),
            ["", "Afrique", "Amérique", "Antarctique", "Arctique", "Asie"],
            ["Afghanistan", "Afrique du Sud", "Albanie"],
            "Zloty polonais",
        ),
        (
            "es",
            ("Alemania", "Franco suizo", "Viena", "Argentina, Salta"),
            ["", "África", "América", "Antártida", "Ártico", "Asia"],
            ["Afganistán", "Albania", "Alemania"],
            "Yuan renminbi",
        ),
    ],
)
def test_places_and_currencies_have_their_names_in_their_order(
    language: str, said: tuple[str, ...], regions: list[str], first_countries: list[str], last_currency: str
) -> None:
    with translation.override(language):
        assert said == (
            places.country_name("DE"),
            currency_names()["CHF"],
            places.time_zone_name("Europe/Vienna"),
            places.time_zone_name("America/Argentina/Salta"),
        )
        assert (places.country_name("??"), places.time_zone_name("Mars")) == ("??", "Mars")
        assert list(places.time_zones_by_region())[:6] == regions
        assert list(places.countries().values())[:3] == first_countries
        assert list(currency_names().values())[-1] == last_currency
        kept = (set(places.countries()), set(currency_names()), set(places.time_zones()))
    assert kept == (set(places.english_countries()), set(NAMES), set(places.english_time_zones()))


def test_names_stand_in_the_order_of_a_dictionary() -> None:
    told = dict(enumerate(["Nutria", "Ñu", "Oslo", "Österreich", "Zug", "Łódź", "ozean"]))
    assert list(by_name({str(n): name for n, name in told.items()}).values()) == [
        "Nutria",
        "Ñu",
        "Oslo",
        "Österreich",
        "ozean",
        "Zug",
        "Łódź",
    ]


def test_a_language_whose_names_were_not_written_says_the_english_ones(settings: Any, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    naming._kept.cache_clear()
    with translation.override("de"):
        assert places.country_name("DE") == "Germany"
    naming._kept.cache_clear()


def test_names_are_written_once_and_again_when_what_they_are_made_from_changes(tmp_path: Path) -> None:
    names.write_if_stale("de", tmp_path)
    kept = tmp_path / naming.FILE
    first = kept.read_text()
    assert json.loads(first)["currencies"]["XCG"] == "Karibischer Gulden"
    kept.write_text("{}")
    names.write_if_stale("de", tmp_path)
    assert kept.read_text() == "{}"
    os.utime(kept, (0, 0))
    names.write_if_stale("de", tmp_path)
    assert kept.read_text() == first
