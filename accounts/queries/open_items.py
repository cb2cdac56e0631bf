"""What a person, team or unit still has in hand, as the upper apps count it."""

from dataclasses import dataclass

from django.db.models import Count, Value

from accounts.models import User
from accounts.registry import registry


@dataclass(frozen=True)
class InHand:
    """One sort of open work: how much, in words, and where it is listed (empty: nowhere)."""

    count: int
    words: str
    url: str


def in_hand(*, of: str, owner_id: int, viewer: User | None = None) -> list[InHand]:
    """The open work of a holder, only the sorts of which there is some; for a viewer, what is not closed to them.

    One query, however many sorts there are.
    """
    sorts = registry.open_items(of)
    counted = [
        items.rows(owner_id, viewer).order_by().values(number=Value(number)).annotate(count=Count("pk"))
        for number, items in enumerate(sorts)
    ]
    if not counted:
        return []
    counts = dict(counted[0].union(*counted[1:], all=True).order_by("number").values_list("number", "count"))
    return [
        InHand(count=count, words=sorts[number].words(count), url=sorts[number].url(owner_id))
        for number, count in counts.items()
        if count
    ]
