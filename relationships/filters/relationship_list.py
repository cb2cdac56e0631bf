"""What a list of relationships is narrowed by, in its address: read, written, and said as chips."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.addresses import Chip, id_in, search_in
from core.wording import figure, in_a_sentence, written
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.filters.complaints import Complaint, not_known
from relationships.queries.lanes import can_group
from relationships.queries.list_fields import (
    ME,
    TEAM,
    TODAY,
    Condition,
    FieldType,
    Group,
    ListField,
    Operator,
    Takes,
)
from relationships.queries.native_fields import EVERYWHERE, OWN, field_of, native_fields
from relationships.queries.relationship_list import LARGE, SILENT_DAYS, ListQuery, Shape, is_large
from relationships.registry import registry

Text = str | Promise
MOST_GROUPS = 5
MOST_CONDITIONS = 20
MOST_COLUMNS = 20
BETWEEN = "|"
GROUPS = tuple(f"if{number}" for number in range(1, MOST_GROUPS + 1))
WIDTHS = ("narrow", "wide")
"""What a column can be instead of as wide as usual."""
RESERVED = frozenset(
    {
        "q",
        "sort",
        "at",
        "from",
        "kind",
        "match",
        "any",
        "if",
        "view",
        "all",
        "col",
        "group",
        "w",
        "as",
        "span",
        "on",
    }
    | set(GROUPS)
)
"""Names of parameters that are no fields."""

SORT_WORDS: dict[str, Text] = {
    sign + field.key: words
    for field in EVERYWHERE
    if field.sort
    for sign, words in zip(("", "-"), field.sort_words, strict=True)
}


class Whose(TextChoices):
    """Whose relationships, seen from the viewer."""

    ME = ME, gettext_lazy("Me")
    TEAM = TEAM, gettext_lazy("Me or my team")


@dataclass(frozen=True)
class View:
    """A ready-made way to look at a list."""

    slug: str
    label: Text
    icon: str
    query: ListQuery


def views(kind: str) -> list[View]:
    """The views of a kind's list, as tabs."""
    attention = (HealthStatus.AT_RISK.value, HealthStatus.WATCH.value)
    return [
        View("all", gettext_lazy("All"), "layout-grid", ListQuery(kind)),
        View(
            "attention",
            gettext_lazy("Needs attention"),
            "triangle-alert",
            ListQuery(kind, sort="health").narrowed(health=attention),
        ),
        View(
            "silent",
            gettext_lazy("No contact in 30 days"),
            "clock",
            ListQuery(kind, sort="contact").narrowed(silent=str(SILENT_DAYS)),
        ),
        View(
            "problems",
            gettext_lazy("Open problems"),
            "life-buoy",
            ListQuery(kind, sort="health").narrowed(problems="1"),
        ),
        View("mine", gettext_lazy("Mine"), "user", ListQuery(kind, sort="health").narrowed(owner=ME)),
    ]


def current_view(query: ListQuery) -> View:
    """The view that the query is, or narrows further: the one that asks for most of what the query asks for."""
    fitting = [view for view in views(query.kind) if query.includes(view.query)]
    return max(fitting, key=lambda view: len(to_params(replace(view.query, sort="name"))))


def list_url(query: ListQuery, cursor: str = "") -> str:
    """The address of the list that the query describes."""
    params = to_params(query) + ([("at", cursor)] if cursor else [])
    return place_of(query) + (f"?{urlencode(params)}" if params else "")


def place_of(query: ListQuery) -> str:
    """Where the list is shown in its shape, without what it is narrowed by."""
    return f"/{query.kind}/" if query.shape is Shape.LIST else f"/{query.kind}/{query.shape}/"


def shape_urls(query: ListQuery) -> list[tuple[Shape, str]]:
    """The addresses of the same rows in every shape."""
    return [(shape, list_url(replace(query, shape=shape))) for shape in Shape]


def total_url(query: ListQuery) -> str:
    """The address of how many rows the list finds."""
    return f"/{query.kind}/total/?{urlencode(to_params(query))}"


def views_url(query: ListQuery, *, with_total: bool = False) -> str:
    """The address of the tabs with their numbers, told which one is current; and of how many rows there are."""
    more = [("total", "1")] if with_total else []
    return f"/{query.kind}/views/?{urlencode([*_whole(query), *more])}"


