"""The fields that the workspace added to a kind, as everything that reads or writes values needs them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.enums import Permission
from accounts.models import User
from core.once import ask_again, once
from relationships.enums import CustomType
from relationships.models import CustomChoice, CustomField, Relationship
from relationships.permissions import may_in, may_somewhere

CUSTOM = "custom."
"""What stands before a field's key wherever it stands among others: in a form, an error, a mapping."""
SECONDS = 300
kept_fields: dict[str, tuple[str, "tuple[Definition, ...]"]] = {}


@dataclass(frozen=True)
class Option:
    """One of a field's choices."""

    id: int
    key: str
    label: str
    is_retired: bool

    @property
    def address(self) -> str:
        """Its place among the addresses of choices."""
        return f"{self.id}/"


@dataclass(frozen=True)
class Definition:
    """A field of a kind. `unit` is the currency of money; `required_stages` are those that want a value."""

    id: int
    kind: str
    key: str
    label: str
    type: CustomType
    help_text: str
    section: str
    unit: str
    least: Decimal | None
    most: Decimal | None
    longest: int | None
    required_stages: tuple[str, ...]
    options: tuple[Option, ...]
    is_archived: bool

    @property
    def name(self) -> str:
        """How it is called among other fields."""
        return f"{CUSTOM}{self.key}"

    @property
    def is_money(self) -> bool:
        """Whether only those who may see money see it."""
        return self.type is CustomType.MONEY

    def option(self, choice_id: int | None) -> Option | None:
        """The choice with this id."""
        return next((option for option in self.options if option.id == choice_id), None)


def definitions(kind: str) -> tuple[Definition, ...]:
    """The fields of a kind that are in use, in order.

    Kept by every process until somebody changes a field anywhere: a word in the cache says whether, which a request
    asks for once.
    """
    return once(_word(kind), lambda: _definitions(kind))


def _definitions(kind: str) -> tuple[Definition, ...]:
    word = cache.get(_word(kind))
    if word is not None and (held := kept_fields.get(kind)) is not None and held[0] == word:
        return held[1]
    if word is None:
        word = uuid4().hex
        cache.set(_word(kind), word, SECONDS)
    found = every_definition(kind)
    used = tuple(each for each in found if not each.is_archived)
    kept_fields[kind] = (word, used)
    return used


def definitions_for(viewer: User, relationship: Relationship) -> tuple[Definition, ...]:
    """Those whose values somebody may see in a relationship that they may know of: money is for some."""
    with_money = may_in(viewer, Permission.VIEW_MONEY, relationship)
    return _openly(definitions(relationship.kind), with_money=with_money)


def definitions_in(viewer: User, kind: str) -> tuple[Definition, ...]:
    """Those by which somebody may narrow and sort the list of a kind that they may look into."""
    with_money = may_somewhere(viewer, Permission.VIEW_MONEY, kind)
    return _openly(definitions(kind), with_money=with_money)


def every_definition(kind: str) -> tuple[Definition, ...]:
    """All fields of a kind, archived ones too, in order."""
    parts = JSONObject(id="pk", key="key", label="label", retired_at="retired_at")
    choices = CustomChoice.objects.filter(field=OuterRef("pk")).order_by("position", "pk").values(part=parts)
    rows = (
        CustomField.objects.filter(kind=kind).annotate(held=ArraySubquery(choices)).order_by("position", "pk")
    )
    return tuple(_definition(row, [_option(**choice) for choice in row.held]) for row in rows)


def definition_of(row: CustomField) -> Definition:
    """The field as its row says it."""
    choices = row.choices.all()
    return _definition(row, [_option(each.pk, each.key, each.label, each.retired_at) for each in choices])


def _option(id: int, key: str, label: str, retired_at: Any) -> Option:
    return Option(id, key, label, retired_at is not None)


def _definition(row: CustomField, options: list[Option]) -> Definition:
    return Definition(
        id=row.pk,
        kind=row.kind,
        key=row.key,
        label=row.label,
        type=CustomType(row.type),
        help_text=row.help_text,
        section=row.section,
        unit=row.unit,
        least=row.least,
        most=row.most,
        longest=row.longest,
        required_stages=tuple(row.required_stages),
        options=tuple(options),
        is_archived=row.archived_at is not None,
    )


def forget(kind: str) -> None:
    """Has every process read the fields of a kind again: at once, and once this transaction can be seen."""
    ask_again(_word(kind))
    cache.delete(_word(kind))
    transaction.on_commit(lambda: cache.delete(_word(kind)))


def by_key(found: Iterable[Definition]) -> Mapping[str, Definition]:
    """The fields by their keys."""
    return {each.key: each for each in found}


def _openly(found: tuple[Definition, ...], *, with_money: bool) -> tuple[Definition, ...]:
    return found if with_money else tuple(each for each in found if not each.is_money)


def _word(kind: str) -> str:
    return f"custom-fields:{kind}"
