"""The saved views of a list: those that somebody has among their tabs, and those that they may take there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.models import User
from relationships.models import SavedView


@dataclass(frozen=True)
class KnownView:
    """A saved view as one person has it; `is_pinned` puts it among the tabs."""

    id: int
    name: str
    address: str
    owner_id: int
    owner_name: str
    is_shared: bool
    is_pinned: bool


def seen_views(viewer: User) -> "QuerySet[SavedView]":
    """The viewer's own views, and those that are shared; the removed ones too."""
    return SavedView.objects.filter(Q(owner_id=viewer.pk) | Q(shared_at__isnull=False))


def placed_views(viewer: User) -> "QuerySet[Any]":
    """The viewer's own and the shared views; `place` is that among the viewer's tabs, none for what is no tab."""
    return (
        seen_views(viewer)
        .filter(removed_at=None)
        .annotate(pin=FilteredRelation("pins", condition=Q(pins__user=viewer)))
        .annotate(place=F("pin__position"))
        .select_related("owner")
    )


def known_views(*, viewer: User, kind: str) -> list[KnownView]:
    """The viewer's own and the shared views of a kind: tabs in their order, then the others by name."""
    rows = placed_views(viewer).filter(kind=kind)
    rows = rows.order_by(F("place").asc(nulls_last=True), "name", "pk")
    return [
        KnownView(
            row.pk, row.name, row.address, row.owner_id, row.owner.name, row.shared_at is not None,
            row.place is not None,
        )
        for row in rows
    ]  # fmt: skip


def view_for(*, viewer: User, kind: str, view_id: int) -> SavedView | None:
    """A view of the kind that the viewer may open; None for any other."""
    return seen_views(viewer).filter(kind=kind, removed_at=None, pk=view_id).first()
