"""Every language says everything: each text of the code is translated, none is left over, nothing is lost in it."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from django.conf import settings

from core.languages import MANNERS
from relman import catalogues
from relman.catalogues import ROOT, Text

SPOKEN = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[a-zA-Z%]")
FIELD = re.compile(r"\{[^{}\s]*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|left|right)\b\s*[:-]"
    r"|(?:text-align|float|clear):\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
)
FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-radius):([^;{}/]+);")


@cache
def texts() -> dict[Text, str]:
    return catalogues.texts()


@cache
def held(language: str) -> Catalog:
    return catalogues.catalogue(language)


def forms(words: str | Sequence[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def marks(words: str) -> tuple[set[str], list[str], set[str]]:
    """What may not be lost: placeholders, tags, and fields in braces."""
    return set(PLACEHOLDER.findall(words)), sorted(TAG.findall(words)), set(FIELD.findall(words))


def lost(message: Message) -> Iterator[str]:
    """What each form of a translation has lost or made up. A form that counts may leave the number out."""
    said, sources = [words for words in forms(message.string) if words], forms(message.id)
    known = {mark for source in sources for mark in marks(source)[0]}
    for number, words in enumerate(said):
        source = sources[min(number, len(sources) - 1)]
        mine, theirs = marks(words), marks(source)
        same = mine[0] <= known if len(sources) > 1 else mine[0] == theirs[0]
        if not same or mine[1:] != theirs[1:]:
            yield f"{source!r} → {words!r}"


def test_english_texts_say_themselves_from_a_catalogue_of_their_own() -> None:
    with (catalogues.LOCALE / "en_GB" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        said = GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]  # whether it is there, not what stands in for it
    plain = [text.one for text in texts() if not text.many and not text.context]
    assert [said.get(text) for text in plain] == plain


def test_the_languages_are_those_that_have_a_catalogue_and_a_manner() -> None:
    assert sorted(SPOKEN) == catalogues.languages()
    assert {code for code, _name in settings.LANGUAGES} <= set(MANNERS)


def test_no_text_is_both_counted_and_not() -> None:
    by_key: dict[tuple[str, str], set[str]] = {}
    for text in texts():
        by_key.setdefault(text.key, set()).add(text.many)
    assert {key: many for key, many in by_key.items() if len(many) > 1} == {}


@pytest.mark.parametrize("language", SPOKEN)
def test_every_text_is_translated_and_no_other(language: str) -> None:
    said = {
        (message.context or "", forms(message.id)[0]): forms(message.id)[1:]
        for message in held(language)
        if message.id and not message.fuzzy and all(word.strip() for word in forms(message.string))
    }
    wanted = {text.key: [text.many] if text.many else [] for text in texts()}
    assert sorted(wanted.keys() - said.keys()) == [], "run `make texts` and translate these"
    assert sorted(said.keys() - wanted.keys()) == [], "run `make texts`: no code says these any more"
    assert [key for key, many in wanted.items() if said[key] != many] == []
    assert not held(language).obsolete


@pytest.mark.parametrize("language", SPOKEN)
def test_translations_lose_nothing(language: str) -> None:
    assert [each for message in held(language) if message.id for each in lost(message)] == []


def test_what_a_translation_loses_is_found() -> None:
    good = Message("%(n)s <b>of</b> {them}", "{them}: <b>de</b> %(n)s")
    poor = Message("%(n)s <b>of</b> {them}", "%(m)s von {them}")
    counted = Message(("one day", "%(n)s days"), ("ein Tag", "%(n)s Tage"))
    assert (list(lost(good)), len(list(lost(poor))), list(lost(counted))) == ([], 1, [])


DAY_FORM = re.compile(
    r"""\|date:["']([^"']*j[^"']*)["']|(?:date_in|written|_written)\([^\n]*?["']([^"']*j [^"']*)["']"""
)


def test_german_and_spanish_know_every_form_of_a_day() -> None:
    """A form that a manner does not know would be put in the English way."""
    found = set()
    for path in catalogues._files():
        for match in DAY_FORM.finditer(path.read_text(encoding="utf-8")):
            found.add((match[1] or match[2]).partition(", H")[0])
    assert {form for form in found if set(form) & set("FMN")} - MANNERS["de"].days.keys() == set()
    assert {form for form in found if "F" in form} - MANNERS["es"].days.keys() == set()


def called_at_import(node: ast.AST, names: set[str]) -> Iterator[int]:
    """Lines on which one of these is called when the module is read, rather than within a function."""
    inside: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        kept = [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
        inside = [*kept, *getattr(node, "decorator_list", [])]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
        yield node.lineno
    for each in inside:
        yield from called_at_import(each, names)


def product_code() -> Iterator[tuple[Path, str]]:
    for path in catalogues._files():
        source = path.read_text(encoding="utf-8") if path.suffix == ".py" else ""
        if "gettext" in source:
            yield path, source


def test_no_words_are_fixed_when_a_module_is_read() -> None:
    """They would be in one language for ever: only lazy texts may stand outside functions."""
    found = []
    for path, source in product_code():
        tree = ast.parse(source)
        names = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for alias in node.names
            if alias.name in EAGER
        }
        found += [f"{path.relative_to(ROOT)}:{line}" for line in called_at_import(tree, names)]
    assert found == []


def sides(sheet: str) -> Iterator[str]:
    """Declarations that name left or right, or give them different sizes by the order of four."""
    yield from (found[0] for found in PHYSICAL.finditer(sheet))
    for found in FOUR_SIDES.finditer(sheet):
        parts = re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", found[1])
        uneven = parts[:1] * 2 + parts[2:3] * 2 != parts if "radius" in found[0] else parts[1:2] != parts[3:]
        if len(parts) == 4 and uneven:
            yield found[0]


def test_sheets_know_no_left_and_right() -> None:
    """A language that is written from right to left mirrors the pages by itself."""
    found = {
        str(path.relative_to(ROOT)): declared
        for path in sorted((ROOT / "static" / "css").rglob("*.css"))
        if (declared := list(sides(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL))))
    }
    assert found == {}


def test_left_and_right_are_found() -> None:
    said = "a { margin-left: 1px; padding: 0 1px 0 2px; inset: 0 1px 0 1px; text-align: right; left: 0 }"
    assert list(sides(said)) == ["margin-left:", "text-align: right", "left:", "padding: 0 1px 0 2px;"]
