"""What a source says of a party that went into another is taken to be about that other."""

import pytest

from accounts.operations.workspace import Workspace
from commerce.models import Order
from relationships.models import Party, Relationship
from relationships.operations.merging import merge_parties, unmerge
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db

FIRST = "Order,Customer,Date,Amount\n1,Tea,2026-01-05,10\n2,Tea Ltd,2026-01-06,20\n"
SECOND = FIRST + "3,Tea Ltd,2026-01-07,30\n"


def test_a_file_that_comes_again_finds_the_one_that_was_kept(bring: Bring, workspace: Workspace) -> None:
    bring(FIRST)
    boss = make_user("administrator")
    keep, drop = Relationship.objects.order_by("pk")
    record = merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    bring(FIRST)
    assert (Party.objects.count(), Order.objects.count()) == (1, 2)
    bring(SECOND)
    assert (Party.objects.get(), Order.objects.filter(relationship=keep).count()) == (keep.party, 3)
    unmerge(actor=boss, record=record, now=NOW)
    orders = Order.objects.order_by("pk").values_list("ref", "relationship_id")
    assert list(orders) == [("1", keep.pk), ("2", drop.pk), ("3", keep.pk)]
