"""What relationships have in the fields of their kind: read for any number of them at once, and said in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from core.arrays import Among
from core.wording import figure, money_words, written
from relationships.enums import CustomType
from relationships.models import CustomValue
from relationships.queries.custom_fields import Definition
from relationships.queries.kept import LISTED, Statement, kept


@dataclass(frozen=True)
class Person:
    """A colleague who is somebody's value."""

    id: int
    name: str


@dataclass(frozen=True)
class Line:
    """A value as a page shows it; `url` where it leads somewhere."""

    definition: Definition
    words: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """Fields that stand together; the first has no name where fields have no section."""

    label: str
    lines: list[Line]

    @property
    def told(self) -> list[Line]:
        """Those that say something."""
        return [line for line in self.lines if line.words]


COLUMNS = (
    "relationship_id", "field_id", "text", "long_text", "number", "value_date", "choice_id", "user_id",
)  # fmt: skip
NAMES = (*COLUMNS, "user_name")


def _rows() -> Any:
    """The rows of values with the names of people, as dicts; choices in their order."""
    rows = CustomValue.objects.order_by("choice__position", "pk")
    return rows.values(*COLUMNS, user_name=F("user__name"))


def _statement() -> Statement:
    """The rows of any relationships, planned once."""
    return Statement(*_rows().filter(Among(F("relationship_id"), [LISTED])).query.sql_with_params())


def values_of(
    relationship_ids: Iterable[int], definitions: Sequence[Definition]
) -> dict[int, dict[str, Any]]:
    """What each relationship has, by the keys of the fields, in one query; what is empty is left out.

    Text as it is, numbers as Decimal (whole ones as int), days, bool, keys of choices (of several a list), a Person.
    """
    ids = list(relationship_ids)
    found: dict[int, dict[str, Any]] = {pk: {} for pk in ids}
    if not definitions or not ids:
        return found
    by_id = {each.id: each for each in definitions}
    with connection.cursor() as cursor:
        cursor.execute(kept("own values", _statement).call({}, ids))
        for values in cursor.fetchall():
            row = dict(zip(NAMES, values, strict=True))
            if row["field_id"] in by_id:
                put(found[row["relationship_id"]], by_id[row["field_id"]], row)
    return found


def put(values: dict[str, Any], definition: Definition, row: Mapping[str, Any]) -> None:
    """Puts what one row holds among the values of its relationship."""
    value = _read(definition, row)
    if definition.type is CustomType.CHOICES:
        values.setdefault(definition.key, []).append(value)
    elif value is not None:
        values[definition.key] = value


def _read(definition: Definition, row: Mapping[str, Any]) -> Any:
    if definition.type is CustomType.PERSON:
        return Person(row["user_id"], row["user_name"])
    if definition.type.has_choices:
        option = definition.option(row["choice_id"])
        return option.key if option else None
    value = row[definition.type.column]
    if definition.type is CustomType.WHOLE:
        return int(value)
    if definition.type is CustomType.YES_NO:
        return value == 1
    return value


def words(definition: Definition, value: Any) -> str:
    """A value as people write it; empty for none."""
    if value in (None, "") or value == []:
        return ""
    return WORDS.get(definition.type, _as_it_is)(definition, value)


def _as_it_is(definition: Definition, value: Any) -> str:
    return str(value)


def _labels(definition: Definition, value: Any) -> str:
    labels = {option.key: option.label for option in definition.options}
    return ", ".join(labels[key] for key in (value if isinstance(value, list) else [value]))


def _quantity(definition: Definition, value: Any) -> str:
    return f"{plain(value)} {definition.unit}".rstrip()


WORDS: dict[CustomType, Callable[[Definition, Any], str]] = {
    CustomType.CHOICE: _labels,
    CustomType.CHOICES: _labels,
    CustomType.WHOLE: _quantity,
    CustomType.DECIMAL: _quantity,
    CustomType.PERSON: lambda _definition, value: str(value.name),
    CustomType.YES_NO: lambda _definition, value: _("Yes") if value else _("No"),
    CustomType.DATE: lambda _definition, value: str(written(value, "j M Y")),
    CustomType.MONEY: lambda definition, value: money_words(value, definition.unit),
}


def plain(value: Decimal | int) -> str:
    """A number with its thousands apart and no zeros that say nothing."""
    return figure(value.normalize() if isinstance(value, Decimal) else value)


def line(definition: Definition, value: Any) -> Line:
    """A value as a page shows it."""
    url = str(value) if definition.type is CustomType.LINK and value else ""
    return Line(definition, words(definition, value), url)


def sections(definitions: Sequence[Definition], values: Mapping[str, Any]) -> list[Section]:
    """The values by the sections of their fields, in the order of the fields."""
    found: dict[str, Section] = {}
    for definition in definitions:
        shown = line(definition, values.get(definition.key))
        found.setdefault(definition.section, Section(definition.section, [])).lines.append(shown)
    return list(found.values())


def own_parts(relationship_id: int, has_fields: bool) -> dict[str, Any]:
    """What a record asks for in one go with everything else: nothing where its kind has no fields."""
    return {"own_values": _rows().filter(relationship_id=relationship_id)} if has_fields else {}


def sections_in(found: Mapping[str, Any], definitions: Sequence[Definition]) -> list[Section]:
    """The sections of a record, from what `own_parts` found; of fields that are not among these nothing is said."""
    by_id = {each.id: each for each in definitions}
    values: dict[str, Any] = {}
    for row in found.get("own_values", ()):
        if row["field_id"] in by_id:
            put(values, by_id[row["field_id"]], row)
    return sections(definitions, values)
