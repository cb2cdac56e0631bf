"""Two parties made one by the API: compared, merged with what one chooses, parted again; and who may not."""

from typing import Any

import pytest

from accounts.models import User
from exchange.models import DuplicateCandidate
from relationships.models import MergeRecord, Party
from relationships.operations.contact_points import add_contact_point
from tests.api import ApiClient
from tests.factories import NOW, make_party, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db
NOBODYS = 999_999


@pytest.fixture
def manager(workspace: object) -> User:
    return make_user("relationship_manager")


@pytest.fixture
def client(manager: User) -> ApiClient:
    return ApiClient(manager)


@pytest.fixture
def twice(manager: User) -> tuple[Party, Party]:
    """Two firms, each a customer, which differ by place; the second alone says what it does."""
    first = make_party("Northern Tea Ltd", actor=manager, place="Leeds")
    second = make_party("Northern Tea Limited", actor=manager, place="Hull", sector="Tea")
    for party in (first, second):
        make_relationship("customers", party=party, owner=manager)
        add_contact_point(actor=manager, party=party, kind="email", value="hello@tea.example", now=NOW)
    return first, second


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def wrong(response: Any) -> dict[str, Any]:
    return {entry["field"]: entry.get("value") for entry in ok(response, 422)["errors"]}


def test_two_are_compared_merged_as_chosen_and_parted(client: ApiClient, twice: tuple[Party, Party]) -> None:
    first, second = twice
    found = ok(client.call("get", f"merges/comparison/?keep={first.pk}&drop={second.pk}"))
    assert (found["keep"]["id"], found["drop"]["id"]) == (first.pk, second.pk)
    assert (len(found["joined"]), found["moving"]) == (1, [])
    lines = {line["field"]: line for line in found["groups"][0]["fields"]}
    assert (lines["party:place"]["keep"], lines["party:place"]["drop"]) == ("Leeds", "Hull")
    assert {name: lines[name]["stands"] for name in ("party:place", "party:sector")} == {
        "party:place": "keep",
        "party:sector": "drop",
    }
    assert lines["party:sector"]["keep"] is None
    assert {row["count"] for row in found["along"]} >= {1}
    said = {"keep": first.pk, "drop": second.pk, "choices": {"party:place": "drop"}, "reason": "One firm"}
    made = ok(client.call("post", "merges/", said), 201)
    assert (made["kept"]["id"], made["former_id"], made["reason"]) == (first.pk, second.pk, "One firm")
    assert (made["may_undo"], made["undone_at"], made["undone_by"]) == (True, None, None)
    kept = ok(client.call("get", f"parties/{first.pk}/"))
    assert (kept["place"], kept["sector"]) == ("Hull", "Tea")
    assert client.call("get", f"parties/{second.pk}/").status_code == 404
    back = ok(client.call("post", f"merges/{made['id']}/undoing/", {"reason": "They are two"}))
    assert back == {"id": second.pk, "name": "Northern Tea Limited"}
    told = ok(client.call("get", f"merges/{made['id']}/"))
    assert (told["may_undo"], told["undone_reason"]) == (False, "They are two")
    again = ok(client.call("post", f"merges/{made['id']}/undoing/", {}), 409)
    assert again["detail"] == "This merge has been undone already."
    assert [row["id"] for row in ok(client.call("get", "merges/"))["results"]] == [made["id"]]


def test_what_is_refused_is_named(client: ApiClient, twice: tuple[Party, Party]) -> None:
    first, second = twice
    both = {"keep": first.pk, "drop": second.pk}
    assert wrong(client.call("post", "merges/", {"keep": first.pk, "drop": first.pk})) == {"drop": first.pk}
    assert wrong(client.call("get", f"merges/comparison/?keep={first.pk}&drop={first.pk}")) == {
        "drop": str(first.pk)
    }
    assert wrong(client.call("get", f"merges/comparison/?keep={first.pk}")) == {"drop": None}
    unknown = both | {"choices": {"party:colour": "drop"}}
    assert wrong(client.call("post", "merges/", unknown)) == {"choices.party:colour": "drop"}
    sideways = both | {"choices": {"party:place": "both"}}
    assert wrong(client.call("post", "merges/", sideways)) == {"choices.party:place": "both"}
    assert set(wrong(client.call("post", "merges/", both | {"reason": "x" * 401}))) == {"reason"}
    person = make_person()
    asked = f"merges/comparison/?keep={first.pk}&drop={person.pk}"
    for odd in (
        client.call("post", "merges/", {"keep": first.pk, "drop": person.pk}),
        client.call("get", asked),
    ):
        assert ok(odd, 409)["detail"].startswith("A person and an organisation are never one.")
    assert MergeRecord.objects.count() == 0