def export_urls(query: ListQuery) -> list[tuple[Text, str]]:
    """The addresses of the list as a file, each with the sort of file that it gives."""
    asked = urlencode(to_params(query))
    forms = registry.list_formats.values()
    return [(form.label, f"/{query.kind}/export.{form.ending}?{asked}") for form in forms]


def kept_address(query: ListQuery) -> str:
    """What a saved view keeps of a list: everything but the search and which view it came from."""
    return urlencode(_whole(replace(query, q="", view=0)))


def _whole(query: ListQuery) -> list[tuple[str, str]]:
    """The query as parameters that tell the shape too, for what is no address of a page."""
    return to_params(query) + ([("as", query.shape.value)] if query.shape is not Shape.LIST else [])


def of_address(kind: str, address: str, view: int = 0) -> ListQuery:
    """The list that `kept_address` told; what there is no more is left out."""
    return replace(parse_list(kind, QueryDict(address))[0], view=view)


def to_params(query: ListQuery) -> list[tuple[str, str]]:
    """The query as the parameters of an address, in one fixed order; what is not asked for is left out.

    What a field is usually asked is `key=value`; anything else is `if=key:operator:value`, in the groups
    `if1=…`, `if2=…`. `any=1` has one condition of the first group suffice, `match=any` one of the groups.
    """
    params = [("q", query.q)] if query.q else []
    fields = query.fields
    plain = [each for each in query.where if _is_plain(fields.get(each.field), each)]
    params += [(each.field, value) for each in plain for value in each.values]
    params += [("if", _packed(each)) for each in query.where if each not in plain]
    for number, group in enumerate(query.groups, 1):
        params += [(f"if{number}", _packed(condition)) for condition in group.conditions]
        params += [("any", str(number))] if group.either else []
    params += [("match", "any")] if query.either else []
    params += [("sort", query.sort)] if query.sort != "name" else []
    params += [("col", key) for key in query.shown]
    params += [("w", f"{key}:{width}") for key, width in query.widths]
    params += [("group", query.group)] if query.group else []
    return params + ([("view", str(query.view))] if query.view else [])


def _is_plain(field: ListField | None, condition: Condition) -> bool:
    return field is not None and field.usual.key == condition.operator and bool(condition.values)


def _packed(condition: Condition) -> str:
    values = BETWEEN.join(condition.values)
    return ":".join([condition.field, condition.operator, *([values] if condition.values else [])])


