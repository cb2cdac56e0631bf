"""Health by the API: why, alerts, reviews, proposals."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from health.models import Alert, Review
from health.operations.scoring import score
from relationships.models import Relationship
from tests.api import ApiClient
from tests.factories import NOW, make_relationship, make_user
from tests.health.evidence import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_user("relationship_manager")


@pytest.fixture
def client(manager: User) -> ApiClient:
    return ApiClient(manager)


@pytest.fixture
def supplier(manager: User) -> Relationship:
    return make_relationship("suppliers", owner=manager, now=NOW - timedelta(days=90))


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_the_parts_of_a_score_add_up(client: ApiClient, supplier: Relationship) -> None:
    put(supplier, 3, 5, 9)
    score(kind="suppliers", now=NOW)
    told = ok(client.call("get", f"relationships/{supplier.pk}/health/"))
    if told["score"] is None:
        assert told["needs"] != []
    else:
        assert sum(group["points"] for group in told["groups"]) == pytest.approx(told["score"])
    assert told["components"] != []


def test_an_alert_goes_through_its_moves(client: ApiClient, supplier: Relationship) -> None:
    alert = Alert.objects.create(
        relationship=supplier, rule="silence", opened_at=NOW, facts={"waiting": 900, "usual": 60}
    )
    listed = ok(client.call("get", "alerts/?status=open&rule=silence"))["results"]
    assert [(row["id"], row["moves"]) for row in listed] == [(alert.pk, ["acknowledge", "act"])]
    here = f"alerts/{alert.pk}/transitions/"
    assert ok(client.call("post", here, {"move": "acknowledge"}))["state"] == "acknowledged"
    acted = ok(client.call("post", here, {"move": "act", "what": "Call them", "due_date": "2027-01-31"}))
    assert (acted["state"], acted["action"]) == ("acted", "Call them")
    refused = ok(client.call("post", here, {"move": "dismiss"}), 422)
    assert refused["errors"][0]["field"] == "why"
    assert ok(client.call("post", here, {"move": "confirm"}))["state"] == "confirmed"
    assert ok(client.call("get", f"alerts/{alert.pk}/"))["moves"] == []
    assert ok(client.call("get", f"alerts/?relationship={supplier.pk + 1}"))["results"] == []


def test_a_review_goes_to_its_verdict(client: ApiClient, supplier: Relationship) -> None:
    made = ok(client.call("post", f"relationships/{supplier.pk}/reviews/", {}), 201)
    here = f"reviews/{made['id']}/transitions/"
    assert ok(client.call("post", here, {"move": "prepare"}))["facts"] != []
    assert (
        ok(client.call("post", here, {"move": "discuss", "discussion": "Late again"}))["state"] == "discussed"
    )
    wrong = ok(client.call("post", here, {"move": "decide", "verdict": "keep"}), 422)
    assert [entry["field"] for entry in wrong["errors"]] == ["reason", "next_review_date"]
    decision = {"verdict": "keep", "reason": "They mend", "next_review_date": "2027-06-30"}
    assert ok(client.call("post", here, {"move": "decide"} | decision))["verdict"] == "keep"
    assert ok(client.call("post", here, {"move": "close"}))["state"] == "closed"
    assert ok(client.call("get", "reviews/?status=open"))["results"] == []
    assert [row["id"] for row in ok(client.call("get", "reviews/?status=closed&whose=all"))["results"]] == [
        made["id"]
    ]
    assert ok(client.call("get", f"reviews/{made['id']}/"))["reason"] == "They mend"
    assert Review.objects.get().relationship == supplier


def test_a_proposal_is_weighed_and_sent(client: ApiClient, supplier: Relationship) -> None:
    made = ok(
        client.call(
            "post", f"relationships/{supplier.pk}/proposals/", {"title": "Pallets", "currency": "GBP"}
        ),
        201,
    )
    here = f"proposals/{made['id']}/"
    for side in ("to_us", "to_them"):
        line = {"side": side, "what": "Fewer trips", "low": "10.00", "likely": "20.00", "high": "30.00"}
        told = ok(client.call("post", f"{here}lines/", line), 201)
    assert [(line["side"], line["likely"]) for line in told["lines"]] == [
        ("to_us", "20.00"),
        ("to_them", "20.00"),
    ]
    sent = client.call("post", f"{here}transitions/", {"move": "send"})
    if sent.status_code == 409:
        asked = ok(client.call("post", f"{here}transitions/", {"move": "ask", "reason": "Worth it"}))
        assert asked["state"] == "waiting"
        assert (
            client.call("post", f"{here}transitions/", {"move": "approve", "reason": "x"}).status_code == 403
        )
        assert ok(client.call("post", f"{here}transitions/", {"move": "revise"}))["state"] == "draft"
    assert ok(client.call("post", f"{here}transitions/", {"move": "withdraw"}))["state"] == "withdrawn"
    assert [row["id"] for row in ok(client.call("get", "proposals/?state=withdrawn"))["results"]] == [
        made["id"]
    ]
    hr = ApiClient(make_user("hr"))
    assert ok(hr.call("get", "proposals/"))["results"] == []
    assert hr.call("get", here).status_code == 403
