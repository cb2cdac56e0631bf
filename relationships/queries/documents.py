"""The documents of a relationship, newest first, and the versions of one."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from core import keyset
from relationships.models import Document, DocumentVersion, Relationship

PAGE_SIZE = 25
NEWEST_FIRST = keyset.Order(keyset.SortKey("uploaded_at", datetime.fromisoformat), descending=True)


def documents_page(
    *, viewer: User, relationship: Relationship, cursor: str = "", limit: int = PAGE_SIZE
) -> keyset.Page[Document]:
    """One page of them, each with who added it; one query."""
    rows = Document.objects.visible_to(viewer).filter(relationship=relationship)
    return keyset.page(rows.select_related("uploaded_by"), NEWEST_FIRST, cursor=cursor, limit=limit)


def versions_of(document: Document) -> "QuerySet[DocumentVersion]":
    """Every content of a document that the viewer was found to know of, the newest first."""
    rows = DocumentVersion.objects.filter(document=document).select_related("uploaded_by")
    return rows.order_by("-number")
