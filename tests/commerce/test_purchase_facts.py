"""What is rolled up of a relationship's purchases, and the fifths it falls into."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.operations.workspace import Workspace
from commerce.models import OrderLine, PurchaseFact
from commerce.operations.purchases import refresh_facts, refresh_rfm
from relationships.models import Relationship
from tests.factories import NOW, make_business_unit, make_order, make_relationship

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def fact(relationship: Relationship) -> PurchaseFact:
    return PurchaseFact.objects.get(relationship=relationship)


def test_sales_of_a_day_are_one_purchase(workspace: Workspace) -> None:
    relationship = make_relationship()
    for day, amount in ((400, 100), (30, 20), (30, 5), (30, -4), (10, 30), (5, -9)):
        make_order(relationship, TODAY - timedelta(days=day), amount)
    assert refresh_facts(now=NOW) == 1
    found = fact(relationship)
    assert (found.first_date, found.last_date) == (TODAY - timedelta(days=400), TODAY - timedelta(days=10))
    assert (found.purchase_days, found.amount, found.amount_year) == (3, Decimal("142.00"), Decimal("42.00"))
    assert found.repeat_mean == pytest.approx((25 + 30) / 2)
    assert refresh_facts(now=NOW) == 0


def test_the_year_is_the_last_365_days(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_order(relationship, TODAY - timedelta(days=365), 1)
    make_order(relationship, TODAY - timedelta(days=364), 2)
    refresh_facts(now=NOW)
    assert fact(relationship).amount_year == Decimal("2.00")


def test_days_are_those_of_the_business_unit(workspace: Workspace) -> None:
    tokyo = make_business_unit("Tokyo", time_zone="Asia/Tokyo")
    there, here = make_relationship(business_unit=tokyo), make_relationship()
    for relationship in (there, here):
        make_order(relationship, date(2026, 1, 5), hour=14)
        make_order(relationship, date(2026, 1, 5), hour=16)
    refresh_facts(now=NOW)
    assert (fact(there).purchase_days, fact(here).purchase_days) == (2, 1)


def test_two_currencies_are_never_added(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_order(relationship, TODAY - timedelta(days=9), 100, currency="USD")
    make_order(relationship, TODAY - timedelta(days=8), 10)
    make_order(relationship, TODAY - timedelta(days=7), 10)
    refresh_facts(now=NOW)
    found = fact(relationship)
    assert (found.currency, found.amount, found.purchase_days) == ("GBP", Decimal("20.00"), 3)


def test_returns_alone_and_orders_to_come_are_no_purchases(workspace: Workspace) -> None:
    returned, coming = make_relationship(), make_relationship()
    make_order(returned, TODAY - timedelta(days=3), -5)
    make_order(coming, TODAY + timedelta(days=3), 5)
    assert refresh_facts(now=NOW) == 0
    assert not PurchaseFact.objects.exists()


def test_facts_go_with_the_last_sale_and_only_where_asked(workspace: Workspace) -> None:
    first, second = make_relationship(), make_relationship()
    for relationship in (first, second):
        make_order(relationship, TODAY - timedelta(days=3), 5)
    assert refresh_facts(now=NOW, relationship_ids=[first.pk]) == 1
    assert refresh_facts(now=NOW) == 1
    OrderLine.objects.all().delete()
    assert refresh_facts(now=NOW, relationship_ids=[second.pk]) == 1
    assert PurchaseFact.objects.get().relationship_id == first.pk


def test_fifths_name_cells_among_the_kind(workspace: Workspace) -> None:
    made = [make_relationship() for _ in range(5)]
    supplier = make_relationship("suppliers")
    for place, relationship in enumerate([*made, supplier], start=1):
        for repeat in range(place):
            make_order(relationship, TODAY - timedelta(days=100 - 10 * place + repeat), 10 * place)
    refresh_facts(now=NOW)
    assert refresh_rfm() == 5
    scores = ("recency_score", "frequency_score", "monetary_score", "rfm_cell")
    assert list(
        PurchaseFact.objects.filter(relationship__kind="customers").order_by("pk").values_list(*scores)
    ) == [
        (1, 1, 1, "lost"),
        (2, 2, 2, "hibernating"),
        (3, 3, 3, "needs_attention"),
        (4, 4, 4, "loyal"),
        (5, 5, 5, "champions"),
    ]
    assert fact(supplier).rfm_cell == ""
    assert refresh_rfm() == 0
    made[4].closed_at, made[4].closed_by = NOW, made[4].owner
    made[4].save()
    assert refresh_rfm() == 5
    assert set(PurchaseFact.objects.values_list("rfm_cell", flat=True)) == {""}
