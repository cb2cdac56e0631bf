"""Cursors that cannot be read lead to the first page, and never to an error."""

from datetime import date

import pytest

from core import keyset
from relationships.models import Relationship
from tests.factories import make_relationship

pytestmark = pytest.mark.django_db

BY_NAME = keyset.Order(keyset.SortKey("party_name"))
BY_END = keyset.Order(keyset.SortKey("closed_at", date.fromisoformat, nullable=True))


def names(order: keyset.Order, cursor: str) -> list[str]:
    page = keyset.page(Relationship.objects.all(), order, cursor=cursor, limit=1)
    return [row.party_name for row in page.rows]


def test_a_cursor_of_another_order_starts_again() -> None:
    for name in ("Ash", "Birch"):
        make_relationship(name=name)
    by_end = keyset.page(Relationship.objects.all(), BY_END, cursor="", limit=1).next
    by_name = keyset.page(Relationship.objects.all(), BY_NAME, cursor="", limit=1).next
    assert names(BY_NAME, by_name) == names(BY_END, by_end) == ["Birch"]
    assert names(BY_NAME, by_end) == names(BY_END, by_name) == ["Ash"]


@pytest.mark.parametrize("cursor", ["x", "%%%", "WzFd", "bnVsbA", "W10"])
def test_a_cursor_that_is_none_starts_at_the_first_row(cursor: str) -> None:
    make_relationship(name="Ash")
    assert names(BY_NAME, cursor) == ["Ash"]
