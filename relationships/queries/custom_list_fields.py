"""The workspace's own fields and its tags, for every list: to narrow by, to sort by, to show."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import TeamMembership
from core import keyset
from relationships.enums import CustomType
from relationships.models import CustomValue, Tagging
from relationships.permissions import may_in
from relationships.queries.custom_fields import Definition, definitions
from relationships.queries.custom_values import values_of, words
from relationships.queries.list_cells import own_cells, tag_cells
from relationships.queries.list_fields import (
    EITHER_OF,
    EMPTY,
    FILLED,
    ME,
    NONE_OF,
    OPERATORS,
    TEAM,
    Asked,
    FieldType,
    ListField,
    Operator,
    Provider,
    Takes,
)
from relationships.queries.tags import tags_of

OWN = "f_"
"""How the keys of the workspace's fields begin in an address."""
ALL_OF = Operator("all", _("has all of"), Takes.SEVERAL)
TYPES = {
    CustomType.TEXT: FieldType.TEXT,
    CustomType.LONG_TEXT: FieldType.TEXT,
    CustomType.LINK: FieldType.TEXT,
    CustomType.WHOLE: FieldType.NUMBER,
    CustomType.DECIMAL: FieldType.NUMBER,
    CustomType.MONEY: FieldType.MONEY,
    CustomType.DATE: FieldType.DATE,
    CustomType.YES_NO: FieldType.YES_NO,
    CustomType.CHOICE: FieldType.CHOICE,
    CustomType.CHOICES: FieldType.CHOICE,
    CustomType.PERSON: FieldType.PERSON,
}
OF_TYPES: Mapping[CustomType, tuple[Operator, ...]] = {
    CustomType.CHOICE: (EITHER_OF, NONE_OF, EMPTY, FILLED),
    CustomType.CHOICES: (EITHER_OF, ALL_OF, NONE_OF, EMPTY, FILLED),
    CustomType.PERSON: (*OPERATORS[FieldType.PERSON], EMPTY, FILLED),
    CustomType.YES_NO: (*OPERATORS[FieldType.YES_NO], EMPTY, FILLED),
    CustomType.DATE: (*OPERATORS[FieldType.DATE], EMPTY, FILLED),
}
READ: dict[str, Callable[[str], Any]] = {"number": Decimal, "value_date": date.fromisoformat, "text": str}


def own_fields(kind: str) -> list[ListField]:
    """The workspace's fields of a kind, as lists know them."""
    return [_list_field(each) for each in definitions(kind)]


def _list_field(definition: Definition) -> ListField:
    type_ = definition.type
    label = definition.label
    return ListField(
        OWN + definition.key,
        label,
        TYPES[type_],
        choices=tuple((option.key, option.label) for option in definition.options),
        operators=tuple(dict.fromkeys(OF_TYPES.get(type_, ()))),
        condition=_condition(definition),
        values=_values(definition),
        cells=own_cells(definition),
        sort=_sort_key(definition) if type_.is_sortable else None,
        sort_words=(
            _("%(field)s, lowest first") % {"field": label},
            _("%(field)s, highest first") % {"field": label},
        ),
        prepared=_prepared(definition) if type_.is_sortable else None,
        beside=_beside(definition) if type_.is_sortable else None,
        numeric=type_.is_number,
        indexed=type_ is not CustomType.LONG_TEXT,
        permission=Permission.VIEW_MONEY if definition.is_money else None,
        edit=definition.name,
    )


def _condition(definition: Definition) -> Callable[[str, tuple[str, ...], Asked], Q]:
    """The condition on Relationship: that a row of values is there, of which what is asked holds."""
    column = ListField(definition.key, "", TYPES[definition.type], definition.type.column)
    rows = CustomValue.objects.filter(field_id=definition.id, relationship_id=OuterRef("pk"))

    def condition(operator: str, values: tuple[str, ...], asked: Asked) -> Q:
        if operator in ("empty", "filled"):
            return Q(~Exists(rows)) if operator == "empty" else Q(Exists(rows))
        if definition.type.has_choices:
            return _chosen(definition, rows, operator, values)
        if definition.type is CustomType.PERSON:
            meant = Q(Exists(rows.filter(_people(values[0], asked))))
            return ~meant if operator == "not" else meant
        return Q(Exists(rows.filter(column.asked_for(operator, values, asked))))

    return condition


