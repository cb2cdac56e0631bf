"""The proposals that somebody may see."""

from datetime import datetime

from accounts.enums import Permission
from accounts.models import User
from core.keyset import Order, Page, SortKey, page
from health.models import Proposal

LIMIT = 25
NEWEST = Order(SortKey("created_at", datetime.fromisoformat), descending=True)


def proposal_page(*, viewer: User, state: str = "", cursor: str = "") -> Page[Proposal]:
    """A page of them, the newest first; none for somebody who sees no money anywhere."""
    rows = (
        Proposal.objects.visible_to(viewer) if viewer.may(Permission.VIEW_MONEY) else Proposal.objects.none()
    )
    if state:
        rows = rows.filter(state=state)
    return page(rows.select_related("relationship", "created_by"), NEWEST, cursor=cursor, limit=LIMIT)
