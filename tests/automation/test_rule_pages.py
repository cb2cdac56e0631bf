"""Rules in the settings: written in the editor, tried, switched on; and read by the API."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from automation.models import AutomationRule
from automation.queries.rules import said, version_in_force
from relationships.models import FollowUp
from tests.api import ApiClient
from tests.automation.pages import make_endpoint, make_runs
from tests.doors import words_of
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
NEW = "/settings/rules/new/?kind=customers"
HEAD = {"name": "Ring", "trigger": "event", "verbs": ["interaction_logged"], "weekday": "0", "hour": "7"}
SENT: dict[str, Any] = {
    **HEAD,
    "either": "0",
    "conditions-line": ["conditions-0", "conditions-1"],
    "conditions-0-field": "tier:is",
    "conditions-0-value": "a, B",
    "conditions-1-field": "",
    "facts-line": ["facts-0"],
    "facts-0-name": "channel",
    "facts-0-so": "0",
    "facts-0-value": "note",
    "acts-line": ["acts-0"],
    "acts-0-does": "follow_up",
    "acts-0-what": "Ring back",
    "acts-0-days": "2",
}


@pytest.fixture
def author(client: Client) -> User:
    ensure_workspace(now=NOW)
    user = make_user("relationship_manager")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def test_a_rule_is_written_tried_and_switched_on(client: Client, author: User) -> None:
    assert client.get(NEW).status_code == 200
    assert client.post(NEW, SENT).status_code == 302
    rule = AutomationRule.objects.get()
    says = said(version_in_force(rule).says)
    assert [(each.field, each.operator, each.values) for each in says.conditions] == [
        ("tier", "is", ("A", "B"))
    ]
    assert says.facts == (("channel", False, "note"),)
    assert [(act.does, dict(act.how)) for act in says.acts] == [
        ("follow_up", {"what": "Ring back", "days": 2})
    ]
    here = f"/settings/rules/{rule.pk}/"
    page = words_of(client.get(here))
    assert "Plan a follow-up : Ring back , 2 days ahead" in page.replace("follow-up:", "follow-up :").replace(
        "back,", "back ,"
    )
    assert "Nothing would have set it off" in words_of(client.get(here + "trial/?days=30"))
    assert client.post(here + "switch/", {"on": "1"}).status_code == 302
    assert AutomationRule.objects.get().on_since is not None
    assert FollowUp.objects.count() == 0


def test_lines_come_and_go_without_anything_being_kept_or_found_fault_with(
    client: Client, author: User
) -> None:
    answer = client.post(NEW, {**SENT, "name": "", "more": "acts", "add_act": "assign"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="acts-1-people"' in page
    assert 'name="acts-1-what"' not in page
    assert 'value="Ring back"' in page
    assert "This field is required" not in page
    less = client.post(NEW, {**SENT, "drop": "acts-0"}).content.decode()
    assert 'name="acts-0-what"' not in less
    assert AutomationRule.objects.count() == 0


def test_what_is_wrong_stands_at_its_line(client: Client, author: User) -> None:
    answer = client.post(NEW, {**SENT, "conditions-0-value": "Z", "acts-0-what": ""})
    words = words_of(answer)
    assert answer.status_code == 422
    assert "“Z” is no value of “Tier”. Possible: A, B, C, D." in words
    assert "Say it in 1 to 300 characters." in words
    assert client.post(NEW, {**SENT, "trigger": "never"}).status_code == 422


def test_a_rule_is_changed_in_the_same_editor(client: Client, author: User) -> None:
    rule = make_runs(author, 1)
    make_endpoint(author)
    here = f"/settings/rules/{rule.pk}/"
    page = client.get(here + "change/").content.decode()
    assert 'value="Ask"' in page
    assert client.post(here + "change/", {**SENT, "version": "1"}).status_code == 302
    assert client.post(here + "change/", {**SENT, "version": "1"}).status_code == 409
    assert client.post(here + "change/", {**SENT, "version": "2", "acts-line": []}).status_code == 422
    shown = words_of(client.get(here))
    assert "Version 2" in shown
    assert "Done" in shown
    assert "Ring" in words_of(client.get("/settings/rules/"))


def test_nobody_else_comes_near(client: Client, author: User) -> None:
    rule = make_runs(author, 1)
    for role, status in (("representative", 404), ("administrator", 200)):
        client.force_login(make_user(role), backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(f"/settings/rules/{rule.pk}/").status_code == status
        assert client.get(f"/settings/rules/{rule.pk}/trial/").status_code == 404
    client.force_login(
        make_user("representative"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(NEW).status_code == 403
    assert client.get("/settings/rules/").status_code == 200
    assert client.get("/settings/rules/new/?kind=none").status_code == 422


def test_the_api_reads_rules_and_what_became_of_them(author: User) -> None:
    rule = make_runs(author, 2)
    client = ApiClient(author)
    assert [each["name"] for each in client.call("get", "automation-rules/").json()["results"]] == [
        "Ask them"
    ]
    one = client.call("get", f"automation-rules/{rule.pk}/").json()
    assert one["says"]["acts"] == [{"does": "follow_up", "how": {"what": "Ask", "days": 1}}]
    runs = client.call("get", f"automation-rules/{rule.pk}/runs/").json()["results"]
    assert [run["state"] for run in runs] == ["done", "done"]
