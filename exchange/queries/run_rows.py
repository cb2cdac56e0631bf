"""The rows behind the numbers of an import, for those who may know of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case
from commerce.models import Order, Payment
from core.refusals import Missing
from exchange.models import ImportRun
from relationships import kinds
from relationships.models import Interaction, Party, Relationship

MONEY = ("payments", "orders")


@dataclass(frozen=True)
class RowLine:
    """One thing that an import made or changed: what, where it is, and when it was or for how much."""

    title: str
    url: str
    at: date | datetime | None = None
    amount: Any = None
    currency: str = ""


def rows_behind(viewer: User, run: ImportRun, *, done_to: str, what: str) -> "QuerySet[Any]":
    """What an import made (`created`) or changed (`updated`), those of it that the viewer may know of.

    Amounts are for whoever imported them. Raises Missing for what no number counts.
    """
    rows = _rows(viewer, what)
    if what in MONEY and run.actor_id != viewer.pk:
        raise Missing(_("There is no such page."))
    table = rows.model._meta.db_table
    if done_to == "created":
        made = run.created_rows.filter(table_name=table, first__lte=OuterRef("pk"), last__gte=OuterRef("pk"))
        return rows.filter(Exists(made))
    if done_to == "updated":
        return rows.filter(Exists(run.changed_rows.filter(table_name=table, row_id=OuterRef("pk"))))
    raise Missing(_("There is no such page."))


def _rows(viewer: User, what: str) -> "QuerySet[Any]":
    if what == "parties":
        return Party.objects.visible_to(viewer)
    if what in kinds.registry:
        return Relationship.objects.visible_to(viewer).filter(kind=what)
    if what == "interactions":
        return Interaction.objects.visible_to(viewer).select_related("relationship")
    if what == "cases":
        return Case.objects.visible_to(viewer).select_related("relationship")
    if what == "payments":
        return Payment.objects.visible_to(viewer).select_related("relationship")
    if what == "orders":
        return Order.objects.visible_to(viewer).select_related("relationship")
    raise Missing(_("There is no such page."))


def row_line(row: Party | Relationship | Interaction | Payment | Order | Case) -> RowLine:
    """A row in words, with the page where it is."""
    if isinstance(row, Party):
        return RowLine(row.name, f"/parties/{row.pk}/")
    if isinstance(row, Relationship):
        return RowLine(row.party_name, _record(row), row.opened_at)
    if isinstance(row, Case):
        return RowLine(f"{row.ref} {row.subject}", f"/cases/{row.pk}/", row.opened_at)
    name, record = row.relationship.party_name, _record(row.relationship)
    if isinstance(row, Interaction):
        return RowLine(f"{name}: {row.subject or row.body[:80]}", f"{record}timeline/", row.happened_at)
    if isinstance(row, Payment):
        return RowLine(name, f"{record}payments/", row.paid_date, row.amount, row.currency)
    return RowLine(
        f"{name}: {row.ref}", f"{record}orders/{row.pk}/", row.ordered_at, row.amount, row.currency
    )


def _record(relationship: Relationship) -> str:
    return f"/{relationship.kind}/{relationship.pk}/"
