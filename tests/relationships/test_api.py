"""The kernel by the API: the same operations, the same lists, the same sight."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from relationships.models import Document, FollowUp, Interaction, Relationship
from tests.api import BASE, ApiClient
from tests.factories import (
    make_commitment,
    make_follow_up,
    make_interaction,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_user("relationship_manager", name="Amara")


@pytest.fixture
def client(manager: User) -> ApiClient:
    return ApiClient(manager)


@pytest.fixture
def customer(manager: User) -> Relationship:
    return make_relationship("customers", owner=manager, name="Harbour Bakery")


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def fields_wrong(response: Any) -> list[str]:
    return sorted(entry["field"] for entry in ok(response, 422)["errors"])


def test_a_relationship_is_opened_with_its_profile_and_changed(client: ApiClient, manager: User) -> None:
    party = make_party("Harbour Bakery")
    said = {"party": party.pk, "stage": "active", "profile": {"segment": "Bakeries"}}
    made = ok(client.call("post", "customers/", said), 201)
    assert (made["party"], made["owner"]["id"]) == ({"id": party.pk, "name": "Harbour Bakery"}, manager.pk)
    assert made["profile"] == {
        "segment": "Bakeries",
        "customer_since_date": None,
        "renewal_date": None,
        "account_number": "",
    }
    here = f"customers/{made['id']}/"
    change = {"cadence_days": 14, "confidentiality": "restricted", "profile": {"renewal_date": "2027-01-01"}}
    changed = ok(client.call("patch", here, change, If_Match='"1"'))
    told = (changed["cadence_days"], changed["confidentiality"], changed["profile"]["renewal_date"])
    assert told == (14, "restricted", "2027-01-01")
    assert changed["profile"]["segment"] == "Bakeries"
    assert ok(client.call("post", "customers/", said), 409)["detail"].startswith(
        "“Harbour Bakery” is already"
    )
    wrong = {"party": party.pk, "stage": "gone", "profile": {"colour": "red", "segment": 5}}
    assert fields_wrong(client.call("post", "customers/", wrong)) == ["profile.colour", "stage"]


def test_every_kind_tells_and_takes_its_own_profile(client: ApiClient) -> None:
    party = make_party()
    told = {"category": "goods", "criticality": 4, "is_sole_source": True, "payment_terms_days": 30}
    made = ok(client.call("post", "suppliers/", {"party": party.pk, "profile": told}), 201)
    assert {name: made["profile"][name] for name in told} == told
    held = {"shares_held": 3_000_000_000, "votes_percent": "2.50", "holding_date": "2026-01-31"}
    made = ok(client.call("post", "investors/", {"party": party.pk, "profile": held}), 201)
    assert made["profile"]["shares_held"] == 3_000_000_000


def test_a_relationship_is_handed_on_closed_and_opened_again(
    client: ApiClient, customer: Relationship
) -> None:
    here, taker = f"customers/{customer.pk}/", make_user("relationship_manager")
    given = ok(client.call("post", f"{here}assignment/", {"owner": taker.pk, "reason": "Moves"}))
    assert given["owner"]["id"] == taker.pk
    closed = ok(client.call("post", f"{here}closing/", {"reason": "They moved"}))
    assert (closed["closed_reason"], closed["closed_at"] is not None) == ("They moved", True)
    assert ok(client.call("get", "customers/"))["results"] == []
    assert ok(client.call("post", f"{here}reopening/", {"reason": "They came back"}))["closed_at"] is None
    many = {"relationships": [customer.pk], "owner": make_user("relationship_manager").pk}
    assert ok(client.call("post", "assignments/", many)) == {"changed": 1}
    assert client.call("post", "assignments/", many | {"relationships": [customer.pk, 0]}).status_code == 422
    assert client.call("post", "assignments/", many | {"relationships": [99_999]}).status_code == 404


def test_a_list_is_narrowed_and_sorted_as_its_page(client: ApiClient, customer: Relationship) -> None:
    other = make_relationship("customers", name="Anchor Inn")
    make_relationship("suppliers", name="Harbour Mill")

    def found(question: str) -> list[int]:
        return [row["id"] for row in ok(client.call("get", f"customers/?{question}"))["results"]]

    assert found("") == [other.pk, customer.pk]
    assert found("sort=-name") == [customer.pk, other.pk]
    assert found("q=harbour") == found("owner=me") == [customer.pk]
    assert found("stage=lapsed&stage=renewing") == []
    assert found("health=none&silent=30&sort=-value") == [other.pk, customer.pk] or found("sort=-value")
    assert fields_wrong(client.call("get", "customers/?health=fine&limit=500")) == ["health.0", "limit"]
    assert fields_wrong(ApiClient(make_user("hr")).call("get", "customers/?sort=value")) == ["sort"]


def test_money_is_told_to_who_may_see_it(customer: Relationship) -> None:
    customer.state.value_amount, customer.state.value_currency = 1200, "GBP"
    customer.state.save()
    told = {}
    for role in ("finance", "hr"):
        client = ApiClient(make_user(role))
        told[role] = ok(client.call("get", f"customers/{customer.pk}/"))["value_a_year"]
    assert told == {"finance": {"amount": "1200.00", "currency": "GBP"}, "hr": None}


def test_a_kind_that_no_grant_opens_does_not_exist() -> None:
    client = ApiClient(make_user("relationship_manager", "suppliers"))
    assert client.call("get", "suppliers/").status_code == 200
    assert client.call("get", "customers/").status_code == 404


def test_ways_to_reach_somebody_are_added_corrected_and_removed(client: ApiClient) -> None:
    party = make_party()
    here = f"parties/{party.pk}/contact-points/"
    first = ok(client.call("post", here, {"kind": "email", "value": "A@Example.org"}), 201)
    second = ok(client.call("post", here, {"kind": "email", "value": "b@example.org", "label": "Work"}), 201)
    assert (first["normalised"], first["is_preferred"]) == ("a@example.org", True)
    there = f"contact-points/{second['id']}/"
    assert ok(client.call("post", f"{there}preference/", {}))["is_preferred"] is True
    tag = client.call("get", there).headers["ETag"]
    changed = client.call("patch", there, {"do_not_use": True}, If_Match=tag)
    assert (ok(changed)["label"], ok(changed)["do_not_use_since"] is not None) == ("Work", True)
    assert client.call("delete", there, If_Match=tag).status_code == 412
    assert client.call("delete", there, If_Match=changed.headers["ETag"]).status_code == 204
    assert [point["id"] for point in ok(client.call("get", f"parties/{party.pk}/"))["contact_points"]] == [
        first["id"]
    ]


def test_parties_are_linked(client: ApiClient) -> None:
    firm, ana = make_party("Firm"), make_party("Ana", kind="person")
    said = {"source_party": firm.pk, "target_party": ana.pk, "type": "employs", "influence": 4}
    made = ok(client.call("post", "links/", said), 201)
    changed = ok(client.call("patch", f"links/{made['id']}/", {"until_date": "2026-01-31"}, If_Match="*"))
    assert (changed["influence"], changed["until_date"]) == (4, "2026-01-31")
    assert len(ok(client.call("get", f"links/?party={ana.pk}"))["results"]) == 1
    assert ok(client.call("get", "links/?party=1"))["results"] == []


def test_a_talk_is_logged_with_what_came_of_it(client: ApiClient, customer: Relationship) -> None:
    ana = make_person("Ana Ruiz", works_for=customer.party)
    said = {
        "relationship": customer.pk,
        "channel": "call",
        "direction": "in",
        "happened_at": "2026-03-01T12:00:00+02:00",
        "body": "The trays came late.",
        "people": [ana.pk],
        "tags": ["#Late"],
        "problem_severity": 4,
        "tone": -0.5,
        "source": "pbx",
        "external_id": "88121",
        "commitments": [{"direction": "ours", "what": "Replace the trays", "due_date": "2027-03-25"}],
        "follow_up": {"what": "Ask whether they came", "due_date": "2027-03-26", "due_time": "09:30"},
    }
    made = ok(client.call("post", "interactions/", said), 201)
    assert (made["happened_at"], made["tags"], made["sentiment"]) == ("2026-03-01T10:00:00Z", ["late"], -0.5)
    assert ok(client.call("post", "interactions/", said), 201)["id"] == made["id"]
    promise = ok(client.call("get", f"commitments/?relationship={customer.pk}"))["results"][0]
    assert (promise["what"], promise["made_in"]) == ("Replace the trays", made["id"])
    planned = ok(client.call("get", f"follow-ups/?relationship={customer.pk}"))["results"][0]
    assert (planned["due_time"], planned["state"]) == ("09:30:00", "open")
    closed = client.call("post", f"interactions/{made['id']}/problem-closing/", {"reason": "Replaced"})
    assert ok(closed)["problem_closed_reason"] == "Replaced"
    told = {"reason": "Misheard", "body": "The trays came in time."}
    again = ok(client.call("post", f"interactions/{made['id']}/corrections/", told), 201)
    assert (again["corrects"], again["body"]) == (made["id"], "The trays came in time.")
    assert ok(client.call("get", f"interactions/{made['id']}/"))["superseded_at"] is not None
    found = ok(client.call("get", f"interactions/?relationship={customer.pk}&sort=-happened_at"))
    assert [row["id"] for row in found["results"]] == [again["id"]]
    assert fields_wrong(client.call("get", "interactions/?sort=happened_at")) == ["sort"]
    lost = said | {"happened_at": "2026-03-01T12:00:00", "external_id": "2"}
    assert fields_wrong(client.call("post", "interactions/", lost)) == ["happened_at"]


def test_the_wrong_parts_of_a_talk_are_named_by_their_place(
    client: ApiClient, customer: Relationship
) -> None:
    said = {
        "relationship": customer.pk,
        "channel": "telegram",
        "direction": "in",
        "happened_at": "yesterday",
        "people": [99_999],
        "duration_minutes": "5",
        "commitments": [{"direction": "ours", "what": "Replace", "due_date": "2026-02-30"}],
        "follow_up": {"what": "Ask", "due_date": "2026-03-26", "due_time": "9:30"},
    }
    assert fields_wrong(client.call("post", "interactions/", said)) == [
        "channel",
        "commitments.0.due_date",
        "duration_minutes",
        "follow_up.due_time",
        "happened_at",
        "people.0",
    ]


def test_a_promise_goes_through_its_moves(client: ApiClient, customer: Relationship) -> None:
    said = {"relationship": customer.pk, "direction": "ours", "what": "Send prices", "due_date": "2027-01-31"}
    made = client.call("post", "commitments/", said | {"materiality": "high"})
    here = f"commitments/{ok(made, 201)['id']}/"
    changed = ok(client.call("patch", here, {"what": "Send all prices"}, If_Match=made.headers["ETag"]))
    assert (changed["what"], changed["materiality"]) == ("Send all prices", "high")
    refused = ok(client.call("post", f"{here}transitions/", {"move": "deliver"}), 409)
    assert refused["missing"] == ["evidence"]
    moved = {"to_date": "2027-02-28", "agreed_with": "Ann", "reason": "Snow"}
    redated = ok(client.call("post", f"{here}renegotiations/", moved))
    assert [step["to_date"] for step in redated["renegotiations"]] == ["2027-02-28"]
    done = ok(client.call("post", f"{here}transitions/", {"move": "deliver", "evidence": "Mail of today"}))
    assert (done["state"], done["moves"]) == ("delivered", ["confirm"])
    refused = ok(client.call("post", f"{here}transitions/", {"move": "start"}), 409)
    assert refused["allowed"] == ["confirm"]
    assert ok(client.call("get", "commitments/?status=open&owner=me&sort=-made"))["results"] == []


def test_a_follow_up_is_put_off_done_and_taken_back(client: ApiClient, customer: Relationship) -> None:
    said = {"relationship": customer.pk, "what": "Call them", "due_date": "2027-01-31", "channel": "call"}
    made = client.call("post", "follow-ups/", said)
    here = f"follow-ups/{ok(made, 201)['id']}/"
    changed = ok(client.call("patch", here, {"what": "Call Ann"}, If_Match=made.headers["ETag"]))
    assert (changed["what"], changed["channel"]) == ("Call Ann", "call")
    assert ok(client.call("post", f"{here}snoozes/", {"due_date": "2027-02-01"}))["snoozes"] == 1
    assert ok(client.call("post", f"{here}completion/", {}))["state"] == "done"
    assert ok(client.call("post", f"{here}completion/", {}), 409)["allowed"] == ["reopen"]
    assert ok(client.call("post", f"{here}reopening/", {}))["state"] == "open"
    assert ok(client.call("post", f"{here}cancellation/", {"reason": "Moot"}))["state"] == "cancelled"
    assert len(ok(client.call("get", "follow-ups/?state=cancelled&assignee=me"))["results"]) == 1
    assert ok(client.call("get", "follow-ups/?due_by=2027-12-31&assignee=1"))["results"] == []
    many = {"relationships": [customer.pk], "what": "Greetings", "due_date": "2027-12-20"}
    assert ok(client.call("post", "follow-ups/many/", many)) == {"planned": 1}
    assert FollowUp.objects.get(what="Greetings").relationship == customer


def test_the_timeline_goes_on_from_its_cursor(
    client: ApiClient, customer: Relationship, manager: User
) -> None:
    for _ in range(3):
        make_interaction(customer, actor=manager)
    make_commitment(customer, actor=manager)
    here, seen, cursor = f"relationships/{customer.pk}/timeline/", [], ""
    while cursor is not None:
        page = ok(client.call("get", f"{here}?limit=2" + (f"&cursor={cursor}" if cursor else "")))
        seen += [line["id"] for line in page["results"]]
        cursor = page["next"]
    assert seen == sorted(set(seen), key=seen.index)
    whole = ok(client.call("get", f"{here}?limit=100"))["results"]
    assert seen == [line["id"] for line in whole]
    calls = ok(client.call("get", f"{here}?filter=calls&limit=100"))["results"]
    talk = Interaction.objects.filter(channel="call").count()
    assert len(calls) == talk
    if calls:
        assert calls[0]["subject"]["type"] == "interaction"
    assert client.call("get", f"{here}?cursor=abc").status_code == 422


def test_a_file_is_kept_fetched_and_removed(client: ApiClient, customer: Relationship) -> None:
    here = f"relationships/{customer.pk}/documents/"

    def upload(**headers: str) -> Any:
        file = SimpleUploadedFile("prices.txt", b"240 trays")
        told = {"file": file, "note": "Prices", "confidentiality": "internal"}
        return client.post(f"{BASE}{here}uploads/", told, headers=client.own | headers)

    made = ok(upload(**{"Idempotency-Key": "one"}), 201)
    assert ok(upload(**{"Idempotency-Key": "one"}), 201)["id"] == made["id"]
    assert fields_wrong(upload()) == ["file"]
    assert (
        client.post(f"{BASE}{here}uploads/", {"a": 1}, "application/json", headers=client.own).status_code
        == 415
    )
    assert [row["name"] for row in ok(client.call("get", here))["results"]] == ["prices.txt"]
    content = client.call("get", f"documents/{made['id']}/content/")
    assert (b"".join(content.streaming_content), content.headers["Content-Type"]) == (
        b"240 trays",
        "application/octet-stream",
    )
    Document.objects.get().file.storage.delete(Document.objects.get().file.name)
    assert client.call("get", f"documents/{made['id']}/content/").status_code == 404
    assert client.call("post", f"documents/{made['id']}/removal/", {"reason": "Old"}).status_code == 204
    assert client.call("get", f"documents/{made['id']}/").status_code == 404


def test_a_playbook_runs_by_the_api(client: ApiClient, customer: Relationship) -> None:
    here = f"relationships/{customer.pk}/playbook-runs/"
    made = ok(client.call("post", here, {"playbook": "win_back", "aim": "Back by May"}), 201)
    step = made["steps"][0]
    skip = f"playbook-runs/{made['id']}/steps/{step['id']}/skipping/"
    assert ok(client.call("post", skip, {"reason": "Done before"}))["steps"][0]["state"] == "skipped"
    closing = {"effect": "worked", "note": "They ordered"}
    closed = ok(client.call("post", f"playbook-runs/{made['id']}/closing/", closing))
    assert (closed["effect"], {each["state"] for each in closed["steps"]}) == ("worked", {"skipped"})
    assert [row["id"] for row in ok(client.call("get", here))["results"]] == [made["id"]]
    assert fields_wrong(client.call("post", here, {"playbook": "nothing"})) == ["playbook"]


def test_what_is_not_theirs_to_see_is_not_there(client: ApiClient) -> None:
    hidden = make_relationship("customers", confidentiality=3)
    plan, promise = make_follow_up(hidden), make_commitment(hidden)
    for place in (
        f"customers/{hidden.pk}/",
        f"relationships/{hidden.pk}/timeline/",
        f"follow-ups/{plan.pk}/",
        f"commitments/{promise.pk}/",
    ):
        assert client.call("get", place).status_code == 404
    said = {"relationship": hidden.pk, "what": "Call", "due_date": "2027-01-01"}
    assert fields_wrong(client.call("post", "follow-ups/", said)) == ["relationship"]
