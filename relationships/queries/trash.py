"""What was removed and can still be put back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from accounts.enums import Permission
from accounts.models import User
from core import keyset
from relationships.models import Document, SavedView
from relationships.permissions import may_in

KEPT = timedelta(days=30)
PAGE_SIZE = 25
LATEST_FIRST = keyset.Order(keyset.SortKey("removed_at", datetime.fromisoformat), descending=True)
VIEWS_SHOWN = 25


@dataclass(frozen=True)
class Trashed:
    """A removed document, and whether the viewer may put it back."""

    document: Document
    may_restore: bool


def trashed(viewer: User) -> "QuerySet[Document]":
    """The removed documents that the viewer may know of, each with `kept_until`, when its content goes."""
    rows = Document.objects.in_trash_of(viewer).annotate(kept_until=F("removed_at") + KEPT)
    return rows.select_related("relationship", "uploaded_by", "removed_by")


def trash_page(
    *, viewer: User, cursor: str = "", limit: int = PAGE_SIZE
) -> tuple[list[Trashed], keyset.Page[Document]]:
    """One page of them, the latest removed first."""
    page = keyset.page(trashed(viewer), LATEST_FIRST, cursor=cursor, limit=limit)
    return [Trashed(row, _may_restore(viewer, row)) for row in page.rows], page


def removed_views(viewer: User, now: datetime) -> "QuerySet[SavedView]":
    """The viewer's own views of lists that were removed of late."""
    rows = SavedView.objects.filter(owner=viewer, removed_at__gt=now - KEPT)
    return rows.order_by("-removed_at", "-pk")[:VIEWS_SHOWN]


def _may_restore(viewer: User, document: Document) -> bool:
    theirs = viewer.pk in (document.uploaded_by_id, document.removed_by_id)
    wanted = Permission.LOG_INTERACTIONS if theirs else Permission.MANAGE_RELATIONSHIPS
    return may_in(viewer, wanted, document.relationship)
