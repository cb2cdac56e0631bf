"""Search, saved views and bulk changes by the API: what the pages find and keep, for those who may know of it."""

from typing import Any
from urllib.parse import urlencode

import pytest

from accounts.models import User
from relationships.models import Relationship, SavedView
from relationships.operations.bulk_changes import change_many
from tests.api import ApiClient
from tests.factories import NOW, make_commitment, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_user("relationship_manager", "customers", name="Mara Lind")


def found(viewer: User, **asked: Any) -> Any:
    response = ApiClient(viewer).call("get", f"search/?{urlencode(asked)}")
    assert response.status_code == 200, response.content
    return response.json()


def test_a_search_finds_parties_and_texts_with_what_they_are_to_us(manager: User) -> None:
    clinic = make_relationship(name="Brightwater Clinics", owner=manager)
    make_person("Ana Brightwater", works_for=clinic.party)
    promise = make_commitment(clinic, actor=manager, what="Send brightwater the trays")
    groups = {group["group"]: group for group in found(manager, q="brightw")["groups"]}
    assert sorted(groups) == ["commitments", "organisations", "people"]
    assert groups["organisations"]["parties"] == [
        {
            "id": clinic.party_id,
            "name": "Brightwater Clinics",
            "kind": "organisation",
            "about": groups["organisations"]["parties"][0]["about"],
            "by": "",
            "belongs_to": "",
            "relationships": [{"id": clinic.pk, "kind": "customers", "is_open": True}],
        }
    ]
    assert [hit["belongs_to"] for hit in groups["people"]["parties"]] == ["Brightwater Clinics"]
    assert [(hit["id"], hit["relationship"]) for hit in groups["commitments"]["texts"]] == [
        (promise.pk, clinic.pk)
    ]
    assert [group["group"] for group in found(manager, q="brightw", group="people")["groups"]] == ["people"]


def test_a_search_finds_nothing_that_one_may_not_know_of(manager: User) -> None:
    supplier = make_relationship("suppliers", name="Hidden Trading")
    make_commitment(supplier, what="Hidden promise")
    assert found(manager, q="hidden") == {"is_enough": True, "is_near": False, "groups": []}
    seen = found(make_user("relationship_manager", "suppliers"), q="hidden")["groups"]
    assert [group["group"] for group in seen] == ["organisations", "commitments"]


def test_a_line_too_short_says_so_and_none_is_refused(manager: User) -> None:
    assert found(manager, q="b")["is_enough"] is False
    assert ApiClient(manager).call("get", "search/").status_code == 422


def test_a_view_is_kept_changed_and_taken_away(manager: User) -> None:
    client = ApiClient(manager)
    said = {"kind": "customers", "name": "Mine at risk", "address": "sort=-value&health=at_risk&as=board"}
    made = client.call("post", "saved-views/", said)
    assert (made.status_code, made.json()["address"]) == (201, "health=at_risk&sort=-value&as=board")
    assert made.json()["shape"] == "board"
    here = f"saved-views/{made.json()['id']}/"
    read = client.call("get", here)
    assert read.json() == made.json()
    change = {"name": "At risk", "address": "w=owner:wide&health=healthy&group=tier&col=owner"}
    changed = client.call("patch", here, change, If_Match=read["ETag"])
    kept = (changed.json()["name"], changed.json()["address"], changed.json()["shape"])
    assert kept == ("At risk", "health=healthy&col=owner&w=owner%3Awide&group=tier", "list")
    assert client.call("patch", here, change, If_Match=read["ETag"]).status_code == 412
    assert [view["name"] for view in client.call("get", "saved-views/?kind=customers").json()["results"]] == [
        "At risk"
    ]
    assert client.call("get", "saved-views/?kind=suppliers").json()["results"] == []
    assert client.call("delete", here, If_Match="*").status_code == 204
    assert client.call("get", "saved-views/").json()["results"] == []
    assert SavedView.objects.get().removed_at is not None


def test_a_view_of_what_the_list_cannot_do_is_refused(manager: User) -> None:
    said = {"kind": "customers", "name": "Odd", "address": "health=splendid"}
    refused = ApiClient(manager).call("post", "saved-views/", said)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "address")
    assert "splendid" in refused.content.decode()


