"""The workspace's own fields and tags by the API: read, written, narrowed and sorted by, seen by those who may."""

from typing import Any
from urllib.parse import urlencode

import pytest

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.models import Relationship
from relationships.operations.custom_values import set_custom_values
from relationships.operations.tags import set_tags
from tests.api import BASE, ApiClient
from tests.factories import NOW, make_field, make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db


class Calls:
    """The calls of somebody with a token."""

    def __init__(self, user: User) -> None:
        self.client = ApiClient(user)

    def get(self, place: str, asked: dict[str, Any] | None = None) -> Any:
        return self.client.call("get", place.removeprefix(BASE) + (f"?{urlencode(asked)}" if asked else ""))

    def post(self, place: str, said: Any) -> Any:
        return self.client.call("post", place, said)

    def patch(self, place: str, said: Any, etag: str) -> Any:
        return self.client.call("patch", place, said, If_Match=etag)


@pytest.fixture
def admin() -> User:
    return make_user("administrator")


@pytest.fixture
def client(admin: User) -> Calls:
    return Calls(admin)


@pytest.fixture
def one(admin: User) -> Relationship:
    for type_, label in (
        ("text", "Contract"), ("money", "Budget"), ("date", "Renewal"), ("choices", "Topics"), ("person", "Sponsor"),
        ("yes_no", "Signed"), ("whole", "Seats"),
    ):  # fmt: skip
        make_field(type_, label=label, actor=admin)
    return make_relationship(owner=admin, name="Ash")


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_values_are_told_and_set_by_the_keys_of_the_fields(
    client: Calls, admin: User, one: Relationship
) -> None:
    place = f"customers/{one.pk}/"
    first = client.get(place)
    nothing = dict.fromkeys(("contract", "budget", "renewal", "topics", "sponsor", "signed", "seats"))
    assert ok(first)["custom"] == nothing
    said = {
        "contract": "A-7", "budget": "12.50", "renewal": "2026-03-18", "topics": ["gold"], "sponsor": admin.pk,
        "signed": False, "seats": 4,
    }  # fmt: skip
    changed = ok(client.patch(place, {"custom": said}, etag=first.headers["ETag"]))
    assert changed["custom"] == said | {"budget": "12.5"}
    again = ok(client.patch(place, {"custom": {"seats": None}}, etag="*"))
    assert again["custom"] == said | {"budget": "12.5", "seats": None}
    for wrong in ({"seats": "many"}, {"seats": {}}, {"topics": [1]}, {"unknown": 1}, {"x" * 41: 1}):
        refused = ok(client.patch(place, {"custom": wrong}, etag="*"), 422)
        assert refused["errors"][0]["field"].startswith("custom")
    made = ok(client.post("customers/", {"party": make_party().pk, "custom": {"seats": 1}}), 201)
    assert made["custom"]["seats"] == 1


def test_lists_are_narrowed_and_sorted_by_them(client: Calls, admin: User, one: Relationship) -> None:
    two = make_relationship(owner=admin, name="Birch")
    for row, seats in ((one, 2), (two, 9)):
        set_custom_values(actor=admin, relationship=row, values={"seats": seats}, now=NOW)
    set_tags(actor=admin, relationship=two, names=["Key"], now=NOW)
    there = "customers/"
    listed = ok(client.get(there, {"sort": "-f_seats", "limit": 1}))
    assert [(row["custom"]["seats"], row["tags"]) for row in listed["results"]] == [(9, ["Key"])]
    assert [
        row["id"] for row in ok(client.get(there, {"sort": "-f_seats", "cursor": listed["next"]}))["results"]
    ] == [one.pk]
    assert [row["id"] for row in ok(client.get(there, {"if": "f_seats:most:5"}))["results"]] == [one.pk]
    assert [row["id"] for row in ok(client.get(there, {"if": "tag:is:key"}))["results"]] == [two.pk]
    assert client.get(there, {"sort": "f_unknown"}).status_code == 422


def test_fields_and_tags_are_listed_for_those_who_may_know(
    client: Calls, admin: User, one: Relationship
) -> None:
    found = ok(client.get("custom-fields/", {"kind": "customers"}))["results"]
    assert [each["key"] for each in found][:2] == ["contract", "budget"]
    assert [choice["label"] for choice in found[3]["choices"]] == ["Gold", "Silver"]
    poor = Calls(make_user("hr"))
    assert "budget" not in {
        each["key"] for each in ok(poor.get("custom-fields/", {"kind": "customers"}))["results"]
    }
    assert "budget" not in ok(poor.get(f"customers/{one.pk}/"))["custom"]
    narrow = Calls(make_user("relationship_manager", "suppliers"))
    assert narrow.get("custom-fields/", {"kind": "customers"}).status_code == 404
    tagged = ok(client.post(f"customers/{one.pk}/tags/", {"tags": ["Key", "Apex"]}))
    assert tagged["tags"] == ["Apex", "Key"]
    hidden = make_relationship(owner=admin, confidentiality=Confidentiality.SEALED)
    set_tags(actor=admin, relationship=hidden, names=["Secret"], now=NOW)
    assert [tag["name"] for tag in ok(client.get("tags/"))["results"]] == ["Apex", "Key", "Secret"]
    assert [tag["name"] for tag in ok(Calls(make_user()).get("tags/"))["results"]] == [
        "Apex",
        "Key",
    ]
