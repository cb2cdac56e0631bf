"""The conditions of a list as rows to fill in: a field, how it is asked, and what for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from relationships.filters.complaints import Complaint
from relationships.filters.relationship_list import BETWEEN, MOST_GROUPS, Choice, Text, Whose, parse_list
from relationships.queries.list_fields import Condition, FieldType, ListField, Operator, Takes
from relationships.queries.relationship_list import ListQuery

MOST_ROWS = 8
"""Of each group, so many can be filled in."""


@dataclass(frozen=True)
class ConditionRow:
    """One row: `name` tells it from others; `widget` is `none`, `select`, `date`, `number` or `text`."""

    name: str
    field: str
    fields: list[Choice]
    operators: list[Choice]
    widget: str
    several: bool
    in_days: bool
    values: list[Choice]
    value: str


@dataclass(frozen=True)
class ConditionGroup:
    """Rows that are joined alike; the first group always holds, the others as the list says."""

    number: int
    either: bool
    rows: list[ConditionRow]


def groups_of(
    query: ListQuery, fields: Sequence[ListField], people: Iterable[User], asked: QueryDict | None = None
) -> list[ConditionGroup]:
    """The groups with their conditions, each with an empty row after them, and an empty group at the end.

    `asked` is what was filled in so far, where the dialog is shown again.
    """
    persons: list[tuple[str, Text]] = [*Whose.choices, *((str(person.pk), person.name) for person in people)]
    known = {field.key: field for field in fields if field.is_filter}
    told: list[tuple[bool, list[tuple[str, str, tuple[str, ...]]]]]
    if asked is None:
        told = [(False, [_plain(each) for each in query.where])]
        told += [(group.either, [_plain(each) for each in group.conditions]) for group in query.groups]
    else:
        told = [
            (asked.get(f"any-{n}") == "1", list(_filled(asked, n))) for n in range(_last_group(asked) + 1)
        ]
    if len(told) <= MOST_GROUPS and (len(told) == 1 or told[-1][1]):
        told.append((True, []))
    return [
        ConditionGroup(number, either, _rows(number, rows, known, persons))
        for number, (either, rows) in enumerate(told)
    ]


def as_asked(query: ListQuery, asked: QueryDict) -> tuple[ListQuery, list[Complaint]]:
    """The list with what was filled in instead of its conditions, and what could not be used."""
    params, number = QueryDict(mutable=True), 0
    for n in range(_last_group(asked) + 1):
        rows = list(_filled(asked, n))
        number += 1 if n and rows else 0
        for field, operator, values in rows:
            name = f"if{number}" if n else "if"
            params.appendlist(name, ":".join([field, operator, BETWEEN.join(values)]))
        if n and rows and asked.get(f"any-{n}") == "1":
            params.appendlist("any", str(number))
    params["match"] = asked.get("match", "")
    found, complaints = parse_list(query.kind, params)
    return replace(query, where=found.where, groups=found.groups, either=found.either), complaints


def _plain(condition: Condition) -> tuple[str, str, tuple[str, ...]]:
    return condition.field, condition.operator, condition.values


def _last_group(asked: QueryDict) -> int:
    numbers = [name.split("-")[1] for name in asked if name.startswith("f-") and name.count("-") == 2]
    return min(max((int(number) for number in numbers if number.isdecimal()), default=0), MOST_GROUPS)


def _filled(asked: QueryDict, group: int) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    """The rows of a group in which a field is chosen."""
    for row in range(MOST_ROWS):
        place = f"{group}-{row}"
        field = asked.get(f"f-{place}", "")
        if field:
            values = tuple(value.strip() for value in asked.getlist(f"v-{place}"))
            yield field, asked.get(f"o-{place}", ""), values


def _rows(
    group: int,
    told: list[tuple[str, str, tuple[str, ...]]],
    known: dict[str, ListField],
    persons: Sequence[tuple[str, Text]],
) -> list[ConditionRow]:
    rows = [(key, operator, values) for key, operator, values in told if key in known][:MOST_ROWS]
    found = [_row(f"{group}-{n}", known, persons, *row) for n, row in enumerate(rows)]
    if len(found) < MOST_ROWS:
        found.append(_row(f"{group}-{len(found)}", known, persons, "", "", ()))
    return found


def _row(
    name: str,
    known: dict[str, ListField],
    persons: Sequence[tuple[str, Text]],
    key: str,
    word: str,
    values: tuple[str, ...],
) -> ConditionRow:  # fmt: skip
    fields = [Choice(each.key, each.label, each.key == key) for each in known.values()]
    field = known.get(key)
    if field is None:
        return ConditionRow(name, "", fields, [], "none", False, False, [], "")
    operator = field.operator(word) or field.usual
    offered = _offered(field, persons)
    return ConditionRow(
        name=name,
        field=key,
        fields=fields,
        operators=[Choice(each.key, each.words, each == operator) for each in field.asks],
        widget=_widget(field, operator, values),
        several=operator.takes is Takes.SEVERAL,
        in_days=operator.takes is Takes.DAYS,
        values=[Choice(value, label, value in values) for value, label in offered],
        value=values[0] if values else "",
    )


def _offered(field: ListField, persons: Sequence[tuple[str, Text]]) -> Sequence[tuple[str, Text]]:
    if field.type is FieldType.PERSON and not field.choices:
        return persons
    if field.type is FieldType.YES_NO and not field.choices:
        return [("1", _("yes")), ("0", _("no"))]
    return field.choices


def _widget(field: ListField, operator: Operator, values: tuple[str, ...]) -> str:
    if operator.takes is Takes.NONE:
        return "none"
    if operator.takes is Takes.DAYS:
        return "number"
    if field.choices or field.type in (FieldType.PERSON, FieldType.YES_NO):
        return "select"
    if field.type is FieldType.DATE:
        return "text" if values == ("today",) else "date"
    return "number" if field.type in (FieldType.NUMBER, FieldType.MONEY) else "text"
