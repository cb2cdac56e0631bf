"""Scorecards by the API: versions, a draft's components, its trial, and its coming into force."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from accounts.models import User
from core.rest.fields import Number
from health.models import Component, Scorecard
from health.operations.scorecards import install_default
from health.operations.scoring import score
from tests.api import ApiClient
from tests.factories import NOW, make_relationship, make_user
from tests.health.evidence import put

pytestmark = pytest.mark.django_db
NOBODYS = 999_999


@pytest.fixture
def boss(workspace: object) -> User:
    return make_user("administrator")


@pytest.fixture
def client(boss: User) -> ApiClient:
    return ApiClient(boss)


@pytest.fixture
def card(boss: User) -> Scorecard:
    return install_default(kind="suppliers", actor=boss, now=NOW)


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def wrong(response: Any) -> list[str]:
    return [entry["field"] for entry in ok(response, 422)["errors"]]


def drafted(client: ApiClient, card: Scorecard) -> Any:
    return ok(client.call("post", f"scorecards/{card.pk}/drafts/", {}), 201)


def test_versions_are_listed_and_one_tells_what_it_measures(client: ApiClient, card: Scorecard) -> None:
    draft = drafted(client, card)
    assert (draft["version"], draft["status"], draft["moves"]) == (
        card.version + 1,
        "draft",
        ["validate", "retire"],
    )
    listed = ok(client.call("get", "scorecards/?kind=suppliers"))["results"]
    assert [row["id"] for row in listed] == [draft["id"], card.pk]
    assert ok(client.call("get", "scorecards/?status=active&kind=customers"))["results"] == []
    told = ok(client.call("get", f"scorecards/{card.pk}/"))
    assert (told["moves"], told["activated_by"]["id"]) == ([], card.activated_by_id)
    assert sum(part["share"] for part in told["components"]) == pytest.approx(100)
    assert {part["group"] for part in told["components"]} <= {group["key"] for group in told["groups"]}
    free = {measure["key"] for measure in told["free_measures"]}
    assert free
    assert not free & {part["measure"] for part in told["components"]}


def test_a_draft_is_changed_component_by_component(client: ApiClient, card: Scorecard) -> None:
    draft = drafted(client, card)
    here, part = f"scorecards/{draft['id']}/components/", draft["components"][0]
    one = f"{here}{part['key']}/"
    read = client.call("get", one)
    assert sum(ok(read)["standing"]["counts"]) == 0
    change = {"weight": 2.5, "curve": [[0, 0], [5, 60], [9.5, 100]]}
    assert client.call("patch", one, change).status_code == 428
    changed = ok(client.call("patch", one, change, If_Match=read.headers["ETag"]))
    assert (changed["weight"], changed["curve"]) == (2.5, [[0.0, 0.0], [5.0, 60.0], [9.5, 100.0]])
    assert changed["half_life_days"] == part["half_life_days"]
    assert client.call("patch", one, change, If_Match=read.headers["ETag"]).status_code == 412
    free = draft["free_measures"][0]["key"]
    added = ok(client.call("post", here, {"measure": free, "group": part["group"]}), 201)
    assert (added["key"], added["weight"]) == (free, 1.0)
    assert client.call("delete", f"{here}{free}/", If_Match="*").status_code == 204
    assert client.call("get", f"{here}{free}/").status_code == 404


def test_what_makes_no_component_is_refused_by_its_field(client: ApiClient, card: Scorecard) -> None:
    draft = drafted(client, card)
    here = f"scorecards/{draft['id']}/components/"
    one = f"{here}{draft['components'][0]['key']}/"
    falling = {"curve": [[0, 0], [5, 60], [9, 10]]}
    assert wrong(client.call("patch", one, falling, If_Match="*")) == ["curve"]
    assert wrong(client.call("patch", one, {"curve": [[0, 0]]}, If_Match="*")) == ["curve"]
    assert wrong(client.call("patch", one, {"curve": [[0, 0], [1]]}, If_Match="*")) == ["curve.1"]
    for weight in (0, -1, 1_000_001, 10**400, "2", True):
        assert wrong(client.call("patch", one, {"weight": weight}, If_Match="*")) == ["weight"]
    for field, beyond in (("half_life_days", 0.009), ("min_evidence", 2e9)):
        assert wrong(client.call("patch", one, {field: beyond}, If_Match="*")) == [field]
    corners = [[number, 50] for number in range(51)]
    assert wrong(client.call("patch", one, {"curve": corners}, If_Match="*")) == ["curve"]
    assert wrong(client.call("patch", one, {"curve": [[0, 0], [2e9, 9]]}, If_Match="*")) == ["curve.1.0"]
    huge = client.patch(
        f"/api/v1/{one}", '{"weight": 1e999}', "application/json", headers=client.own | {"If-Match": "*"}
    )
    assert wrong(huge) == ["weight"]
    assert wrong(client.call("post", here, {"measure": "none", "group": "none"})) == ["measure", "group"]
    active = f"scorecards/{card.pk}/components/{card.components.first().key}/"  # type: ignore[union-attr]
    assert client.call("patch", active, {"weight": 2}, If_Match="*").status_code == 409
    assert client.call("delete", active, If_Match="*").status_code == 409
    Component.objects.filter(scorecard=draft["id"]).exclude(key=draft["components"][0]["key"]).delete()
    assert wrong(client.call("delete", one, If_Match="*")) == ["key"]


def test_a_draft_is_tried_and_put_into_force(client: ApiClient, boss: User, card: Scorecard) -> None:
    supplier = make_relationship("suppliers", owner=boss, now=NOW - timedelta(days=90))
    put(supplier, 3, 5, 9)
    score(kind="suppliers", now=NOW)
    draft = drafted(client, card)
    here = f"scorecards/{draft['id']}/"
    run = ok(client.call("get", f"{here}dry-run/"))
    assert (run["tried"], sum(move["number"] for move in run["moves"])) == (1, 1)
    tried = ok(client.call("get", f"{here}trial/?relationship={supplier.pk}"))
    assert tried["relationship"]["id"] == supplier.pk
    assert [part["key"] for part in tried["parts"]] == [part["key"] for part in draft["components"]]
    refused = client.call("post", f"{here}transitions/", {"move": "activate"})
    assert ok(refused, 409)["allowed"] == ["validate", "retire"]
    assert ok(client.call("post", f"{here}transitions/", {"move": "validate"}))["status"] == "validated"
    sent = client.call("post", f"{here}transitions/", {"move": "activate"}, Idempotency_Key="one")
    again = client.call("post", f"{here}transitions/", {"move": "activate"}, Idempotency_Key="one")
    assert ok(sent) == ok(again)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Scorecard.objects.get(kind="suppliers", status="active").pk == draft["id"]
    assert ok(client.call("get", f"scorecards/{card.pk}/"))["status"] == "retired"
    given_up = drafted(client, card)
    assert client.call("post", f"scorecards/{card.pk}/drafts/", {}).status_code == 409
    retired = client.call("post", f"scorecards/{given_up['id']}/transitions/", {"move": "retire"})
    assert ok(retired)["status"] == "retired"


def test_a_version_is_tried_on_nothing_that_is_not_ones_own_to_see(
    client: ApiClient, card: Scorecard
) -> None:
    hidden = make_relationship("staff", name="Zebra", actor=make_user("hr"))
    other = make_relationship("customers", name="Otter")
    answers = []
    for number in (hidden.pk, other.pk, NOBODYS):
        response = client.call("get", f"scorecards/{card.pk}/trial/?relationship={number}")
        assert wrong(response) == ["relationship"]
        answers.append(response.content.decode().replace(f'"{number}"', ""))
    assert len(set(answers)) == 1


def test_who_does_not_configure_health_learns_and_changes_nothing(card: Scorecard) -> None:
    manager = ApiClient(make_user("relationship_manager"))
    for number in (card.pk, NOBODYS):
        for place in ("", "dry-run/", "trial/?relationship=1", "components/activity/"):
            assert manager.call("get", f"scorecards/{number}/{place}").status_code == 403
        for place, body in (("drafts/", {}), ("transitions/", {"move": "retire"})):
            assert manager.call("post", f"scorecards/{number}/{place}", body).status_code == 403
    assert manager.call("get", "scorecards/").status_code == 403
    boss = ApiClient(make_user("administrator"))
    assert boss.call("get", f"scorecards/{NOBODYS}/").status_code == 404
    assert boss.call("get", f"scorecards/{2**63}/").status_code == 404
    reader = ApiClient(make_user("administrator"), scopes=["health:read"])
    assert reader.call("post", f"scorecards/{card.pk}/drafts/", {}).status_code == 403


def test_a_number_that_is_too_large_is_none() -> None:
    field = Number()
    assert field.run_validation(3) == 3.0
    for value in (10**400, float("inf"), float("nan")):
        with pytest.raises(ValidationError):
            field.run_validation(value)
