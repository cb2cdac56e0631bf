"""What a person, team or unit still has in hand, as the upper apps count it."""

from dataclasses import dataclass

from accounts.models import User
from accounts.registry import registry


@dataclass(frozen=True)
class InHand:
    """One sort of open work: how much, in words, and where it is listed (empty: nowhere)."""

    count: int
    words: str
    url: str


def in_hand(*, of: str, owner_id: int, viewer: User | None = None) -> list[InHand]:
    """The open work of a holder, only the sorts of which there is some; for a viewer, what is not closed to them."""
    counted = [(items, items.count(owner_id, viewer)) for items in registry.open_items(of)]
    return [
        InHand(count=count, words=items.words(count), url=items.url(owner_id))
        for items, count in counted
        if count
    ]
