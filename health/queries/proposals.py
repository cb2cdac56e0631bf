"""The proposals that somebody may see."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.enums import Permission
from accounts.models import User
from core.keyset import Order, Page, SortKey, page
from health.models import Proposal
from relationships.models import Relationship
from relationships.querysets import allowed_in

LIMIT = 25
NEWEST = Order(SortKey("created_at", datetime.fromisoformat), descending=True)


def seen_proposals(viewer: User) -> "QuerySet[Proposal]":
    """Those of relationships of which the viewer may know, and where they see money."""
    with_money = Relationship.objects.filter(allowed_in(viewer, Permission.VIEW_MONEY))
    return Proposal.objects.visible_to(viewer).filter(relationship__in=with_money)


def proposal_page(*, viewer: User, state: str = "", cursor: str = "") -> Page[Proposal]:
    """A page of them, the newest first."""
    rows = seen_proposals(viewer)
    if state:
        rows = rows.filter(state=state)
    return page(rows.select_related("relationship", "created_by"), NEWEST, cursor=cursor, limit=LIMIT)