def test_others_find_a_shared_view_where_they_reach_the_kind_and_change_none(manager: User) -> None:
    lead = make_user("administrator")
    said = {"kind": "customers", "name": "For all", "is_shared": True}
    shared = ApiClient(lead).call("post", "saved-views/", said).json()
    ApiClient(lead).call("post", "saved-views/", {"kind": "customers", "name": "Private"})
    client = ApiClient(manager)
    assert [view["name"] for view in client.call("get", "saved-views/").json()["results"]] == ["For all"]
    here = f"saved-views/{shared['id']}/"
    auditor = ApiClient(make_user("auditor"))
    assert auditor.call("patch", here, {"name": "x"}, If_Match="*").status_code == 403
    elsewhere = ApiClient(make_user("relationship_manager", "suppliers"))
    assert elsewhere.call("get", "saved-views/").json()["results"] == []
    assert elsewhere.call("get", here).status_code == 404
    kept = ApiClient(lead).call("patch", here, {"is_shared": False}, If_Match="*")
    assert (kept.json()["is_shared"], client.call("get", here).status_code) == (False, 404)


def test_whoever_changed_many_takes_it_back_and_nobody_else(manager: User) -> None:
    held = [make_relationship(owner=manager, stage="prospect") for _each in range(2)]
    ids = [each.pk for each in held]
    made = change_many(
        actor=manager, kind="customers", relationship_ids=ids, field="stage", value="active",
        words="Stage: Active", now=NOW,
    )  # fmt: skip
    client, here = ApiClient(manager), f"bulk-changes/{made.pk}/undoing/"
    assert client.call("get", "bulk-changes/").json()["results"] == [
        {
            "id": made.pk,
            "kind": "customers",
            "action": "field",
            "field": "stage",
            "words": "Stage: Active",
            "changed": 2,
            "changed_at": "2026-03-18T10:00:00Z",
            "undone_at": None,
        }
    ]
    other = ApiClient(make_user("administrator"))
    assert other.call("get", "bulk-changes/").json()["results"] == []
    assert other.call("post", here, {}).status_code == 404
    undone = client.call("post", here, {})
    assert undone.json() == {"restored": 2, "changed_since": 0, "out_of_reach": 0}
    assert {each.stage for each in Relationship.objects.filter(pk__in=ids)} == {"prospect"}
    assert client.call("post", here, {}).status_code == 409


def test_tabs_are_put_on_moved_and_taken_off_by_each_for_themselves(manager: User) -> None:
    lead = ApiClient(make_user("administrator"))
    shared = lead.call("post", "saved-views/", {"kind": "customers", "name": "C", "is_shared": True}).json()
    client = ApiClient(manager)

    def made(name: str) -> str:
        view = client.call("post", "saved-views/", {"kind": "customers", "name": name}).json()
        assert (view["place"] is not None, view["is_start"]) == (True, False)
        return f"saved-views/{view['id']}/"

    def tabs() -> list[str]:
        return [row["name"] for row in client.call("get", "saved-views/?tabs=yes").json()["results"]]

    first, second = made("A"), made("B")
    third = f"saved-views/{shared['id']}/"
    assert tabs() == ["A", "B"]
    assert client.call("post", f"{third}tab/", {"is_tab": True}).json()["place"] is not None
    assert client.call("post", f"{third}moves/", {"to": "earlier"}).status_code == 200
    client.call("post", f"{first}moves/", {"to": "later"})
    assert tabs() == ["C", "A", "B"]
    assert client.call("post", f"{second}tab/", {"is_tab": False}).json()["place"] is None
    assert tabs() == ["C", "A"]
    assert len(client.call("get", "saved-views/").json()["results"]) == 3
    assert client.call("post", f"{first}start/", {"is_start": True}).json()["is_start"] is True
    assert User.objects.get(pk=manager.pk).start_views == {"customers": int(first.split("/")[1])}
    assert client.call("get", first).json()["is_start"] is True
    assert lead.call("get", third).json()["is_start"] is False
    assert client.call("post", f"{second}start/", {"is_start": False}).json()["is_start"] is False
    assert client.call("get", first).json()["is_start"] is True
    assert client.call("post", f"{first}start/", {"is_start": False}).json()["is_start"] is False
    assert [row["name"] for row in lead.call("get", "saved-views/?tabs=yes").json()["results"]] == ["C"]
    assert lead.call("post", f"{first}tab/", {"is_tab": True}).status_code == 404
    refused = client.call("post", f"{first}moves/", {"to": "up"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "to")
    reader = ApiClient(manager, scopes=["relationships:read"])
    assert reader.call("post", f"{first}tab/", {"is_tab": False}).status_code == 403
    assert tabs() == ["C", "A"]
