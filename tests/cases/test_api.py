"""Cases by the API."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.operations.workspace import Workspace
from cases.models import Case
from tests.api import ApiClient
from tests.factories import NOW, make_case, make_person, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_a_case_is_opened_answered_and_closed(workspace: Workspace) -> None:
    owner = make_user()
    relationship = make_relationship(owner=owner)
    client = ApiClient(owner)
    said = {
        "relationship": relationship.pk, "type": "question", "channel": "email", "subject": "When?", "body": "When?",
        "severity": 4, "person": make_person(works_for=relationship.party).pk, "team": make_team().pk,
        "follows": make_case(relationship, actor=owner, now=NOW - timedelta(days=9)).pk,
    }  # fmt: skip
    wrong = ok(client.call("post", "cases/", said | {"severity": 9}), 422)
    assert [entry["field"] for entry in wrong["errors"]] == ["severity"]
    made = ok(client.call("post", "cases/", said), 201)
    assert (made["state"], made["moves"], [clock["type"] for clock in made["clocks"]]) == (
        "new",
        ["answer", "withdraw", "mark_double"],
        ["acknowledge", "first_response", "resolution"],
    )
    here = f"cases/{made['id']}/"
    assert [row["id"] for row in ok(client.call("get", "cases/?status=open&type=question"))["results"]] == [
        made["id"]
    ]
    asked = ok(client.call("get", f"questions/?case={made['id']}"))["results"]
    assert [(row["text"], row["state"]) for row in asked] == [("When?", "proposed")]
    refused = ok(client.call("post", f"{here}transitions/", {"move": "close"}), 409)
    assert refused["allowed"] == ["answer", "withdraw", "mark_double"]
    missing = ok(client.call("post", f"{here}transitions/", {"move": "answer"}), 422)
    assert [(entry["field"], entry["reason"]) for entry in missing["errors"]] == [
        ("questions", "Not answered yet: “When?”")
    ]
    note = ok(client.call("post", f"{here}messages/", {"sort": "note", "body": "Ask Jonas"}), 201)
    assert (note["channel"], note["interaction"], note["body"]) == (None, None, "Ask Jonas")
    unfit = ok(client.call("post", f"{here}messages/", {"sort": "note", "body": "x", "channel": "call"}), 422)
    assert [entry["field"] for entry in unfit["errors"]] == ["channel"]
    ok(client.call("post", f"{here}messages/", {"sort": "ours", "body": "Monday"}), 422)
    told = {"sort": "ours", "body": "Monday", "channel": "call", "answers": [asked[0]["id"]]}
    ok(client.call("post", f"{here}messages/", told), 201)
    assert ok(client.call("get", f"questions/{asked[0]['id']}/"))["state"] == "answered"
    ok(client.call("post", f"{here}transitions/", {"move": "answer"}))
    thanks = {"sort": "theirs", "body": "Thanks", "channel": "call", "wants_answer": False}
    ok(client.call("post", f"{here}messages/", thanks), 201)
    heard = ok(client.call("get", f"{here}messages/"))["results"]
    assert [(row["sort"], row["body"]) for row in heard] == [
        ("theirs", "When?"),
        ("note", "Ask Jonas"),
        ("ours", "Monday"),
        ("theirs", "Thanks"),
    ]
    assert ok(client.call("post", f"{here}transitions/", {"move": "close"}))["state"] == "closed"


def test_a_case_is_changed_and_given_in_the_version_that_was_read(workspace: Workspace) -> None:
    owner, other = make_user(), make_user()
    case = make_case(make_relationship(owner=owner), actor=owner)
    client, here = ApiClient(owner), f"cases/{case.pk}/"
    read = client.call("get", here)
    told = ok(client.call("patch", here, {"severity": 4, "owner": other.pk}, If_Match=read["ETag"]))
    assert (told["severity"], told["owner"]["id"], told["version"]) == (4, other.pk, 3)
    ok(client.call("patch", here, {"severity": 3}, If_Match=read["ETag"]), 412)


def test_a_case_tells_of_another_only_to_whom_may_know_of_it(workspace: Workspace) -> None:
    owner, reader = make_user(), make_user("auditor")
    before = make_case(make_relationship(owner=owner), actor=owner, confidentiality=3)
    case = make_case(before.relationship, actor=owner, follows=before)
    told = {user: ok(ApiClient(user).call("get", f"cases/{case.pk}/"))["follows"] for user in (owner, reader)}
    assert told == {owner: before.pk, reader: None}
    assert Case.objects.visible_to(reader).count() == 1


def test_questions_are_noted_changed_and_settled(workspace: Workspace) -> None:
    owner, other = make_user(), make_user()
    case = make_case(make_relationship(owner=owner), actor=owner, body="It broke. Who pays?")
    client = ApiClient(owner)
    made = ok(client.call("post", f"cases/{case.pk}/questions/", {"text": "Is the lid in it"}), 201)
    assert (made["state"], made["moves"], made["case"]["id"]) == ("open", ["answer", "rule_out"], case.pk)
    here = f"questions/{made['id']}/"
    read = client.call("get", here)
    given = ok(client.call("patch", here, {"text": "And the lid?", "owner": other.pk}, If_Match=read["ETag"]))
    assert (given["text"], given["owner"]["id"]) == ("And the lid?", other.pk)
    rows = ok(client.call("get", "questions/"))["results"]
    assert [row["text"] for row in rows] == ["Who pays?", "And the lid?"]
    assert [row["id"] for row in ok(client.call("get", f"questions/?owner={other.pk}"))["results"]] == [
        made["id"]
    ]
    ok(client.call("post", f"{here}transitions/", {"move": "rule_out"}), 422)
    settled = ok(client.call("post", f"{here}transitions/", {"move": "rule_out", "reason": "Nobody knows"}))
    assert (settled["state"], settled["moves"], settled["reason"]) == (
        "impossible",
        ["ask_again"],
        "Nobody knows",
    )
    assert len(ok(client.call("get", "questions/"))["results"]) == 1
    assert len(ok(client.call("get", "questions/?status=all&state=impossible"))["results"]) == 1
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOW, closed_by=owner)
    assert ok(client.call("get", here))["moves"] == []


def test_what_we_owe_by_when_is_read_by_all_and_changed_by_administrators(workspace: Workspace) -> None:
    client, reader = ApiClient(make_user("administrator")), ApiClient(make_user("auditor"))
    held = ok(reader.call("get", "case-targets/"))["results"][0]
    targets = [{**target, "minutes": 2 * target["minutes"]} for target in held["targets"]]
    given = {"version": held["version"], "reason": "Two shifts", "targets": targets}
    ok(reader.call("post", "case-targets/", given), 403)
    made = ok(client.call("post", "case-targets/", given), 201)
    assert (made["version"], made["reason"], made["retired_at"]) == (2, "Two shifts", None)
    ok(client.call("post", "case-targets/", given), 409)
    ok(client.call("post", "case-targets/", {**given, "version": 2, "targets": targets[1:]}), 422)
    ok(client.call("post", "case-targets/", {**given, "version": 2, "targets": [*targets, targets[0]]}), 422)
    rows = ok(reader.call("get", "case-targets/"))["results"]
    assert [(row["version"], row["retired_at"] is None) for row in rows] == [(2, True), (1, False)]
