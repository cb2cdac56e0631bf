"""Files of contacts as cards: vCards, and the tables that Gmail, Outlook, Thunderbird and Roundcube write."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import zip_longest

from django.utils.translation import gettext as _

from core.wording import figure
from exchange.operations.consents import consent_line
from exchange.operations.layouts import as_text, find_layout
from exchange.operations.reading import csv_records
from exchange.operations.source_files import Lines, SourceFile, TextFile, open_text, refuse
from exchange.operations.vcards import Card, Property, escaped, read_cards, read_property
from exchange.queries.headers import FOLDER, Called, words_of

KINDS = {
    "home fax": "homefax", "work fax": "workfax", "mobile": "cell", "home page": "homepage", "homepage": "homepage",
    "other": "", "internet": "", "*": "",
}  # fmt: skip
NUMBERED = re.compile(r"(e mail|phone|address|website|relation) (\d+) (.+)")
NUMBERED_NAMES = {"e mail": "EMAIL", "phone": "TEL", "website": "URL", "address": "ADR"}
ADDRESS_PARTS = {
    "extended address": 2, "street": 3, "city": 4, "region": 5, "postal code": 6, "country": 7,
}  # fmt: skip
LARGEST = 64 << 20
"""Bytes of vCards that are held in memory at once: some hundred thousand cards, a few thousand with photos."""
MEANT = re.compile(r"^'(?=[-=+@\t\r])")
"""The apostrophe that keeps spreadsheets from reading a cell as a formula; we write it, so we take it off."""


def contact_cards(file: SourceFile) -> tuple[TextFile, int, Iterator[Card]]:
    """The text that was found, the header's row (0 for vCards), and its cards. Raises Invalid for what is no text."""
    text, _found = as_text(file)
    with open_text(text) as stream:
        start = stream.read(2_000)
    if re.search(r"^\s*BEGIN\s*:\s*VCARD", start.lstrip("\ufeff"), re.IGNORECASE | re.MULTILINE):
        if text.size > LARGEST:
            words = _("At most %(limit)s bytes of vCards are taken at once.") % {"limit": figure(LARGEST)}
            raise refuse(text.name, words)
        with open_text(text) as stream:
            return text, 0, read_cards(stream.read())
    layout = find_layout(file, {name: Called(names, frozenset(), "") for name, names in _columns().items()})
    return text, layout.header_row, _from_table(text, layout.delimiter, layout.header_row)


@cache
def _columns() -> dict[str, tuple[str, ...]]:
    data = json.loads((FOLDER / "contact_columns.json").read_text(encoding="utf-8"))
    return {place: tuple(names) for place, names in data.items()}


@cache
def _place_of(title: str) -> str:
    """Where a column's cells belong, as `EMAIL.work`; "" for one that no card has a line for."""
    words = " ".join(words_of(title))
    return next((place for place, names in _columns().items() if words in names), "")


def _from_table(text: TextFile, delimiter: str, header_row: int) -> Iterator[Card]:
    """A card a row; a row whose quotation marks do not match is one with its line and that problem."""
    with open_text(text) as stream:
        titles: list[str] | None = None
        for number, problem, cells in csv_records(Lines(text.name, stream), delimiter, header_row):
            if number < header_row or not any(cell.strip() for cell in cells):
                continue
            if titles is None:
                titles = [title.strip() for title in cells]
            elif problem:
                yield Card(number, [Property("X-LINE", escaped(cells[0]))], problem)
            else:
                row = zip_longest(titles, cells, fillvalue="")
                yield Card(number, _card([(title, MEANT.sub("", cell).strip()) for title, cell in row]))


