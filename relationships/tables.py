"""The rows of the lists as they are shown: relationships with their kind's columns, promises with their standing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import User
from core.wording import day_words, figure, written
from relationships import kinds
from relationships.enums import CommitmentState, HealthStatus
from relationships.models import Commitment, Relationship, RelationshipState
from relationships.permissions import may_in
from relationships.queries.commitment_ledger import is_at_risk
from relationships.queries.list_fields import Asked, FieldType, ListField
from relationships.queries.relationship_list import ListQuery, NextStep, Row
from relationships.registry import registry

Text = str | Promise
Address = Callable[[ListQuery], str]

WIDTHS = {"narrow": "xs", "wide": "wide"}
WIDTH_WORDS: dict[str, Text] = {"narrow": _("Narrow"), "": _("Normal"), "wide": _("Wide")}
FIRST_DIRECTION = {
    "name": "name",
    "health": "health",
    "contact": "contact",
    "next": "next",
    "value": "-value",
}


@dataclass(frozen=True)
class Head:
    """The head of a column, as the table component reads it; `sort` is the address of the list sorted by it.

    One with a `key` has an edge that can be moved; `width` is what stands for how wide it is now.
    """

    label: Text
    sort: str = ""
    direction: str = ""
    css: str = ""
    key: str = ""
    width: str = ""

    @property
    def width_step(self) -> int:
        """How wide it is, of three."""
        return list(WIDTH_WORDS).index(self.width) + 1

    @property
    def width_words(self) -> Text:
        """The same in words."""
        return WIDTH_WORDS[self.width]


def heads(
    query: ListQuery, *, address: Address, with_money: bool, fields: Sequence[ListField] = ()
) -> list[Head]:
    """The heads of the list, in order; the head that the list is sorted by leads to the other direction.

    `fields` are the columns that were chosen; none for those that the kind has of itself.
    """
    kind = kinds.registry.get(query.kind)

    def sortable(label: Text, key: str, css: str = "") -> Head:
        if query.sort.removeprefix("-") != key:
            return Head(label, address(replace(query, sort=FIRST_DIRECTION.get(key, key))), "", css)
        down = query.sort.startswith("-")
        other = replace(query, sort=key if down else f"-{key}")
        return Head(label, address(other), "descending" if down else "ascending", css)

    if fields:
        chosen = [
            sortable(field.label, field.key, _css(field))
            if field.sort
            else Head(field.label, css=_css(field))
            for field in fields
        ]
        widths, keys = dict(query.widths), ["name", *(field.key for field in fields)]
        edged = zip([sortable(kind.label, "name", "stick s2"), *chosen], keys, strict=True)
        return [replace(head, key=key, width=widths.get(key, "")) for head, key in edged]
    found = [
        sortable(kind.label, "name", "stick s2"),
        sortable(_("Health"), "health"),
        Head(_("12 weeks")),
        Head(_("Biggest reason")),
        sortable(_("Last contact"), "contact"),
        sortable(_("Next step"), "next"),
        Head(_("Promises"), css="r"),
        *(Head(column.label, css="r" if column.numeric else "") for column in kind.columns),
    ]
    if with_money:
        found.append(sortable(_("Value a year"), "value", "r"))
    return [*found, Head(_("Owner"))]


def _css(field: ListField) -> str:
    return "r" if field.numeric else ""


@dataclass(frozen=True)
class Line:
    """A row of the list, ready to be shown.

    `contact_tone` warns when the rhythm is missed, by how far; `change` is whole points in 30 days.
    """

    relationship: Relationship
    state: RelationshipState
    href: str
    next_step: NextStep
    contact_tone: str
    shows_money: bool
    reason: str
    health_tone: str
    change: int
    own: list[tuple[kinds.Column, Any]]
    cells: "tuple[Cell, ...]" = ()


@dataclass(frozen=True)
class Cell:
    """What a chosen column says of a row."""

    field: ListField
    value: Any
    is_hidden: bool
    css: str = ""


TONES = {HealthStatus.HEALTHY: "good", HealthStatus.WATCH: "warn", HealthStatus.AT_RISK: "bad"}


def lines(
    rows: Sequence[Row],
    fields: Sequence[ListField],
    *,
    viewer: User,
    now: datetime,
    from_list: str,
    widths: Mapping[str, str] | None = None,
) -> list[Line]:
    """The rows of a page with what the chosen columns say of them; `widths` are those of columns by key."""
    found = values_of_fields([row.relationship for row in rows], fields, viewer=viewer, now=now)
    told = [line(row, viewer=viewer, now=now, from_list=from_list) for row in rows]
    if not fields:
        return told
    styled = [(field, _cell_css(field, (widths or {}).get(field.key, ""))) for field in fields]
    return [
        replace(
            each,
            cells=tuple(
                replace(cell_of(field, each.relationship, found, viewer), css=css) for field, css in styled
            ),
        )
        for each in told
    ]


def _cell_css(field: ListField, width: str) -> str:
    """How the cells of a column stand: numbers to the right, words cut off where the column ends."""
    sort = "r num" if field.numeric else "trunc m"
    if width not in WIDTHS:
        return sort
    return f"r num trunc {WIDTHS[width]}" if field.numeric else f"trunc {WIDTHS[width]}"


def values_of_fields(
    rows: Sequence[Relationship], fields: Sequence[ListField], *, viewer: User, now: datetime
) -> dict[str, Mapping[int, Any]]:
    """What fields without a path hold in rows, a query for each of them."""
    asked = Asked(viewer, now)
    return {field.key: field.values(rows, asked) for field in fields if field.values is not None}


def cell_of(
    field: ListField, row: Relationship, found: Mapping[str, Mapping[int, Any]], viewer: User
) -> Cell:
    """What a field says of a row; nothing where its permission does not reach."""
    if field.permission is not None and not may_in(viewer, field.permission, row):
        return Cell(field, "", is_hidden=True)
    return Cell(field, said(field, row, found.get(field.key), zone=viewer.time_zone), is_hidden=False)


def line(row: Row, *, viewer: User, now: datetime, from_list: str) -> Line:
    """`from_list` is the encoded list, so that the record can lead to the next row of it."""
    relationship = row.relationship
    kind = kinds.registry.get(relationship.kind)
    return Line(
        relationship=relationship,
        state=relationship.state,
        href=f"/{relationship.kind}/{relationship.pk}/?from={from_list}",
        next_step=row.next_step,
        contact_tone=_contact_tone(relationship, now),
        shows_money=may_in(viewer, Permission.VIEW_MONEY, relationship),
        reason=registry.reason_words(relationship.state.health_reason),
        health_tone=TONES.get(HealthStatus(relationship.state.health_status), ""),
        change=round(relationship.state.health_change or 0),
        own=own_values(kind, relationship),
    )


def _contact_tone(relationship: Relationship, now: datetime) -> str:
    """Bad after twice the rhythm, warn after once; a relationship without contact counts from its opening."""
    since = relationship.state.last_interaction_at or relationship.opened_at
    rhythms = (now - since).days / relationship.cadence_days
    return "bad" if rhythms > 2 else "warn" if rhythms > 1 else ""


def kind_words(relationship: Relationship) -> str:
    """What a relationship is, to tell two of one party apart."""
    return str(kinds.registry.get(relationship.kind).label)


def own_values(kind: kinds.Kind, row: Relationship) -> list[tuple[kinds.Column, Any]]:
    """The kind's own columns of a row, with words for a value of a choice; empty where there is no profile."""
    return [(column, _follow(row, column.path.split("__"))) for column in kind.columns]


