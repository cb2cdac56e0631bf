"""Orders on the record and on pages of their own: every figure leads to its rows, and only to whom it may."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client

from accounts.operations.workspace import Workspace
from analytics.rfm import CELL_NAMES
from commerce.enums import RfmCell
from commerce.models import Order, Product, PurchaseFact
from commerce.operations.nightly import refresh_purchases
from commerce.panels import orders_context
from relationships.models import Relationship
from tests.commerce.conftest import MBG, accept_fit
from tests.factories import NOW, make_order, make_relationship, make_user

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def buyer(workspace: Workspace) -> Relationship:
    """Sales in February and March, a return in March, and one sale longer ago than a year."""
    relationship = make_relationship(name="Acme")
    for day, amount in (
        (date(2025, 1, 10), 500),
        (date(2026, 2, 10), 100),
        (date(2026, 3, 2), 30),
        (date(2026, 3, 9), -10),
    ):
        make_order(relationship, day, amount)
    refresh_purchases(now=NOW)
    return relationship


def sign_in(role: str = "relationship_manager", kind: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, kind), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client: Client, path: str) -> Any:
    return client.get(path)


def refs(response: Any) -> list[str]:
    return [order.ref for order in response.context["page"].rows]


def panel(relationship: Relationship, role: str = "relationship_manager") -> str:
    context = orders_context(viewer=make_user(role), relationship=relationship, now=NOW)
    return render_to_string("commerce/_orders_panel.html", context)


def test_the_list_shows_orders_newest_first_and_the_year_by_month(buyer: Relationship) -> None:
    response = page_of(sign_in(), f"/customers/{buyer.pk}/orders/")
    amounts = [int(order.amount) for order in response.context["page"].rows]
    assert (response.status_code, amounts) == (200, [-10, 30, 100, 500])
    months = {
        month.first_date: (month.orders, int(month.amount), month.returns)
        for month in response.context["orders"].months
    }
    assert len(months) == 12
    assert (min(months), months[date(2026, 2, 1)], months[date(2026, 3, 1)]) == (
        date(2025, 4, 1), (1, 100, 0), (1, 20, 1),
    )  # fmt: skip
    assert "?month=2026-02" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("?month=2026-03", [-10, 30]),
        ("?month=2026-01", []),
        ("?year=1", [-10, 30, 100]),
        ("?returns=1", [-10]),
        ("?month=2026-13&year=x", [-10, 30, 100, 500]),
    ],
)
def test_orders_are_narrowed_by_the_address(buyer: Relationship, query: str, amounts: list[int]) -> None:
    response = page_of(sign_in(), f"/customers/{buyer.pk}/orders/{query}")
    assert [int(order.amount) for order in response.context["page"].rows] == amounts


def test_a_relationship_without_orders_says_so(workspace: Workspace) -> None:
    relationship = make_relationship()
    content = page_of(sign_in(), f"/customers/{relationship.pk}/orders/").content.decode()
    assert "No orders yet" in content
    assert panel(relationship).strip() == ""


def test_many_orders_are_paged_by_keyset(workspace: Workspace) -> None:
    relationship = make_relationship()
    made = [make_order(relationship, TODAY - timedelta(days=1 + ago)) for ago in range(30)]
    client = sign_in()
    first = page_of(client, f"/customers/{relationship.pk}/orders/?year=1")
    assert "year=1&at=" in first.context["next_url"]
    second = page_of(client, first.context["next_url"])
    assert refs(first) + refs(second) == [order.ref for order in made]
    back = page_of(client, second.context["previous_url"])
    assert refs(back) == refs(first)


def test_one_order_shows_its_lines(buyer: Relationship) -> None:
    order = buyer.orders.get(amount=100)
    line = order.lines.get()
    line.product = Product.objects.create(source="factory", ref="P1", name="Trays")
    line.quantity, line.unit_price = 4, 25
    line.save()
    content = page_of(sign_in(), f"/customers/{buyer.pk}/orders/{order.pk}/").content.decode()
    assert all(words in content for words in ("Trays", "£25", "£100", "They bought from us"))


def test_an_order_without_a_reference_is_called_by_its_day(buyer: Relationship) -> None:
    order = buyer.orders.get(amount=100)
    assert (order.own_ref, str(order)) == (order.ref, order.ref)
    order.ref = f"{'a' * 64}:1"
    order.save()
    content = page_of(sign_in(), f"/customers/{buyer.pk}/orders/{order.pk}/").content.decode()
    assert order.own_ref == ""
    assert "Order of" in content
    assert "aaaa" not in content


def test_many_lines_are_paged(buyer: Relationship) -> None:
    order = buyer.orders.get(amount=100)
    line = order.lines.get()
    for number in range(60):
        line.pk, line.source_key = None, f"more{number}"
        line.save(force_insert=True)
    client = sign_in()
    first = page_of(client, f"/customers/{buyer.pk}/orders/{order.pk}/")
    second = page_of(client, first.context["next_url"])
    assert (len(first.context["page"].rows), len(second.context["page"].rows)) == (50, 11)
    assert "at=" in second.context["previous_url"]


def test_orders_out_of_sight_do_not_exist(buyer: Relationship) -> None:
    order = buyer.orders.first()
    assert order is not None
    blind = sign_in("relationship_manager", "suppliers")
    for path in (f"/customers/{buyer.pk}/orders/", f"/customers/{buyer.pk}/orders/{order.pk}/"):
        assert page_of(blind, path).status_code == 404
    seeing = sign_in()
    other = make_relationship()
    assert page_of(seeing, f"/customers/{other.pk}/orders/{order.pk}/").status_code == 404
    assert page_of(seeing, f"/suppliers/{buyer.pk}/orders/").status_code == 404


def test_who_may_not_see_money_sees_no_orders(buyer: Relationship) -> None:
    assert page_of(sign_in("hr"), f"/customers/{buyer.pk}/orders/").status_code == 403
    assert panel(buyer, "hr").strip() == ""


def test_the_panel_says_what_the_models_say_and_what_they_rest_on(buyer: Relationship) -> None:
    accept_fit("mbg-nbd", MBG)
    refresh_purchases(now=NOW)
    PurchaseFact.objects.update(rfm_cell="champions", alive_probability=0.634)
    content = panel(buyer)
    assert "Champion: buys lately, often and for much." in content
    assert "63 % likely to buy again" in content
    assert "(MBG/NBD model of 500 customers, purchases until" in content
    assert "Expected in the next 52 weeks" in content
    assert 'href="/customers/' in content


def test_contracts_are_not_guessed_at(workspace: Workspace) -> None:
    relationship = make_relationship(revenue_type="contractual")
    make_order(relationship, TODAY - timedelta(days=1))
    refresh_purchases(now=NOW)
    assert "A contract: it tells when it ends" in panel(relationship)


def test_a_quiet_year_is_said_and_not_drawn(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_order(relationship, TODAY - timedelta(days=800))
    refresh_purchases(now=NOW)
    content = panel(relationship)
    assert "No order in the last 12 months" in content
    assert "<svg" not in content.split("<dl")[0]


def test_what_we_buy_is_called_so(workspace: Workspace) -> None:
    relationship = make_relationship("suppliers")
    make_order(relationship, TODAY - timedelta(days=1), side="we_buy")
    refresh_purchases(now=NOW)
    assert "What we order from them" in panel(relationship)
    assert Order.objects.get().get_side_display() == "We bought from them"


def test_every_cell_has_words() -> None:
    assert set(RfmCell.values) == set(CELL_NAMES)
