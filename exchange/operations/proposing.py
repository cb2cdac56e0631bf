"""A mapping proposed: which column is which field, by the headers' names and by what the values are like.

Every field and column get a score: six tenths for how the header is called, four tenths for how many of the values are
what the field takes. A column whose values speak against the field is out, whatever it is called. The best pairs are
taken first; what is needed and has no name is taken by its values if one column alone can be it.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Invalid
from exchange.operations.columns import Values
from exchange.operations.layouts import Column, Layout, find_layout
from exchange.operations.source_files import SourceFile
from exchange.queries.headers import Called, headers_of, likeness, own_headers
from exchange.queries.known_layouts import constants_of, shipped_for, words_of_values
from exchange.queries.mappings import Mapping, parse_mapping
from exchange.registry import DATASETS, DatasetFields, Field, FieldType
from relationships.queries.custom_fields import CUSTOM

AUTO = "auto"
BY_NAME, BY_VALUES = 0.6, 0.4
LEAST = 0.5
SURE = 0.9
CURRENCIES = {
    "£": "GBP",
    "€": "EUR",
    "gbp": "GBP",
    "sterling": "GBP",
    "eur": "EUR",
    "usd": "USD",
    "chf": "CHF",
}
"""What names one currency. "$" and "¥" are the signs of many and name none."""

LIKE = {
    "name": re.compile(r"(?=.*[^\W\d_]( |[^\W\d_])).+", re.DOTALL),
    "code": re.compile(r"(?=.*\d)\S(.{0,38}\S)?"),
    "unique": re.compile(r"\S(.{0,58}\S)?"),
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "phone": re.compile(r"[+(]?\d[\d\s()./-]{4,}\d( ?(x|ext\.?) ?\d+)?"),
    "url": re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(/.*)?"),
    "country": re.compile(r"[A-Za-z]{2}"),
    "currency": re.compile(r"[A-Z]{3}"),
}


@dataclass(frozen=True)
class Choice:
    """Why a column was taken for a field: the score and its two parts, each 0 to 1."""

    field: str
    column: str
    number: int
    score: float
    name: float
    values: float


@dataclass(frozen=True)
class Proposal:
    """A mapping that was worked out from a file, and why it is as it is."""

    mapping: Mapping
    layout: Layout
    choices: Sequence[Choice]
    reasons: dict[str, str]
    """What decided encoding, date_format and currency."""

    def as_json(self) -> dict[str, Any]:
        """For the report: each field with its column and score."""
        return {
            "columns": {choice.field: _told(choice) for choice in self.choices},
            "why": self.reasons,
        }


def _told(choice: Choice) -> dict[str, Any]:
    return {name: value for name, value in asdict(choice).items() if name != "field"}


def propose_mapping(
    *, files: Sequence[SourceFile], dataset: str, given: dict[str, str] | None = None, **keys: str
) -> Proposal:
    """The mapping of `files`, which must be laid out alike, for a data set.

    `given` are constants, `keys` what the user knows of the file (encoding, date_format, source). Raises
    Invalid naming the fields for which no column was found, with the columns that there are.
    """
    if dataset not in DATASETS:
        known = ", ".join(DATASETS)
        words = _("“%(name)s” is not known; it can be %(known)s.") % {"name": dataset, "known": known}
        raise Invalid({"dataset": words})
    if not files:
        raise Invalid({"files": _("Name at least one file.")})
    first, *others = [_propose(file, DATASETS[dataset], dict(given or {}), keys) for file in files]
    for other in others:
        if other.mapping != first.mapping:
            words = _("%(file)s is laid out otherwise than %(first)s: import each by itself.")
            names = {"file": other.layout.text.name, "first": first.layout.text.name}
            raise Invalid({"files": words % names})
    return first


def _propose(
    file: SourceFile, fields: DatasetFields, given: dict[str, str], keys: dict[str, str]
) -> Proposal:
    called = dict(headers_of(fields.dataset.value))
    if any(prefix == CUSTOM for prefix, _length in fields.prefixes):
        called |= own_headers(given.get("kind", ""))
    layout = find_layout(file, called, keys.get("encoding", ""))
    given = holding(layout, fields, given)
    choices = choose(layout.columns, fields, called, set(given))
    _refuse_unfound(layout, fields, choices, given)
    columns = {choice.field: choice.number for choice in choices}
    data, reasons = settle(layout, columns, fields, given, keys)
    return Proposal(parse_mapping(AUTO, data, fields.dataset.value), layout, choices, reasons)


def settle(
    layout: Layout,
    columns: dict[str, int],
    fields: DatasetFields,
    given: dict[str, str],
    keys: dict[str, str],
) -> tuple[dict[str, Any], dict[str, str]]:
    """The mapping as JSON by which field is in which column, with its styles by the values; and what decided them."""
    chosen = {name: layout.columns[number - 1] for name, number in columns.items()}
    shipped = shipped_for(fields, _titles(layout.columns))
    reasons = {"encoding": layout.encoding.why}
    data: dict[str, Any] = {
        "source": keys.get("source") or shipped.get("source") or fields.auto_source or _source_of(layout),
        "encoding": layout.encoding.name,
        "delimiter": layout.delimiter,
        "header_row": layout.header_row,
        "columns": dict(columns),
        "constants": dict(given),
    }
    words = words_of_values(fields, shipped, {name: column.values.seen for name, column in chosen.items()})
    data |= {"values": words} if words else {}
    _settle_currency(data, chosen, fields, reasons)
    _settle_styles(data, layout, chosen, fields, keys, reasons)
    if shipped.get("date_format") and "date_format" not in reasons:
        data["date_format"], reasons["date_format"] = shipped["date_format"], "known"
    return data, reasons


def holding(layout: Layout, fields: DatasetFields, given: dict[str, str]) -> dict[str, str]:
    """What holds for every row of a file: what is given, and what a shipped mapping knows of such files."""
    shipped = shipped_for(fields, _titles(layout.columns))
    return constants_of(shipped, given) if shipped else given


def _titles(columns: Sequence[Column]) -> list[str]:
    return [column.title for column in columns]


def choose(
    columns: Sequence[Column], fields: DatasetFields, called: dict[str, Called], settled: set[str]
) -> list[Choice]:
    """The best pairs of field and column, each once; in the order of the data set's fields.

    A file for which a mapping is shipped is read by that.
    """
    if shipped := shipped_for(fields, _titles(columns)):
        places = {column.title: column for column in columns}
        named = [(field, places[title]) for field, title in shipped["columns"].items()]
        return [Choice(field, column.title, column.number, 1.0, 1.0, 1.0) for field, column in named]
    known = [field for field in map(fields.get, called) if field is not None and field.name not in settled]
    pairs = [
        pair for field in known for column in columns if (pair := _pair(field, called[field.name], column))
    ]
    order = {field.name: place for place, field in enumerate(known)}
    pairs.sort(key=lambda pair: (-pair.score, order[pair.field], pair.number))
    taken: dict[str, Choice] = {}
    for pair in pairs:
        free = pair.field not in taken and all(pair.number != other.number for other in taken.values())
        if free and pair.score >= LEAST and pair.name > 0:
            taken[pair.field] = pair
    for field in known:
        if field.required and field.name not in taken:
            used = {choice.number for choice in taken.values()}
            alone = [p for p in pairs if p.field == field.name and p.number not in used and p.values >= SURE]
            if len(alone) == 1:
                taken[field.name] = alone[0]
    return sorted(taken.values(), key=lambda choice: order[choice.field])


def _pair(field: Field, called: Called, column: Column) -> Choice | None:
    """The score of one field and column; none when the values are not such. A needed field's very name is enough:
    its rows are then held, each with what is wrong.
    """
    name = likeness(column.title, field.name, called)
    values = _fit(field, called, column.values, named=name > 0)
    if (not column.values.filled or values < 0.5) and not (field.required and name >= SURE):
        return None
    score = round(BY_NAME * name + BY_VALUES * values, 3)
    return Choice(field.name, column.title, column.number, score, round(name, 3), round(values, 3))


def _fit(field: Field, called: Called, values: Values, *, named: bool) -> float:
    """The share of a column's values that the field takes."""
    if field.type in (FieldType.DAY, FieldType.MOMENT):
        return max(values.dates, values.serials if named else 0.0)
    if field.type is FieldType.NUMBER:
        return values.number_style()[2]
    if field.choices and called.values == "choice":
        return values.share_of(lambda text: text.casefold() in {*field.choices, *called.words})
    if called.values == "unique":
        fresh = len(values.seen) / max(values.filled, 1)
        return values.share(LIKE["unique"]) * fresh if fresh > 0.95 else 0.0
    pattern = LIKE.get(called.values)
    if pattern is None:
        return 1.0
    share = values.share(pattern)
    return max(share, 0.5) if called.values == "code" else share


