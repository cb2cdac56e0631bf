"""Trade by the API, for those who may see money."""

from datetime import date
from typing import Any

import pytest

from tests.api import ApiClient
from tests.factories import make_order, make_payment, make_relationship, make_user

pytestmark = pytest.mark.django_db


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_orders_and_payments_are_told_with_their_money() -> None:
    owner = make_user("relationship_manager")
    relationship = make_relationship(owner=owner)
    order = make_order(relationship, date(2026, 3, 1), amount="12.50", ref="A1")
    payment = make_payment(relationship, date(2026, 3, 2), "99.90")
    client, here = ApiClient(owner), f"relationships/{relationship.pk}/"
    (listed,) = ok(client.call("get", f"{here}orders/"))["results"]
    assert (listed["id"], listed["ref"], listed["amount"], listed["currency"]) == (
        order.pk,
        "A1",
        "12.50",
        "GBP",
    )
    assert len(ok(client.call("get", f"{here}orders/{order.pk}/"))["lines"]) == 1
    (paid,) = ok(client.call("get", f"{here}payments/"))["results"]
    assert (paid["id"], paid["amount"]) == (payment.pk, "99.90")
    blind = ApiClient(make_user("hr"))
    assert [blind.call("get", f"{here}{place}/").status_code for place in ("orders", "payments")] == [
        403,
        403,
    ]


def test_value_is_noted_and_taken_back() -> None:
    owner = make_user("relationship_manager")
    relationship = make_relationship(owner=owner)
    client, here = ApiClient(owner), f"relationships/{relationship.pk}/value-entries/"
    said = {
        "side": "to_us",
        "category": "margin",
        "amount": "50.00",
        "low": "40.00",
        "high": "60.00",
        "currency": "GBP",
        "value_date": "2026-03-01",
    }
    made = ok(client.call("post", here, said), 201)
    back = ok(client.call("post", f"value-entries/{made['id']}/reversal/", {"reason": "Counted twice"}))
    assert (back["amount"], back["reverses"]) == ("-50.00", made["id"])
    assert len(ok(client.call("get", here))["results"]) == 2
    wrong = ok(client.call("post", here, said | {"amount": 50, "currency": "XXX"}), 422)
    assert [entry["field"] for entry in wrong["errors"]] == ["amount"]
    assert (
        client.call("post", f"value-entries/{made['id']}/reversal/", {"reason": "Again"}).status_code == 409
    )
