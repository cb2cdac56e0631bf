"""Mappings: which column of somebody's file is which field of ours, kept as JSON files."""

import codecs
import json
import re
from collections.abc import Mapping as MappingABC
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Invalid, Missing
from exchange.registry import DATASETS, DatasetFields, FieldType

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
KNOWN_KEYS = {
    *("dataset", "source", "format", "encoding", "delimiter", "date_format", "header_row", "decimal"),
    *("thousands", "records", "columns", "constants", "clean", "product_of", "return_when", "values"),
    *("currency", "kind", "business_unit"),
}
FORMATS = ("csv", "whitespace", "json")
CLEANERS = {
    "whole_number": "whole_number",
    "integer": "whole_number",
    "int": "whole_number",
    "money": "money",
}
SERIAL = "serial"
"""A date format: a spreadsheet's number of days since the end of 1899."""
DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
DATE_DIRECTIVES = frozenset("YymdHIMSfpbBz%")


@dataclass(frozen=True)
class Condition:
    """One reason to call a line a return: a text's beginning, a text itself, or a number below another."""

    field: str
    starts_with: str = ""
    equals: str = ""
    below: str = ""


@dataclass(frozen=True)
class Mapping:
    """A mapping that was checked against its data set. Without `columns`, headers are our field names."""

    name: str
    dataset: str
    source: str
    format: str = "csv"
    encoding: str = ""
    delimiter: str = ","
    header_row: int = 1
    date_format: str = ""
    decimal: str = "."
    thousands: str = ""
    records: str = ""
    columns: MappingABC[str, str | int] = field(default_factory=dict)
    constants: MappingABC[str, str] = field(default_factory=dict)
    clean: MappingABC[str, str] = field(default_factory=dict)
    values: MappingABC[str, MappingABC[str, str]] = field(default_factory=dict)
    product_of: tuple[str, ...] = ()
    return_when: tuple[Condition, ...] = ()

    @property
    def dataset_fields(self) -> DatasetFields:
        """What the data set knows."""
        return DATASETS[self.dataset]

    @property
    def staged_fields(self) -> list[str]:
        """The fields read from the file, in the order in which they are staged."""
        return list(self.columns) or [known.name for known in self.dataset_fields.fields]

    def as_json(self) -> dict[str, Any]:
        """The mapping as it was used, for the record of an import."""
        return asdict(self)


def mapping_of(kept: dict[str, Any], **changed: Any) -> Mapping:
    """The mapping that an import kept with itself, with what is `changed` of it."""
    said = {**kept, **changed}
    said["product_of"] = tuple(said["product_of"])
    said["return_when"] = tuple(Condition(**each) for each in said["return_when"])
    return Mapping(**said)


def shipped_mappings() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def load_mapping(name: str, dataset: str, constants: MappingABC[str, str] | None = None) -> Mapping:
    """The mapping called `name` (shipped, or a JSON file's path) for `dataset`; "" takes headers as fields.

    `constants` win over the mapping's own. Raises Missing when there is none, Invalid naming what is wrong.
    """
    if dataset not in DATASETS:
        known = ", ".join(DATASETS)
        raise Invalid(
            {"dataset": _("“%(name)s” is not known; it can be %(known)s.") % _named(dataset, known)}
        )
    stem, data = ("import", {}) if not name else mapping_json(name)
    given = data.get("constants", {})
    if constants and isinstance(given, dict):
        data = {**data, "constants": {**given, **constants}}
    return parse_mapping(stem, data, dataset)


def _named(name: object, known: object = "") -> dict[str, object]:
    return {"name": name, "known": known}