def test_a_merge_sent_again_with_its_key_is_one_merge(client: ApiClient, twice: tuple[Party, Party]) -> None:
    said = {"keep": twice[0].pk, "drop": twice[1].pk}
    made = ok(client.call("post", "merges/", said, Idempotency_Key="one"), 201)
    again = client.call("post", "merges/", said, Idempotency_Key="one")
    assert (again.headers["Idempotency-Replayed"], ok(again, 201)) == ("true", made)
    here = f"merges/{made['id']}/undoing/"
    back = ok(client.call("post", here, {}, Idempotency_Key="two"))
    assert ok(client.call("post", here, {}, Idempotency_Key="two")) == back
    assert MergeRecord.objects.count() == 1


def test_who_sees_one_of_the_two_alone_learns_nothing_of_the_other(twice: tuple[Party, Party]) -> None:
    first, _second = twice
    hidden = make_relationship("staff", name="Zebra", actor=make_user("hr")).party
    client = ApiClient(make_user("relationship_manager"))
    for number in (hidden.pk, NOBODYS):
        assert wrong(client.call("post", "merges/", {"keep": first.pk, "drop": number})) == {"drop": number}
        assert client.call("get", f"merges/comparison/?keep={first.pk}&drop={number}").status_code == 404
    for number in (NOBODYS, 2**63 - 1, 2**63):
        assert client.call("get", f"merges/{number}/").status_code == 404
        assert client.call("post", f"merges/{number}/undoing/", {}).status_code == 404


def test_who_may_not_change_parties_merges_none(client: ApiClient, twice: tuple[Party, Party]) -> None:
    first, second = twice
    auditor = ApiClient(make_user("auditor"))
    made = ok(client.call("post", "merges/", {"keep": first.pk, "drop": second.pk}), 201)
    assert auditor.call("get", "merges/").status_code == 403
    assert ok(auditor.call("get", f"merges/{made['id']}/"))["may_undo"] is False
    assert auditor.call("post", f"merges/{made['id']}/undoing/", {}).status_code == 403
    narrow = ApiClient(make_user("relationship_manager"), scopes=["health:read"])
    assert narrow.call("get", "merges/").status_code == 403


def test_a_pair_is_told_side_by_side_and_said_to_be_two(
    client: ApiClient, twice: tuple[Party, Party]
) -> None:
    first, second = twice
    pair = DuplicateCandidate.objects.create(first=first, second=second, score=0.9, found_at=NOW)
    here = f"duplicates/{pair.pk}/"
    told = ok(client.call("get", here))
    assert (told["first"]["id"], told["second"]["id"], told["score"]) == (first.pk, second.pk, 0.9)
    lines = {line["label"]: line for line in told["lines"]}
    assert (lines["Place"]["first"], lines["Place"]["second"], lines["Place"]["is_equal"]) == (
        "Leeds",
        "Hull",
        False,
    )
    assert lines["E-mail"]["is_equal"] is True
    reader = ApiClient(make_user("auditor"))
    for verb, place in (("get", "duplicates/"), ("get", here), ("post", f"{here}dismissal/")):
        assert reader.call(verb, place, {} if verb == "post" else None).status_code == 403
    said = client.call("post", f"{here}dismissal/", {}, Idempotency_Key="one")
    assert said.status_code == 204, said.content
    again = client.call("post", f"{here}dismissal/", {}, Idempotency_Key="one")
    assert again.status_code == 204, again.content
    assert (said.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (204, 204, "true")
    assert client.call("post", f"{here}dismissal/", {}).status_code == 404
    assert client.call("get", here).status_code == 404
    assert ok(client.call("get", "duplicates/"))["results"] == []