def encode_list(query: ListQuery) -> str:
    """The query as one opaque word, for `?from=` on a record."""
    text = urlencode([("kind", query.kind), *_whole(query)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_list(word: str) -> ListQuery | None:
    """What `encode_list` packed; None for anything else."""
    try:
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    except (ValueError, binascii.Error):
        return None
    params = QueryDict(mutable=True)
    for key, value in parse_qsl(text):
        params.appendlist(key, value)
    kind = params.get("kind", "")
    return parse_list(kind, params)[0] if kind in kinds.registry else None


def parse_list(kind: str, params: QueryDict) -> tuple[ListQuery, list[Complaint]]:
    """What an address asks for, and one sentence for each parameter that could not be used."""
    reader = _Reader(kinds.registry.get(kind), params)
    query = ListQuery(
        kind=kind,
        q=search_in(params.get("q", "")),
        where=tuple(reader.where()),
        groups=tuple(reader.groups()),
        either=params.get("match") == "any",
        sort=reader.sort(),
        shown=tuple(reader.shown()),
        view=reader.view(),
        shape=reader.shape(),
        group=reader.group(),
        widths=tuple(reader.widths()),
    )
    return replace(query, either=query.either and len(query.groups) > 1).in_order(), reader.complaints


class _Reader:
    """Takes parameters one by one and remembers what was wrong with them."""

    def __init__(self, kind: kinds.Kind, params: QueryDict) -> None:
        self.kind = kind
        self.params = params
        self.complaints: list[Complaint] = []
        self._large: bool | None = None

    def where(self) -> Iterator[Condition]:
        """What has to hold in any case: values by the key of their field, and what stands under `if`."""
        keys = [*native_fields(self.kind.slug), *(name for name in self.params if name not in RESERVED)]
        for key in dict.fromkeys(keys):
            given = [value for value in self.params.getlist(key) if value]
            field = field_of(self.kind.slug, key) if given else None
            if field is not None and field.is_filter:
                yield from self._condition(key, field, field.usual, given)
        yield from self._packed("if")

    def groups(self) -> Iterator[Group]:
        """The groups that hold anything, in order."""
        either = set(self.params.getlist("any"))
        for number in map(str, range(1, MOST_GROUPS + 1)):
            conditions = tuple(dict.fromkeys(self._packed(f"if{number}")))
            if conditions:
                yield Group(conditions, number in either and len(conditions) > 1)

    def sort(self) -> str:
        """A field that can be sorted by, with its direction."""
        value = self.params.get("sort", "")
        field = field_of(self.kind.slug, value.removeprefix("-")) if value else None
        if value and (field is None or field.sort is None):
            self.complain("sort", value)
            return "name"
        return value or "name"

    def shown(self) -> Iterator[str]:
        """The columns, each once."""
        for key in list(dict.fromkeys(self.params.getlist("col")))[:MOST_COLUMNS]:
            field = field_of(self.kind.slug, key)
            if field is not None and field.is_column:
                yield key
            else:
                self.complain("col", key)

    def shape(self) -> Shape:
        """As what the list is shown; as a list where nothing else is known."""
        value = self.params.get("as", "")
        return Shape(value) if value in list(Shape) else Shape.LIST

    def group(self) -> str:
        """A field by which lists are divided."""
        value = self.params.get("group", "")
        field = field_of(self.kind.slug, value) if value else None
        if value and (field is None or not can_group(field)):
            self.complain("group", value)
            return ""
        return value

    def widths(self) -> Iterator[tuple[str, str]]:
        """The columns that are not as wide as usual, each once."""
        for text in self.params.getlist("w")[: MOST_COLUMNS + 1]:
            key, _colon, width = text.partition(":")
            field = field_of(self.kind.slug, key)
            if field is not None and (field.is_column or key == "name") and width in WIDTHS:
                yield key, width
            else:
                self.complain("w", text)

    def view(self) -> int:
        """The saved view that the list came from; none for what is no number."""
        return id_in(self.params.get("view", "")) or 0

    def _packed(self, name: str) -> Iterator[Condition]:
        for text in self.params.getlist(name)[:MOST_CONDITIONS]:
            key, _colon, rest = text.partition(":")
            word, _colon, values = rest.partition(":")
            field = field_of(self.kind.slug, key)
            operator = field.operator(word) if field is not None and field.is_filter else None
            if field is None or operator is None:
                self.complain(name, text)
                continue
            several = operator.takes is Takes.SEVERAL
            yield from self._condition(name, field, operator, values.split(BETWEEN) if several else [values])

    def _condition(
        self, name: str, field: ListField, operator: Operator, given: list[str]
    ) -> Iterator[Condition]:
        """The condition with the values that are understood; none without any. `name` is the parameter."""
        known: list[str] = []
        for value in given:
            try:
                known += field.read(operator, [value])
            except ValueError:
                self.complain(field.key, value, name)
        if not (known or operator.takes is Takes.NONE) or not self._is_answered(field, name):
            return
        yield Condition(field.key, operator.key, field.read(operator, known))

    def _is_answered(self, field: ListField, name: str) -> bool:
        """Whether the field can narrow lists as long as ours are."""
        if field.indexed:
            return True
        if self._large is None:
            self._large = is_large()
        if self._large:
            facts = {"label": field.label, "n": figure(LARGE)}
            words = _("“%(label)s” narrows lists of up to %(n)s relationships only; it is left out.") % facts
            refusal = _("“%(label)s” narrows lists of up to %(n)s relationships only.") % facts
            self.complaints.append(Complaint(words, name=name, refusal=refusal))
        return not self._large

    def complain(self, name: str, value: str, parameter: str = "") -> None:
        """Remembers that a value was not understood and is left out; `parameter` where the filter is within one."""
        self.complaints.append(not_known(name, value, parameter))


def chips(query: ListQuery, owners: Mapping[str, str]) -> list[Chip]:
    """What the list is narrowed by, in words, each with the address without it.

    `owners` gives the names of the people by their id as text. The search is not a chip: it has its field.
    """
    return [chip for chip, _without in chips_with_queries(query, owners)]


def chips_with_queries(
    query: ListQuery, owners: Mapping[str, str] | None = None
) -> list[tuple[Chip, ListQuery]]:
    """Each chip with the query without it."""
    fields, found = query.fields, []
    for condition in query.where:
        without = replace(query, where=tuple(each for each in query.where if each != condition))
        found.append((*_words(fields[condition.field], condition, owners or {}), without))
    for group in query.groups:
        said = [
            " ".join(map(str, _words(fields[each.field], each, owners or {}))) for each in group.conditions
        ]
        groups = tuple(each for each in query.groups if each != group)
        label = _("One of") if group.either else _("All of")
        without = replace(query, groups=groups, either=query.either and len(groups) > 1)
        found.append((label, "; ".join(said), without))
    return [(Chip(label, value, list_url(without)), without) for label, value, without in found]


def _words(field: ListField, condition: Condition, owners: Mapping[str, str]) -> tuple[Text, Text]:
    """A condition as a label and what is asked of it."""
    operator = field.operator(condition.operator) or field.usual
    words = _values(field, operator, condition.values, owners)
    said = operator.key in ("is", "has", "for")  # in the label already
    return field.label, words if said else f"{operator.words} {words}".strip()


def _values(field: ListField, operator: Operator, values: tuple[str, ...], owners: Mapping[str, str]) -> str:
    if operator.takes is Takes.NONE:
        return ""
    if operator.takes is Takes.DAYS:
        return ngettext("%(n)s day", "%(n)s days", int(values[0])) % {"n": values[0]}
    if field.type is FieldType.PERSON:
        names: dict[str, Text] = {Whose.ME: _("me"), Whose.TEAM: _("me or my team"), **owners}
        return str(names.get(values[0], _("somebody else")))
    if field.type is FieldType.YES_NO:
        return _("yes") if values[0] == "1" else _("no")
    if field.type is FieldType.DATE:
        return _("today") if values[0] == TODAY else written(date.fromisoformat(values[0]), "j M Y")
    known = dict(field.choices)
    return _either(known.get(value, value) for value in values)


def _either(words: Iterable[Text]) -> str:
    """“a”, “a or b”, “a, b or c”."""
    *others, last = [in_a_sentence(word) if len(str(word)) > 1 else str(word) for word in words] or [""]
    return _("%(first)s or %(last)s") % {"first": ", ".join(others), "last": last} if others else last


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen."""

    value: str
    label: Text
    chosen: bool
    url: str = ""


def people_in(query: ListQuery) -> list[str]:
    """Whose ids, as text, the list's conditions name."""
    fields = query.fields
    asked = [*query.where, *(each for group in query.groups for each in group.conditions)]
    return [value for each in asked if fields[each.field].type is FieldType.PERSON for value in each.values]


def filter_choices(kind: kinds.Kind, query: ListQuery, names: Mapping[str, str]) -> dict[str, Any]:
    """What the filter menu offers, with what is chosen now; `names` are those of the people in the query."""
    fields = native_fields(kind.slug)
    chosen = {
        each.field: each.values for each in query.where if each.operator == fields_usual(fields, each.field)
    }
    owner = chosen.get("owner", ("",))[0]

    def offered(key: str, choices: Iterable[tuple[str, Text]]) -> list[Choice]:
        return [Choice(value, label, value in chosen.get(key, ())) for value, label in choices]

    return {
        **{key: offered(key, fields[key].choices) for key in ("health", "stage", "tier")},
        "owner": owner,
        "owner_name": names.get(owner) or dict(Whose.choices).get(owner, ""),
        "silent": chosen.get("silent", ("",))[0],
        "overdue": chosen.get("overdue") == ("1",),
        "problems": chosen.get("problems") == ("1",),
        "columns": [
            (field, chosen.get(field.key, ("",))[0], [pair for pair in field.choices if pair[0]])
            for field in fields.values()
            if field.key.startswith(OWN) and field.is_filter
        ],
        "kept": [pair for pair in to_params(query) if pair[0] in RESERVED and pair[0] not in ("q", "sort")],
    }


def fields_usual(fields: Mapping[str, ListField], key: str) -> str:
    """The operator by which a field stands in an address by its key alone; none for one of the workspace."""
    return fields[key].usual.key if key in fields else ""


def sort_words(query: ListQuery) -> Text:
    """The order of the list in words."""
    field = query.sort_field
    return field.sort_words[query.sort.startswith("-")] if field else ""


def sort_choices(query: ListQuery, *, with_money: bool) -> list[Choice]:
    """Every order that is offered, as links."""
    return [
        Choice(sort, words, sort == query.sort, list_url(replace(query, sort=sort)))
        for sort, words in SORT_WORDS.items()
        if with_money or sort.removeprefix("-") != "value"
    ]