def mapping_json(name: str) -> tuple[str, dict[str, Any]]:
    path = Path(name)
    if not path.is_file():
        path = SHIPPED / f"{path.name}.json"
    if not path.is_file():
        known = ", ".join(shipped_mappings())
        raise Missing(
            _("There is no mapping “%(name)s”: it is neither a file nor one of %(known)s.")
            % _named(name, known)
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise Invalid(
            {"mapping": _("%(name)s is not readable JSON: %(known)s.") % _named(path.name, error)}
        ) from error
    if not isinstance(data, dict):
        raise Invalid({"mapping": _("%(name)s does not hold a JSON object.") % _named(path.name)})
    return path.stem, data


def parse_mapping(name: str, data: dict[str, Any], dataset: str) -> Mapping:
    """A checked Mapping of `dataset` from its JSON. Raises Invalid with one entry per wrong key."""
    check = _Check(data, DATASETS[dataset])
    mapping = Mapping(
        name=name,
        dataset=dataset,
        source=check.source(name),
        format=check.one_of("format", FORMATS, "csv"),
        encoding=check.encoding(),
        delimiter=check.delimiter(),
        header_row=check.header_row(),
        date_format=check.date_format(),
        decimal=check.one_of("decimal", (".", ","), "."),
        thousands=check.one_of("thousands", ("", ",", ".", " ", "'"), ""),
        records=check.text("records", ""),
        columns=check.columns(),
        constants=check.constants(),
        clean=check.clean(),
        values=check.values(),
        product_of=check.product_of(),
        return_when=check.return_when(),
    )
    check.whole(mapping)
    if check.errors:
        raise Invalid(check.errors)
    return mapping


class _Check:
    """Reads one JSON mapping key by key and gathers what is wrong, named by its key."""

    def __init__(self, data: dict[str, Any], fields: DatasetFields) -> None:
        self.data = data
        self.fields = fields
        self.errors: dict[str, str] = {}
        for key in data:
            if key not in KNOWN_KEYS:
                self._wrong(key, _("This key is not known."))
        stated = data.get("dataset", fields.dataset.value)
        if stated != fields.dataset.value:
            self._wrong("dataset", _("This mapping is for “%(name)s”.") % _named(stated))

    def text(self, key: str, default: str) -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str):
            self._wrong(key, _("This must be a text."))
            return default
        return value

    def source(self, name: str) -> str:
        value = self.text("source", name).strip()
        if not value or len(value) > 40:
            return self._wrong("source", _("The source's name has 1 to 40 characters."))
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            known = ", ".join(f"“{choice}”" for choice in allowed)
            self._wrong(key, _("“%(name)s” is not possible; it can be %(known)s.") % _named(value, known))
            return default
        return value

    def encoding(self) -> str:
        value = self.text("encoding", "")
        try:
            return codecs.lookup(value).name if value else ""
        except LookupError:
            return self._wrong("encoding", _("“%(name)s” is no encoding that is known.") % _named(value))

    def delimiter(self) -> str:
        value = self.text("delimiter", ",")
        value = DELIMITERS.get(value, value)
        if len(value) != 1 or value in '"\r\n':
            self._wrong("delimiter", _("The delimiter is one character."))
            return ","
        return value

    def header_row(self) -> int:
        value = self.data.get("header_row", 0 if self.data.get("format") == "whitespace" else 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._wrong("header_row", _("The header's row is counted from 1; 0 means that there is none."))
            return 1
        return value

    def date_format(self) -> str:
        value = self.text("date_format", "")
        value = "" if value.lower() == "iso" else value
        if value == SERIAL:
            return value
        directives = [part[:1] for part in value.replace("%%", "").split("%")[1:]]
        unknown = [f"%{letter}" for letter in directives if letter not in DATE_DIRECTIVES]
        if unknown:
            return self._wrong(
                "date_format", _("%(name)s is not understood in a date format.") % _named(", ".join(unknown))
            )
        whole = "d" in directives and {"m", "b", "B"} & set(directives) and {"Y", "y"} & set(directives)
        if value and not whole:
            return self._wrong("date_format", _("A date format names day, month and year: “%Y-%m-%d”."))
        return value

    def columns(self) -> dict[str, str | int]:
        given = self._object("columns")
        columns: dict[str, str | int] = {}
        for name, column in given.items():
            if self.fields.get(name) is None:
                self._unknown_field(f"columns.{name}", name)
            elif isinstance(column, bool) or not isinstance(column, str | int) or column in (0, ""):
                self._wrong(f"columns.{name}", _("Name the file's header, or its number from 1."))
            else:
                columns[name] = column.strip() if isinstance(column, str) else column
        return columns

    def constants(self) -> dict[str, str]:
        given = dict(self._object("constants"))
        given |= {key: self.data[key] for key in ("currency", "kind", "business_unit") if key in self.data}
        constants: dict[str, str] = {}
        for name, value in given.items():
            if name not in self.fields.settings and self.fields.get(name) is None:
                self._unknown_field(f"constants.{name}", name)
            elif isinstance(value, bool) or not isinstance(value, str | int):
                self._wrong(f"constants.{name}", _("This must be a text."))
            else:
                constants[name] = str(value)
        return constants

    def clean(self) -> dict[str, str]:
        given = self.data.get("clean", {})
        if isinstance(given, list):
            given = dict.fromkeys((str(name) for name in given), "whole_number")
        if not isinstance(given, dict):
            self._wrong("clean", _("This must be an object of field to rule."))
            return {}
        for name, rule in given.items():
            if self.fields.get(name) is None:
                self._unknown_field(f"clean.{name}", name)
            elif rule not in CLEANERS:
                self._wrong(
                    f"clean.{name}",
                    _("“%(name)s” is not possible; it can be whole_number or money.") % _named(rule),
                )
        return {name: CLEANERS[rule] for name, rule in given.items() if rule in CLEANERS}

    def values(self) -> dict[str, dict[str, str]]:
        given = self._object("values")
        for name, table in given.items():
            if self.fields.get(name) is None:
                self._unknown_field(f"values.{name}", name)
            elif not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
                self._wrong(f"values.{name}", _("This must be an object of the file's word to ours."))
        return {} if self.errors else given

    def product_of(self) -> tuple[str, ...]:
        given = self.data.get("product_of", [])
        if isinstance(given, dict) and set(given) == {"amount"}:
            given = given["amount"]
        if not isinstance(given, list) or len(given) == 1:
            self._wrong("product_of", _("Name the two fields that are multiplied into the amount."))
            return ()
        for name in given:
            known = self.fields.get(name) if isinstance(name, str) else None
            if known is None or known.type is not FieldType.NUMBER or name == "amount":
                self._wrong("product_of", _("“%(name)s” is not a number of this data set.") % _named(name))
                return ()
        return tuple(given)

    def return_when(self) -> tuple[Condition, ...]:
        given = self.data.get("return_when", [])
        conditions: list[Condition] = []
        for entry in [given] if isinstance(given, dict) else given:
            known = self.fields.get(str(entry.get("field", ""))) if isinstance(entry, dict) else None
            tests = set(entry) - {"field"} if isinstance(entry, dict) else set()
            if known is None or len(tests) != 1 or not tests <= {"starts_with", "equals", "below"}:
                self._wrong(
                    "return_when",
                    _("A condition is a field with starts_with, equals or below: %(name)s is not.")
                    % _named(json.dumps(entry)),
                )
            elif "below" in tests and known.type is not FieldType.NUMBER:
                self._wrong("return_when", _("“%(name)s” is not a number.") % _named(known.name))
            elif "below" in tests and not re.fullmatch(r"-?\d+(\.\d+)?", str(entry["below"])):
                self._wrong("return_when", _("“%(name)s” is not a number.") % _named(entry["below"]))
            else:
                conditions.append(
                    Condition(
                        **{key: value if key == "field" else str(value) for key, value in entry.items()}
                    )
                )
        return tuple(conditions)

    def whole(self, mapping: Mapping) -> None:
        """What only the whole shows: every needed field comes from somewhere, and headers can be named."""
        for known in self.fields.fields:
            given = known.name in mapping.columns or known.name in mapping.constants
            given = given or (known.name == "amount" and bool(mapping.product_of))
            if mapping.columns and known.required and not given:
                self._wrong(f"columns.{known.name}", _("The mapping does not say where this comes from."))
        if mapping.format != "json" and mapping.header_row == 0:
            named = [name for name, column in mapping.columns.items() if isinstance(column, str)]
            if named or not mapping.columns:
                self._wrong("columns", _("Without a header row, name columns by their numbers."))
        if mapping.thousands == mapping.decimal:
            self._wrong("thousands", _("The thousands' sign cannot be the decimal sign too."))

    def _object(self, key: str) -> dict[str, Any]:
        given = self.data.get(key, {})
        if not isinstance(given, dict):
            self._wrong(key, _("This must be an object."))
            return {}
        return given

    def _unknown_field(self, key: str, name: str) -> None:
        known = ", ".join(known.name for known in self.fields.fields)
        self._wrong(key, _("“%(name)s” is not a field; it can be %(known)s.") % _named(name, known))

    def _wrong(self, key: str, words: str) -> str:
        self.errors.setdefault(f"mapping.{key}" if key != "dataset" else key, words)
        return ""
