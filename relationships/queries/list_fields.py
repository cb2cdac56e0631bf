"""What a list can be narrowed by, sorted by and made of: one declaration per field, and what is asked of it.

A field says how it is called in an address, of which type it is (its operators follow from that), how it becomes
a condition, what it is sorted by if an index bears that, and how a row's value is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains, Exact
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core import keyset
from core.addresses import is_id
from relationships.models import Fold

if TYPE_CHECKING:
    from accounts.models import User

Text = str | Promise
LONGEST_VALUE = 100
MOST_DAYS = 3650
MOST_VALUES = 50
NOTHING = Q(pk__in=[])
TODAY = "today"
ME, TEAM = "me", "team"


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    PERSON = "person"
    YES_NO = "yes_no"


class Takes(StrEnum):
    """How many values an operator is asked with; `DAYS` is one whole number of days."""

    NONE = "none"
    ONE = "one"
    SEVERAL = "several"
    DAYS = "days"


@dataclass(frozen=True)
class Operator:
    """A way to ask something of a field, as it is called in an address and in words."""

    key: str
    words: Text
    takes: Takes = Takes.ONE


EMPTY = Operator("empty", _("is empty"), Takes.NONE)
FILLED = Operator("filled", _("is filled in"), Takes.NONE)
EITHER_OF = Operator("is", _("is"), Takes.SEVERAL)
NONE_OF = Operator("not", _("is not"), Takes.SEVERAL)
NUMERIC = (
    Operator("least", _("is at least")),
    Operator("most", _("is at most")),
    Operator("equals", _("is")),
    EMPTY,
    FILLED,
)
OPERATORS: Mapping[FieldType, tuple[Operator, ...]] = {
    FieldType.TEXT: (Operator("has", _("contains")), Operator("equals", _("is")), EMPTY, FILLED),
    FieldType.NUMBER: NUMERIC,
    FieldType.MONEY: NUMERIC,
    FieldType.DATE: (
        Operator("before", _("is before")),
        Operator("from", _("is on or after")),
        Operator("last", _("is in the last"), Takes.DAYS),
        Operator("next", _("is in the next"), Takes.DAYS),
        EMPTY,
        FILLED,
    ),
    FieldType.CHOICE: (EITHER_OF, NONE_OF),
    FieldType.PERSON: (Operator("is", _("is")), Operator("not", _("is not"))),
    FieldType.YES_NO: (Operator("is", _("is")),),
}
"""The first operator of a type is what `key=value` in an address means."""


@dataclass(frozen=True)
class Asked:
    """By whom and when a list is asked for; `either` where what is asked is one of several that may hold.

    There the database looks at row after row: a condition should then be quick for one, not for all together.
    """

    viewer: "User"
    now: datetime
    either: bool = False

    @property
    def today(self) -> date:
        """The day that it is for the viewer."""
        return self.now.astimezone(ZoneInfo(self.viewer.time_zone)).date()

    def day(self, text: str) -> date:
        """The day that a value names: itself, or the day that it is."""
        return self.today if text == TODAY else date.fromisoformat(text)

    def start_of(self, day: date) -> datetime:
        """When a day begins where the viewer is."""
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(self.viewer.time_zone))


@dataclass(frozen=True)
class ListField:
    """One thing about a relationship, for every list.

    `path` leads from Relationship to it. Where a path does not say it all, `condition(operator, values, asked)`
    gives the condition and `values(rows, asked)` the values of a page's rows by id, in one query; `prepared`
    annotates rows with what `sort` names, and `beside` is the condition on that: one range of the index by which
    the list is sorted. `indexed` is off for what no index answers: large lists refuse it.
    Of fields with a `permission`, those without it anywhere in the kind know nothing. `edit` names what
    `edit_relationship` calls it (`profile.x` for the kind's own); empty where it is not written in a list.
    `cells(rows, name)` annotates rows under a name with what `values` says, for files that the database writes.
    `twin` is the path to the same beside the facts, for lists that are sorted by one of these.
    """

    key: str
    label: Text
    type: FieldType
    path: str = ""
    choices: tuple[tuple[str, Text], ...] = ()
    operators: tuple[Operator, ...] = ()
    condition: Callable[[str, tuple[str, ...], Asked], Q] | None = None
    values: Callable[[Sequence[Any], Asked], Mapping[int, Any]] | None = None
    cells: "Callable[[QuerySet[Any], str], QuerySet[Any]] | None" = None
    sort: keyset.SortKey | None = None
    sort_words: tuple[Text, Text] = ("", "")
    prepared: Callable[["QuerySet[Any]"], "QuerySet[Any]"] | None = None
    beside: Callable[[str, tuple[str, ...], Asked], Q] | None = None
    numeric: bool = False
    is_moment: bool = False
    is_filter: bool = True
    is_column: bool = True
    indexed: bool = True
    permission: Permission | None = None
    edit: str = ""
    twin: str = ""

    @property
    def asks(self) -> tuple[Operator, ...]:
        """The operators that it can be asked by, the usual one first."""
        return self.operators or OPERATORS[self.type]

    @property
    def usual(self) -> Operator:
        """The operator that a bare value is asked with."""
        return self.asks[0]

    def operator(self, key: str) -> Operator | None:
        """The operator that an address calls so; None for one that it lacks."""
        return next((operator for operator in self.asks if operator.key == key), None)

    def read(self, operator: Operator, given: Iterable[str]) -> tuple[str, ...]:
        """Values in the form in which they are kept, each once. Raises ValueError with the one not understood."""
        if operator.takes is Takes.NONE:
            return ()
        found = list(dict.fromkeys(self._read(operator, value) for value in given))[:MOST_VALUES]
        if not found:
            raise ValueError("")
        return tuple(sorted(found)) if operator.takes is Takes.SEVERAL else (found[0],)

    def _read(self, operator: Operator, value: str) -> str:
        value = " ".join(value.replace("\x00", "").split())[:LONGEST_VALUE]
        readable = _is_days(value) if operator.takes is Takes.DAYS else self._is_readable(value)
        if not readable:
            raise ValueError(value)
        return value

    def _is_readable(self, value: str) -> bool:
        if self.choices:
            return value in {known for known, _words in self.choices}
        if self.type is FieldType.PERSON:
            return value in (ME, TEAM) or is_id(value)
        if self.type in (FieldType.NUMBER, FieldType.MONEY):
            return _is_number(value)
        if self.type is FieldType.DATE:
            return value == TODAY or _is_day(value)
        return value in ("1", "0") if self.type is FieldType.YES_NO else bool(value)

    def asked_for(self, operator: str, values: tuple[str, ...], asked: Asked) -> Q:
        """The condition on Relationship that the operator with its values makes."""
        if self.condition is not None:
            return self.condition(operator, values, asked)
        return _ways(self, operator, values, asked)


def _is_days(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= MOST_DAYS


def _is_number(value: str) -> bool:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number) < 10**15


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("2026-01-31")


def _ways(field: ListField, operator: str, values: tuple[str, ...], asked: Asked) -> Q:
    """What a path alone says, by type."""
    path = field.path
    if operator in ("empty", "filled"):
        empty = Q(**{f"{path}__isnull": True})
        empty |= Q(**{path: ""}) if field.type is FieldType.TEXT else Q()
        return empty if operator == "empty" else ~empty
    if field.type is FieldType.TEXT:
        return _text(path, operator, values[0])
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        lookup = {"least": "gte", "most": "lte"}.get(operator, "exact")
        return Q(**{f"{path}__{lookup}": Decimal(values[0])})
    if field.type is FieldType.DATE:
        return _days(field, operator, values[0], asked)
    if field.type is FieldType.PERSON:
        return _person(path, operator, values[0], asked)
    given: list[Any] = [value == "1" for value in values] if field.type is FieldType.YES_NO else list(values)
    meant = Q(**{path: given[0]}) if len(given) == 1 else Q(**{f"{path}__in": given})
    return ~meant if operator == "not" else meant


def _text(path: str, operator: str, value: str) -> Q:
    if operator == "equals":
        return Q(Exact(Fold(path), Fold(Value(value))))
    return reduce(and_, (Q(Contains(Fold(path), Fold(Value(word)))) for word in value.split()), Q())


def _person(path: str, operator: str, value: str, asked: Asked) -> Q:
    if value == ME:
        meant = Q(**{f"{path}_id": asked.viewer.pk})
    elif value == TEAM:
        meant = Q(**{f"{path}_id": asked.viewer.pk}) | Q(team_id__in=asked.viewer.current_team_ids())
    else:
        meant = Q(**{f"{path}_id": int(value)})
    return ~meant if operator == "not" else meant


def _days(field: ListField, operator: str, value: str, asked: Asked) -> Q:
    def since(day: date) -> Q:
        return Q(**{f"{field.path}__gte": asked.start_of(day) if field.is_moment else day})

    def until(day: date) -> Q:
        return Q(**{f"{field.path}__lt": asked.start_of(day) if field.is_moment else day})

    if operator == "before":
        return until(asked.day(value))
    if operator == "from":
        return since(asked.day(value))
    days, today = timedelta(days=int(value)), asked.today
    if operator == "last":
        return since(today - days) & until(today + timedelta(days=1))
    return since(today) & until(today + days + timedelta(days=1))


@dataclass(frozen=True)
class Condition:
    """One thing that is asked of one field."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Conditions of which all have to hold, or `either` of them."""

    conditions: tuple[Condition, ...]
    either: bool = False

    def asked_for(self, found: Mapping[str, ListField], asked: Asked) -> Q:
        """The condition on Relationship; `found` gives the fields by key, and what is not there holds nowhere."""
        asked = replace(asked, either=asked.either or (self.either and len(self.conditions) > 1))
        parts = [
            found[part.field].asked_for(part.operator, part.values, asked) if part.field in found else NOTHING
            for part in self.conditions
        ]
        return reduce(or_ if self.either else and_, parts)


@dataclass(frozen=True)
class Provider:
    """Where fields come from that differ by workspace: their keys begin with `prefix`.

    `fields(kind)` is called only for a list that asks for one of them, or where all that there are is offered.
    """

    prefix: str
    fields: Callable[[str], Sequence[ListField]]


_providers: dict[str, Provider] = {}


def add_provider(provider: Provider) -> None:
    """Adds fields to every list; called from `AppConfig.ready()`. Raises ValueError for a prefix that is taken."""
    if _providers.setdefault(provider.prefix, provider) != provider:
        raise ValueError(f"two providers of fields begin with {provider.prefix!r}")


def provided(kind: str, key: str) -> ListField | None:
    """A field that a provider has for the kind by this key."""
    for prefix, provider in _providers.items():
        if key.startswith(prefix):
            return next((field for field in provider.fields(kind) if field.key == key), None)
    return None


def all_provided(kind: str) -> list[ListField]:
    """Everything that the providers have for a kind."""
    return [field for provider in _providers.values() for field in provider.fields(kind)]
