"""What every template keeps: the strict content security policy, and components used as they declare."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from core.icons import glyphs

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted(ROOT.glob("*/templates/**/*.html"))
COMPONENTS = ROOT / "templates" / "ui"

COMMENTS = re.compile(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.DOTALL),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.DOTALL),
    "an event handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.DOTALL),
    "hx-on": re.compile(r"\bhx-on\b"),
    "a js: value": re.compile(r"=\s*[\"']\s*(?:js|javascript):"),
    "an event filter in hx-trigger": re.compile(r"hx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)"),
    "a script of another place": re.compile(r"(?:src|href)\s*=\s*[\"']\s*(?:https?:)?//"),
}
USE = re.compile(
    r"<c-([a-z-]+)((?:\s+[^\s/>\"'=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*/?>", re.DOTALL
)
ATTRIBUTE = re.compile(r"([^\s/>\"'=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+))?", re.DOTALL)
HTML = re.compile(
    r"^(?:hx-|data-|aria-).+$|^(?:id|class|name|value|form|formaction|formmethod|formnovalidate|role|title|rel"
    r"|download|target|tabindex|autofocus|popovertarget|popover|hidden|lang|novalidate|enctype)$"
)


def source(path: Path) -> str:
    return COMMENTS.sub("", path.read_text())


def declared(component: str) -> tuple[set[str], bool]:
    """(the attributes that `<c-vars>` names, whether further HTML attributes pass through)."""
    text = source(COMPONENTS / f"{component.replace('-', '_')}.html")
    found = re.search(r"<c-vars\s(.*?)/>", text, re.DOTALL)
    names = {name.lstrip(":") for name, _ in ATTRIBUTE.findall(found[1])} if found else set()
    return names, "{{ attrs }}" in text


def misuse(path: Path) -> list[str]:
    """Each attribute passed to a component that it does not declare and that is no HTML attribute."""
    wrong = []
    for name, attributes in USE.findall(source(path)):
        if name in {"vars", "slot"}:
            continue
        known, open_ended = declared(name)
        for attribute, _value in ATTRIBUTE.findall(attributes):
            plain = attribute.lstrip(":")
            passes = open_ended and HTML.match(plain) and not attribute.startswith(":")
            if plain not in known and not passes:
                wrong.append(f"<c-{name} {attribute}>")
    return wrong


def faults(text: str) -> list[str]:
    bare = TAGS.sub("", text)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(bare)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_the_policy_forbids(path: Path) -> None:
    assert faults(source(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_attributes_passed_to_a_component_are_declared_by_it(path: Path) -> None:
    assert misuse(path) == []


def test_every_component_declares_its_attributes_and_says_how_it_is_used() -> None:
    silent = []
    for path in sorted(COMPONENTS.glob("[!_]*.html")):
        text, name = path.read_text(), path.stem.replace("_", "-")
        if f"<c-{name}" not in "".join(COMMENTS.findall(text)) or "<c-vars" not in source(path):
            silent.append(path.name)
    assert silent == []


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<p style="color:red">', "a style attribute"),
        ("<style>p{}</style>", "a style element"),
        ("<script>go()</script>", "an inline script"),
        ('<a href="/" onclick="go()">', "an event handler attribute"),
        ('<a hx-on:click="go()">', "hx-on"),
        ('<a href="javascript:go()">', "a js: value"),
        ('<a hx-trigger="click[ctrlKey]">', "an event filter in hx-trigger"),
        ('<img src="https://example.com/a.png">', "a script of another place"),
    ],
)
def test_each_forbidden_thing_is_found(markup: str, fault: str) -> None:
    assert fault in faults(markup)


NAMED_ICON = re.compile(
    r"\{%\s*icon\s+[\"']([a-z0-9-]+)[\"']|<c-[a-z-]+\s[^>]*?\bicon(?:_after)?=\"([a-z0-9-]+)\""
)


def test_every_icon_named_in_a_template_is_vendored() -> None:
    named = {name for path in TEMPLATES for pair in NAMED_ICON.findall(source(path)) for name in pair if name}
    assert named - set(glyphs()) == set()


def test_every_template_compiles() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        get_template(str(path.relative_to(ROOT / "templates")))