def _follow(thing: Any, path: list[str]) -> Any:
    return _said(_raw(thing, path))


def _raw(thing: Any, path: list[str]) -> Any:
    """The value at the end of the path, a choice in its words; None where the path breaks off."""
    for step in path[:-1]:
        thing = getattr(thing, step, None)
    if thing is None:
        return None
    words = getattr(thing, f"get_{path[-1]}_display", None)
    return words() if words else getattr(thing, path[-1])


def _said(value: Any) -> Any:
    """A value as people write it; empty for none and for no."""
    if value is True:
        return gettext("Yes")
    if value is None or value is False:
        return ""
    if isinstance(value, date):
        return written(value, "j M Y")
    return figure(value) if isinstance(value, int | Decimal) else value


def said(
    field: ListField, row: Relationship, values: Mapping[int, Any] | None = None, *, zone: str = ""
) -> Any:
    """What a field says of a row, as people write it; `values` are those of a field without a path, by row."""
    if values is not None or not field.path:
        return _said((values or {}).get(row.pk))
    if field.type is FieldType.PERSON:
        return _raw(row, [*field.path.split("__"), "name"])
    value = _raw(row, field.path.split("__"))
    if isinstance(value, datetime) and zone:
        value = value.astimezone(ZoneInfo(zone)).date()
    return dict(field.choices).get(value, _said(value)) if isinstance(value, str) else _said(value)


def profile_values(profile: Any) -> list[tuple[Text, Any]]:
    """Everything that is said in a kind's profile, with the field's name in words; what is empty is left out."""
    if profile is None:
        return []
    return [
        (capfirst(field.verbose_name), value)
        for field in profile._meta.fields
        if not field.primary_key and (value := _follow(profile, [field.name])) != ""
    ]


@dataclass(frozen=True)
class PromiseLine:
    """A promise in the ledger with where it stands: never by colour alone."""

    commitment: Commitment
    tone: str
    icon: str
    words: str


PROMISE_HEADS = [
    Head(_("Promise"), css="stick"),
    Head(_("Whose")),
    Head(_("With")),
    Head(_("Stands")),
    Head(_("Original date")),
    Head(_("Last agreement")),
    Head(_("Owner")),
]


TIE_HEADS = [
    Head(_("Who"), css="stick"),
    Head(_("How they stand")),
    Head(_("To whom")),
    Head(_("How close")),
    Head(_("Since")),
    Head(_("Until")),
]
NEIGHBOUR_HEADS = [
    Head(_("Name"), css="stick"),
    Head(_("To us")),
    Head(_("Links away"), css="r"),
    Head(_("Look around"), css="r"),
]


def promise_line(commitment: Commitment, today: date) -> PromiseLine:
    """Late or at risk while it is open; else its state, and whether it came after the original day."""
    state = commitment.get_state_display()
    if commitment.state == CommitmentState.WITHDRAWN:
        return PromiseLine(commitment, "none", "undo-2", state)
    if commitment.state in (CommitmentState.DELIVERED, CommitmentState.CONFIRMED):
        return PromiseLine(commitment, "good", "circle-check", state)
    days = (today - commitment.current_due_date).days
    if days > 0:
        words = ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
        return PromiseLine(commitment, "bad", "clock", words)
    if commitment.state == CommitmentState.PROPOSED:
        return PromiseLine(commitment, "info", "circle-dashed", state)
    tone, icon = ("warn", "triangle-alert") if is_at_risk(commitment, today) else ("", "")
    words = gettext("Due %(day)s") % {"day": day_words(commitment.current_due_date, today, lower=True)}
    return PromiseLine(commitment, tone, icon, words)