def _refuse_unfound(
    layout: Layout, fields: DatasetFields, choices: Sequence[Choice], given: dict[str, str]
) -> None:
    found = {choice.field for choice in choices} | set(given)
    missing = [field.name for field in fields.fields if field.required and field.name not in found]
    if not missing:
        return
    titles = ", ".join(column.title or f"{column.number}" for column in layout.columns[:40])
    words = _(
        "%(file)s: no column was recognised for this. Say which in a mapping; the file has: %(titles)s."
    )
    facts = {"file": layout.text.name, "titles": titles}
    raise Invalid({f"mapping.columns.{name}": words % facts for name in missing})


def _source_of(layout: Layout) -> str:
    """A name for whatever writes files with these headers, so that its references are its own."""
    titles = "\x1f".join(column.title for column in layout.columns)
    return f"layout-{hashlib.sha256(titles.encode()).hexdigest()[:12]}"


def _settle_currency(
    data: dict[str, Any], chosen: dict[str, Column], fields: DatasetFields, reasons: dict[str, str]
) -> None:
    """The currency, when the amounts' signs or header name exactly one and no column does."""
    known = "currency" in fields.settings or fields.get("currency") is not None
    if not known or "currency" in chosen or "currency" in data["constants"] or "amount" not in chosen:
        return
    amount = chosen["amount"]
    words = {*re.findall(r"[a-z]+", amount.title.casefold()), *re.findall("[£€]", amount.title)}
    said = {CURRENCIES[word] for word in words | amount.values.signs if word in CURRENCIES}
    if len(said) == 1:
        data["constants"]["currency"] = said.pop()
        reasons["currency"] = "named"