def _chosen(
    definition: Definition, rows: "QuerySet[CustomValue]", operator: str, values: tuple[str, ...]
) -> Q:
    ids = [option.id for option in definition.options if option.key in values]
    if operator == "all":
        every = Q()
        for choice_id in ids:
            every &= Q(Exists(rows.filter(choice_id=choice_id)))
        return every
    found = Exists(rows.filter(choice_id__in=ids))
    return Q(~found) if operator == "not" else Q(found)


def _people(value: str, asked: Asked) -> Q:
    """Whose name stands there: a colleague's, the viewer's, or anybody's of the viewer's teams."""
    if value == TEAM:
        teams = asked.viewer.current_team_ids()
        near = TeamMembership.objects.filter(team_id__in=teams, ended_at=None).values("user_id")
        return Q(user_id=asked.viewer.pk) | Q(user_id__in=near)
    return Q(user_id=asked.viewer.pk if value == ME else int(value))


def _alias(definition: Definition) -> str:
    return f"own_{definition.id}"


def _sort_key(definition: Definition) -> keyset.SortKey:
    return keyset.SortKey(f"{_alias(definition)}_value", READ[definition.type.column], nullable=True)


def _prepared(definition: Definition) -> "Callable[[QuerySet[Any]], QuerySet[Any]]":
    """Puts the one row of the field beside each relationship; what has none sorts after all others."""
    alias = _alias(definition)
    own = FilteredRelation("custom_values", condition=Q(custom_values__field_id=definition.id))

    def prepared(rows: "QuerySet[Any]") -> "QuerySet[Any]":
        sorted_by: QuerySet[Any] = rows.alias(**{alias: own}).annotate(
            **{f"{alias}_value": F(f"{alias}__{definition.type.column}")}
        )
        return sorted_by

    return prepared


def _beside(definition: Definition) -> Callable[[str, tuple[str, ...], Asked], Q]:
    """The condition on what `_prepared` puts beside."""
    carried = ListField(definition.key, "", TYPES[definition.type], f"{_alias(definition)}_value")
    return carried.asked_for


def _values(definition: Definition) -> Callable[[Sequence[Any], Asked], Mapping[int, str]]:
    """What rows hold, in words; amounts only where the viewer may see money."""

    def values(rows: Sequence[Any], asked: Asked) -> Mapping[int, str]:
        shown = [
            row.pk
            for row in rows
            if not definition.is_money or may_in(asked.viewer, Permission.VIEW_MONEY, row)
        ]
        found = values_of(shown, [definition])
        return {pk: words(definition, held.get(definition.key)) for pk, held in found.items()}

    return values


def _tagged(operator: str, values: tuple[str, ...], _asked: Asked) -> Q:
    rows = Tagging.objects.filter(relationship_id=OuterRef("pk"))
    if operator in ("empty", "filled"):
        return Q(~Exists(rows)) if operator == "empty" else Q(Exists(rows))
    named = rows.annotate(folded=Lower("tag__name"))
    names = [value.lower() for value in values]
    if operator == "all":
        every = Q()
        for name in names:
            every &= Q(Exists(named.filter(folded=name)))
        return every
    found = Exists(named.filter(folded__in=names))
    return Q(~found) if operator == "not" else Q(found)


def _tags_of(rows: Sequence[Any], _asked: Asked) -> Mapping[int, str]:
    found = tags_of(row.pk for row in rows)
    return {pk: ", ".join(label.name for label in labels) for pk, labels in found.items()}


TAGS = ListField(
    "tag",
    _("Tags"),
    FieldType.CHOICE,
    operators=(EITHER_OF, ALL_OF, NONE_OF, EMPTY, FILLED),
    condition=_tagged,
    values=_tags_of,
    cells=tag_cells,
)
"""Asked by name. What tags there are is told nowhere here: they are offered by `queries.tags.seen_tags`."""

OWN_FIELDS = Provider(OWN, own_fields)
OF_TAGS = Provider("tag", lambda _kind: [TAGS])
