"""What a list of relationships is narrowed by, in its address: read, written, and said as chips."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from relationships import kinds
from relationships.enums import HealthStatus, ValueTier
from relationships.queries.relationship_list import NO_EVIDENCE, SILENT_DAYS, ListQuery, column_choices

Text = str | Promise
LONGEST_SEARCH = 100
MOST_DAYS = 3650

SORT_WORDS: dict[str, Text] = {
    "health": gettext_lazy("Health, lowest first"),
    "-health": gettext_lazy("Health, highest first"),
    "name": gettext_lazy("Name, A to Z"),
    "-name": gettext_lazy("Name, Z to A"),
    "contact": gettext_lazy("Last contact, longest ago first"),
    "-contact": gettext_lazy("Last contact, latest first"),
    "next": gettext_lazy("Next step, soonest first"),
    "-next": gettext_lazy("Next step, latest first"),
    "-value": gettext_lazy("Value, highest first"),
    "value": gettext_lazy("Value, lowest first"),
}


class Whose(TextChoices):
    """Whose relationships, seen from the viewer."""

    ME = "me", gettext_lazy("Me")
    TEAM = "team", gettext_lazy("Me or my team")


@dataclass(frozen=True)
class Chip:
    """One thing that the list is narrowed by; `url` is the list without it."""

    label: Text
    value: Text
    url: str


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
            ListQuery(kind, health=attention, sort="health"),
        ),
        View(
            "silent",
            gettext_lazy("No contact in 30 days"),
            "clock",
            ListQuery(kind, silent_days=SILENT_DAYS, sort="contact"),
        ),
        View(
            "problems",
            gettext_lazy("Open problems"),
            "life-buoy",
            ListQuery(kind, problems=True, sort="health"),
        ),
        View("mine", gettext_lazy("Mine"), "user", ListQuery(kind, owner=Whose.ME.value, sort="health")),
    ]


def current_view(query: ListQuery) -> View:
    """The view that the query is, or narrows further: the one that asks for most of what the query asks for."""
    fitting = [view for view in views(query.kind) if query.includes(view.query)]
    return max(fitting, key=lambda view: len(to_params(replace(view.query, sort="name"))))


def list_url(query: ListQuery, cursor: str = "") -> str:
    """The address of the list that the query describes."""
    params = to_params(query) + ([("at", cursor)] if cursor else [])
    return f"/{query.kind}/" + (f"?{urlencode(params)}" if params else "")


def views_url(query: ListQuery) -> str:
    """The address of the tabs with their numbers, told which one is current."""
    return f"/{query.kind}/views/?{urlencode(to_params(query))}"


def export_url(query: ListQuery) -> str:
    """The address of the list as a file."""
    return f"/{query.kind}/export.csv?{urlencode(to_params(query))}"


def to_params(query: ListQuery) -> list[tuple[str, str]]:
    """The query as the parameters of an address, in one fixed order; what is not asked for is left out."""
    params = [("q", query.q)] if query.q else []
    params += [("health", band) for band in query.health]
    params += [("owner", query.owner)] if query.owner else []
    params += [("stage", stage) for stage in query.stage]
    params += [("tier", tier) for tier in query.tier]
    params += [("silent", str(query.silent_days))] if query.silent_days is not None else []
    params += [("overdue", "1")] if query.overdue else []
    params += [("problems", "1")] if query.problems else []
    params += [(f"c_{key}", value) for key, value in query.columns]
    return params + ([("sort", query.sort)] if query.sort != "name" else [])


def encode_list(query: ListQuery) -> str:
    """The query as one opaque word, for `?from=` on a record."""
    text = urlencode([("kind", query.kind), *to_params(query)])
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


def parse_list(kind: str, params: QueryDict) -> tuple[ListQuery, list[str]]:
    """What an address asks for, and one sentence for each parameter that could not be used."""
    reader = _Reader(kinds.registry.get(kind), params)
    query = ListQuery(
        kind=kind,
        q=" ".join(params.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
        health=reader.several("health", {*HealthStatus.values, NO_EVIDENCE} - {""}),
        owner=reader.owner(),
        stage=reader.several("stage", {stage.slug for stage in reader.kind.stages}),
        tier=reader.several("tier", set(ValueTier.values) - {""}),
        silent_days=reader.days("silent"),
        overdue=params.get("overdue") == "1",
        problems=params.get("problems") == "1",
        columns=reader.columns(),
        sort=reader.one("sort", set(SORT_WORDS)) or "name",
    )
    return query, reader.complaints


class _Reader:
    """Takes parameters one by one and remembers what was wrong with them."""

    def __init__(self, kind: kinds.Kind, params: QueryDict) -> None:
        self.kind = kind
        self.params = params
        self.complaints: list[str] = []

    def several(self, name: str, known: set[str]) -> tuple[str, ...]:
        """The known values of a parameter, in a steady order, each once."""
        given = dict.fromkeys(value for value in self.params.getlist(name) if value)
        for value in given:
            if value not in known:
                self.complain(name, value)
        return tuple(sorted(value for value in given if value in known))

    def one(self, name: str, known: set[str]) -> str:
        """A known value, or nothing."""
        value = self.params.get(name, "")
        if value and value not in known:
            self.complain(name, value)
        return value if value in known else ""

    def owner(self) -> str:
        """`me`, `team`, or a number."""
        value = self.params.get("owner", "")
        if not value or value in Whose.values or (value.isascii() and value.isdigit() and len(value) < 19):
            return value
        self.complain("owner", value)
        return ""

    def days(self, name: str) -> int | None:
        """A number of days, at most ten years."""
        value = self.params.get(name, "")
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= MOST_DAYS:
            return int(value)
        self.complain(name, value)
        return None

    def columns(self) -> tuple[tuple[str, str], ...]:
        """The kind's own columns that are asked for."""
        found = []
        for column in self.kind.filters:
            value = self.params.get(f"c_{column.key}", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
            choices = column_choices(self.kind.slug, column.key)
            if value and choices and value not in dict(choices):
                self.complain(column.key, value)
            elif value:
                found.append((column.key, value))
        return tuple(found)

    def complain(self, name: str, value: str) -> None:
        """Remembers that a value was not understood and is left out."""
        self.complaints.append(
            _("The filter “%(name)s” knows no “%(value)s”; it is left out.")
            % {"name": name, "value": value[:40]}
        )


HEALTH_WORDS: Mapping[str, Text] = {
    **{str(value): label for value, label in HealthStatus.choices if value},
    NO_EVIDENCE: HealthStatus.NONE.label,
}


def chips(query: ListQuery, owners: Mapping[str, str]) -> list[Chip]:
    """What the list is narrowed by, in words, each with the address without it.

    `owners` gives the names of the people by their id as text. The search is not a chip: it has its field.
    """
    return [chip for chip, _without in chips_with_queries(query, owners)]


def chips_with_queries(
    query: ListQuery, owners: Mapping[str, str] | None = None
) -> list[tuple[Chip, ListQuery]]:
    """Each chip with the query without it."""
    kind = kinds.registry.get(query.kind)
    days = query.silent_days or 0
    names: dict[str, Text] = {Whose.ME: _("me"), Whose.TEAM: _("me or my team"), **(owners or {})}
    asked: list[tuple[str, Text, Text]] = [
        ("health", _("Health"), _either(HEALTH_WORDS[band] for band in query.health)),
        ("owner", _("Owner"), names.get(query.owner, _("somebody else"))),
        ("stage", _("Stage"), _either(kind.stage_label(stage) for stage in query.stage)),
        ("tier", _("Tier"), _either(query.tier)),
        ("silent_days", _("No contact in"), ngettext("%(n)s day", "%(n)s days", days) % {"n": days}),
        ("overdue", _("Next step"), _("overdue")),
        ("problems", _("Problems"), _("open")),
    ]
    nothing = ListQuery(query.kind)
    found = [
        (label, value, replace(query, **{name: getattr(nothing, name)}))
        for name, label, value in asked
        if getattr(query, name) != getattr(nothing, name)
    ]
    found += [_column_chip(query, kind, key, value) for key, value in query.columns]
    return [(Chip(label, value, list_url(without)), without) for label, value, without in found]


def _column_chip(query: ListQuery, kind: kinds.Kind, key: str, value: str) -> tuple[Text, Text, ListQuery]:
    column = next(column for column in kind.columns if column.key == key)
    words = dict(column_choices(kind.slug, key)).get(value, value)
    others = tuple(pair for pair in query.columns if pair[0] != key)
    return column.label, words, replace(query, columns=others)


def _either(words: Iterable[Text]) -> str:
    """“a”, “a or b”, “a, b or c”."""
    *others, last = [str(word).lower() if len(str(word)) > 1 else str(word) for word in words] or [""]
    return _("%(first)s or %(last)s") % {"first": ", ".join(others), "last": last} if others else last


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen."""

    value: str
    label: Text
    chosen: bool
    url: str = ""


def filter_choices(kind: kinds.Kind, query: ListQuery, people: Iterable[User]) -> dict[str, Any]:
    """What the filter menu offers, with what is chosen now."""
    owners: list[tuple[str, Text]] = [*Whose.choices, *((str(person.pk), person.name) for person in people)]
    chosen = dict(query.columns)
    return {
        "health": [Choice(band, words, band in query.health) for band, words in HEALTH_WORDS.items()],
        "owner": [Choice(value, label, value == query.owner) for value, label in owners],
        "stage": [Choice(stage.slug, stage.label, stage.slug in query.stage) for stage in kind.stages],
        "tier": [Choice(tier, tier, tier in query.tier) for tier in ValueTier.values if tier],
        "columns": [
            (column, chosen.get(column.key, ""), column_choices(kind.slug, column.key))
            for column in kind.filters
        ],
    }


def sort_choices(query: ListQuery, *, with_money: bool) -> list[Choice]:
    """Every order that is offered, as links."""
    return [
        Choice(sort, words, sort == query.sort, list_url(replace(query, sort=sort)))
        for sort, words in SORT_WORDS.items()
        if with_money or sort.removeprefix("-") != "value"
    ]