def _card(row: Sequence[tuple[str, str]]) -> list[Property]:
    """A row's cells as the lines of a card; what has no line of its own becomes one by the column's name."""
    filled = [(title, cell) for title, cell in row if cell]
    names, lines, addresses, born = [""] * 5, list[Property](), dict[str, list[str]](), dict[str, str]()
    numbered: dict[tuple[str, str], dict[str, str]] = {}
    for title, cell in filled:
        counted = NUMBERED.fullmatch(" ".join(words_of(title)))
        place = _place_of(title)
        name, _point, rest = place.partition(".")
        if counted and not place:
            numbered.setdefault((counted[1], counted[2]), {})[counted[3]] = cell
        elif name == "N":
            names[int(rest) - 1] = cell
        elif name == "ADR":
            kind, _point, part = rest.partition(".")
            addresses.setdefault(kind, [""] * 7)[int(part) - 1] = cell
        elif name == "BDAY" and rest:
            born[rest] = cell
        elif name == "LINES":
            lines += [found for line in cell.split("\n") if (found := read_property(line)) is not None]
        else:
            lines += _line(name, rest, cell, title)
    lines += _born(born)
    for (what, _place), said in numbered.items():
        lines += _numbered(what, said)
    lines += [_address(kind, parts) for kind, parts in addresses.items()]
    if any(names):
        lines.insert(0, Property("N", ";".join(escaped(part) for part in names)))
    if any(names) and not any(line.name == "FN" for line in lines):
        family, given, more, before, after = names
        whole = " ".join(part for part in (before, given, more, family, after) if part)
        lines.insert(0, Property("FN", escaped(whole)))
    return lines


def _line(name: str, kind: str, cell: str, title: str) -> list[Property]:
    if not name and (consent := consent_line(title, cell)) is not None:
        return [consent]
    if not name:
        said = re.sub(r"[^A-Z0-9]+", "-", title.upper()).strip("-") or "COLUMN"
        return [Property(f"X-{said}", escaped(cell))]
    if name in ("BDAY", "X-ANNIVERSARY"):
        return [_day(name, cell)]
    if name == "CATEGORIES":
        parts = [part.strip(" *") for part in re.split(r":::|[;,]", cell)]
        return [Property(name, ",".join(escaped(part) for part in parts if part))]
    return [Property(name, cell if name == "URL" else escaped(cell), (kind,) if kind else ())]


def _day(name: str, cell: str) -> Property:
    """A day as ISO writes it, where it can be read in one way only; else as it stands."""
    found = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", cell)
    if found and int(found[1]) > 12 >= int(found[2]):
        cell = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    elif found and int(found[2]) > 12 >= int(found[1]):
        cell = f"{found[3]}-{int(found[1]):02}-{int(found[2]):02}"
    is_day = bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell))
    return Property(name, escaped(cell), params=(("VALUE", "date"),) if is_day else ())


def _born(born: dict[str, str]) -> list[Property]:
    try:
        day = date(int(born["year"]), int(born["month"]), int(born["day"]))
    except (KeyError, ValueError):
        return [Property(f"X-BIRTH-{part.upper()}", escaped(cell)) for part, cell in born.items()]
    return [Property("BDAY", day.isoformat(), params=(("VALUE", "date"),))]


def _numbered(what: str, said: dict[str, str]) -> list[Property]:
    """Gmail's columns in pairs of type and value, several values parted by `:::`."""
    written = said.get("type", said.get("label", "")).strip("* ").lower()
    kind = KINDS.get(written, re.sub(r"[^a-z0-9-]+", "-", written))
    if what == "address":
        parts = [""] * 7
        for part, number in ADDRESS_PARTS.items():
            parts[number - 1] = said.get(part, "")
        if not any(parts):
            parts[2] = said.get("formatted", "")
        lines = [_address(kind, parts)] if any(parts) else []
        box = said.get("po box", "")
        return [*lines, *([Property("X-PO-BOX", escaped(box), (kind,) if kind else ())] if box else [])]
    values = [value.strip() for value in said.get("value", "").split(":::") if value.strip()]
    if what == "relation":
        return [Property(f"X-{(kind or 'relation').upper()}", escaped(value)) for value in values]
    name = NUMBERED_NAMES[what]
    types = (kind,) if kind else ()
    return [Property(name, value if name == "URL" else escaped(value), types) for value in values]


def _address(kind: str, parts: list[str]) -> Property:
    types = (kind,) if kind and kind != "other" else ()
    return Property("ADR", ";".join(escaped(part) for part in parts), types)
