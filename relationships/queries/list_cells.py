"""What fields of the workspace and tags say of a row, in SQL: word for word what `custom_values.words` says.

A file of a list is written by the database, which would wait most of the time if a row were put into words here.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.sheets import Inert
from core.spreadsheets import inert
from core.wording import MINUS, SYMBOLS, WHOLE_CURRENCIES
from relationships.enums import CustomType
from relationships.models import CustomValue, Tagging
from relationships.queries.custom_fields import Definition

Rows = Any
"""A queryset of relationships."""
Cells = Callable[[Rows, str], Rows]
TEXT = TextField()
APART = ", "
INERT_ONCE = r"regexp_replace(%(expressions)s, '^([=+@\t\r-])', '''\1')"
"""As `Inert`, for what is not to be computed twice."""


def said(template: str, value: "str | Combinable") -> Func:
    """SQL around a column."""
    return Func(F(value) if isinstance(value, str) else value, template=template, output_field=TEXT)


def labelled(path: str, labels: Mapping[Any, Any]) -> Case:
    """The words of what stands in a column; without words for it, what stands there."""
    cases = [
        When(Q(**{path: value}), then=Value(inert(str(words)) or None, TEXT))
        for value, words in labels.items()
    ]
    return Case(*cases, default=Inert(F(path)), output_field=TEXT)


def thousands(path: str) -> Func:
    """A whole number with its thousands apart."""
    return said("to_char(%(expressions)s, 'FM999,999,999,999,999,990')", path)


def own_cells(definition: Definition) -> Cells:
    """Annotates rows with what they hold in a field of the workspace."""
    if definition.type is CustomType.CHOICES:
        return _choices(definition)
    beside = f"told_{definition.id}"
    own = FilteredRelation("custom_values", condition=Q(custom_values__field_id=definition.id))

    def cells(rows: Rows, name: str) -> Rows:
        told = OF_TYPES.get(definition.type, _text)(definition, f"{beside}__{definition.type.column}")
        return rows.alias(**{beside: own}).annotate(**{name: told})

    return cells


def _text(_definition: Definition, path: str) -> Combinable:
    return Inert(F(path))


def _quantity(definition: Definition, path: str) -> Combinable:
    number = said(
        "CASE WHEN %(expressions)s < 0 THEN '''' ELSE '' END"
        " || rtrim(to_char(%(expressions)s, 'FM9,999,999,999,990.999999'), '.')",
        path,
    )
    return _joined(number, Value(f" {definition.unit}", TEXT)) if definition.unit else number


def _money(definition: Definition, path: str) -> Combinable:
    """As `money_words` says it."""
    units, hundredths = (f"round(abs(%(expressions)s), {places})" for places in (0, 2))
    amount = units if definition.unit in WHOLE_CURRENCIES else hundredths
    sign = said(f"CASE WHEN %(expressions)s < 0 AND {amount} > 0 THEN '{MINUS}' ELSE '' END", path)
    written = f"to_char({units}, 'FM9,999,999,999,990')"
    if definition.unit not in WHOLE_CURRENCIES:
        exact = f"to_char({hundredths}, 'FM9,999,999,999,990.00')"
        is_whole = "%(expressions)s = trunc(%(expressions)s)"
        written = f"CASE WHEN {is_whole} THEN {written} ELSE {exact} END"
    symbol = SYMBOLS.get(definition.unit, f"{definition.unit} ")
    return _joined(sign, Value(symbol, TEXT), said(written, path))


def _date(_definition: Definition, path: str) -> Combinable:
    """As `date_format` says it with "j M Y"."""
    months = Value([date_format(date(2000, month, 1), "M") for month in MONTHS_3], ArrayField(TEXT))
    number = said("date_part('month', %(expressions)s)::int", path)
    month = Func(months, number, template="(%(expressions)s]", arg_joiner=")[", output_field=TEXT)
    day, year = (said(f"to_char(%(expressions)s, '{form}')", path) for form in ("FMDD", "YYYY"))
    return _joined(day, Value(" "), month, Value(" "), year)


def _yes_no(_definition: Definition, path: str) -> Combinable:
    return Case(
        When(Q(**{path: Decimal(1)}), then=Value(_("Yes"))),
        When(Q(**{f"{path}__isnull": False}), then=Value(_("No"))),
        output_field=TEXT,
    )


def _choice(definition: Definition, path: str) -> Combinable:
    cases = [
        When(Q(**{f"{path}_id": option.id}), then=Value(inert(option.label))) for option in definition.options
    ]
    return Case(*cases, output_field=TEXT)


def _person(_definition: Definition, path: str) -> Combinable:
    return Inert(F(f"{path}__name"))


OF_TYPES: dict[CustomType, Callable[[Definition, str], Combinable]] = {
    CustomType.WHOLE: _quantity,
    CustomType.DECIMAL: _quantity,
    CustomType.MONEY: _money,
    CustomType.DATE: _date,
    CustomType.YES_NO: _yes_no,
    CustomType.CHOICE: _choice,
    CustomType.PERSON: _person,
}


def _choices(definition: Definition) -> Cells:
    found = CustomValue.objects.filter(field_id=definition.id, relationship_id=OuterRef("pk"))
    return _several(found, "choice__label", ("choice__position", "pk"))


def tag_cells(rows: Rows, name: str) -> Rows:
    """Annotates rows with their tags, as `tags_of` orders them."""
    found = Tagging.objects.filter(relationship_id=OuterRef("pk"))
    return _several(found, "tag__name", (Lower("tag__name"), "pk"))(rows, name)


def _several(found: Rows, path: str, order: tuple[Any, ...]) -> Cells:
    joined = found.order_by().values("relationship_id")
    joined = joined.annotate(joined=StringAgg(path, APART, order_by=order)).values("joined")

    def cells(rows: Rows, name: str) -> Rows:
        return rows.annotate(**{name: said(INERT_ONCE, Subquery(joined, output_field=TEXT))})

    return cells


def _joined(*parts: Combinable) -> Combinable:
    """The parts one after the other; nothing where one of them is nothing."""
    return Func(*parts, template="(%(expressions)s)", arg_joiner=" || ", output_field=TEXT)