def _settle_styles(
    data: dict[str, Any],
    layout: Layout,
    chosen: dict[str, Column],
    fields: DatasetFields,
    keys: dict[str, str],
    reasons: dict[str, str],
) -> None:
    """Decimal sign and date format by the values; a date format that nothing decides is left to be asked for."""
    typed = [(field, chosen[field.name]) for field in fields.fields if field.name in chosen]
    numbers = [(field, column) for field, column in typed if field.type is FieldType.NUMBER]
    if numbers:
        _field, column = next((pair for pair in numbers if pair[0].name == "amount"), numbers[0])
        data["decimal"], data["thousands"], _share = column.values.number_style()
        data["clean"] = {pair[0].name: "money" for pair in numbers}
    if keys.get("date_format"):
        data["date_format"], reasons["date_format"] = keys["date_format"], "given"
        return
    dated = [column for field, column in typed if field.type in (FieldType.DAY, FieldType.MOMENT)]
    if not dated:
        return
    values = dated[0].values
    if values.serials > values.dates:
        data["date_format"], reasons["date_format"] = "serial", "form"
        return
    british = any("£" in column.values.signs or "£" in column.title for column in layout.columns)
    form, why = values.date_style(told=set(layout.told_months), british=british)
    data["date_format"] = "" if form.startswith("%Y-%m-%d") else form
    if why:
        reasons["date_format"] = why
