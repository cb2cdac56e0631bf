"""A list as a table for spreadsheets: what every column says of a row as SQL, with the rights of the viewer in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Func, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import User
from core import keyset
from core.sheets import Holds, Inert, SheetColumn
from relationships import kinds
from relationships.enums import HealthStatus, ValueTier
from relationships.queries.list_cells import TEXT, labelled, thousands
from relationships.queries.list_fields import FieldType, ListField
from relationships.queries.native_fields import OWN, model_field, native_fields
from relationships.queries.relationship_list import ListQuery, matching, shown_fields
from relationships.querysets import allowed_in

COMPUTED = {FieldType.NUMBER: Holds.NUMBER, FieldType.MONEY: Holds.NUMBER, FieldType.DATE: Holds.DAY}


def exportable(*, viewer: User, query: ListQuery, now: datetime) -> "QuerySet[Any]":
    """The rows of the list in its order, those alone in which the viewer may export."""
    rows = matching(viewer=viewer, query=query, now=now).filter(allowed_in(viewer, Permission.EXPORT_DATA))
    rows = rows.filter(state__kind=query.kind)  # the same again: of the states of all kinds, a part is read
    return keyset.whole(rows, query.order)


def sheet(*, viewer: User, query: ListQuery, now: datetime) -> "tuple[QuerySet[Any], list[SheetColumn]]":
    """The rows to be taken out, and the columns that were chosen, or all that the list knows where none were."""
    rows = exportable(viewer=viewer, query=query, now=now)
    fields = shown_fields(viewer, query)
    return _chosen(rows, fields, viewer, query.kind) if fields else (rows, _usual(viewer, query.kind))


def _usual(viewer: User, slug: str) -> list[SheetColumn]:
    kind, fields, state = kinds.registry.get(slug), native_fields(slug), "state__"
    own = [_native(fields[OWN + column.key], viewer, plain=True) for column in kind.columns]
    amount = _shown(
        F(f"{state}value_amount"), viewer, Permission.VIEW_MONEY, model_field("state__value_amount")
    )
    currency = _shown(Inert(F(f"{state}value_currency")), viewer, Permission.VIEW_MONEY, TEXT)
    return [
        _name(kind),
        _column(_("Stage"), labelled("stage", dict(fields["stage"].choices))),
        _column(_("Health"), F(f"{state}health"), Holds.NUMBER),
        _column(_("Band"), labelled(f"{state}health_status", dict(HealthStatus.choices))),
        _column(_("Last contact"), _day(f"{state}last_interaction_at", viewer), Holds.DAY),
        _column(_("Next step by"), F(f"{state}next_touch_date"), Holds.DAY),
        _column(_("Open promises"), F(f"{state}open_commitments"), Holds.NUMBER),
        _column(_("Open problems"), F(f"{state}open_problems"), Holds.NUMBER),
        *own,
        _column(_("Tier"), labelled(f"{state}value_tier", dict(ValueTier.choices))),
        _column(_("Value a year"), amount, Holds.NUMBER),
        _column(_("Currency"), currency),
        _column(_("Owner"), Inert(F("owner__name"))),
        _column(_("Days between touches"), F("cadence_days"), Holds.NUMBER),
        _column(_("Since"), _day("opened_at", viewer), Holds.DAY),
        _column(_("Reference"), Inert(F("external_ref"))),
    ]


def _chosen(
    rows: "QuerySet[Any]", fields: Sequence[ListField], viewer: User, slug: str
) -> "tuple[QuerySet[Any], list[SheetColumn]]":
    columns = [_name(kinds.registry.get(slug))]
    for number, field in enumerate(fields):
        if field.cells is None:
            columns.append(_native(field, viewer))
            continue
        rows = field.cells(rows, f"told_{number}")
        columns.append(_column(field.label, _shown(F(f"told_{number}"), viewer, field.permission, TEXT)))
    return rows, columns


def _name(kind: kinds.Kind) -> SheetColumn:
    return _column(kind.label, Inert(F("party_name")))


def _column(label: Any, value: Combinable, holds: Holds = Holds.TEXT) -> SheetColumn:
    return SheetColumn(str(label), value, holds)


def _native(field: ListField, viewer: User, *, plain: bool = False) -> SheetColumn:
    """A column of what stands at the end of a path; `plain` has yes and no as they are kept."""
    holds, at = COMPUTED.get(field.type, Holds.TEXT), model_field(field.path)
    value: Combinable
    if isinstance(at, models.DateTimeField):
        value = _day(field.path, viewer)
    elif holds is not Holds.TEXT:
        value = F(field.path)
    else:
        value = _words(field, at, plain=plain)
    return _column(field.label, _shown(value, viewer, field.permission, at), holds)


def _words(field: ListField, at: Any, *, plain: bool) -> Combinable:
    if field.type is FieldType.PERSON:
        return Inert(F(f"{field.path}__name"))
    if isinstance(at, models.BooleanField):
        yes, no = ("True", "False") if plain else (gettext("Yes"), "")
        return labelled(field.path, {True: yes, False: no})
    if isinstance(at, models.IntegerField) and not at.flatchoices:
        return thousands(field.path)
    labels = dict(field.choices)
    own = {value: labels.get(str(words), words) for value, words in at.flatchoices}
    return labelled(field.path, own or labels)


def _day(path: str, viewer: User) -> Combinable:
    """The day that a moment is on where the viewer is."""
    zone = Value(viewer.time_zone)
    return Func(
        F(path), zone, template="(%(expressions)s)::date", arg_joiner=" AT TIME ZONE ", output_field=models.DateField()
    )  # fmt: skip


def _shown(value: Any, viewer: User, permission: Permission | None, field: Any) -> Any:
    """The value where the viewer has the permission; nothing elsewhere."""
    if permission is None:
        return value
    allowed = allowed_in(viewer, permission)
    return Case(When(allowed, then=value), output_field=field)
