"""What webhooks tell and rules do is the same whether or not there is a role that one may not know of."""

import json
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from automation.enums import DeliveryState, RunState
from automation.models import AutomationRule, RuleRun, WebhookDelivery
from automation.operations.passing_on import pass_events_on
from automation.operations.rules import create_rule
from automation.operations.running import run_waiting
from automation.operations.sending import send_due
from automation.queries.rules import Act, Says
from automation.queries.wanted import wanted_events
from automation.queries.webhooks import sum_of
from messaging.models import Notification
from relationships.models import Event
from tests.architecture.test_leaks import TWO, Case, add_hidden_role, world_of
from tests.automation.conftest import Receiver, receiver
from tests.automation.pages import make_endpoint
from tests.doors import answer, signed_in
from tests.factories import NOW

__all__ = ["receiver"]
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


@pytest.mark.parametrize("case", TWO, ids=str)
def test_a_webhook_tells_nothing_of_a_role_its_owner_may_not_know(
    workspace: Workspace, case: Case, receiver: Receiver
) -> None:
    with world_of(case) as world:
        viewer = User.objects.get(pk=world.viewers[case.roles[0]].pk)
        pass_events_on(now=NOW)
        last = Event.objects.latest("pk").pk
        endpoint = make_endpoint(viewer, url=receiver.url)
        page = f"/settings/webhooks/{endpoint.pk}/"
        client = signed_in(viewer)
        before = answer(client, "get", page)
        hidden = add_hidden_role(world)
        about = Event.objects.filter(pk__gt=last, relationship=hidden["relationship_id"])
        assert about.count() > 5
        pass_events_on(now=NOW)
        send_due(now=NOW)
        told = [json.loads(body) for _headers, body in receiver.calls]
        assert all(
            (each["data"]["relationship"] or {}).get("id") != hidden["relationship_id"] for each in told
        )
        assert "zebra" not in json.dumps(told)
        assert not wanted_events(endpoint).filter(relationship=hidden["relationship_id"]).exists()
        withheld = WebhookDelivery.objects.filter(event__in=about)
        assert set(withheld.values_list("state", flat=True)) == {DeliveryState.WITHHELD}
        WebhookDelivery.objects.exclude(event__in=about).delete()
        assert answer(client, "get", page) == before
        assert sum_of(viewer, endpoint).waiting == 0
        for method, place in (("get", ""), ("post", "replay/")):
            known = f"/settings/webhooks/deliveries/{withheld.first().pk}/{place}"  # type: ignore[union-attr]
            assert answer(client, method, known)[0] == 404


@pytest.mark.parametrize("case", TWO, ids=str)
def test_a_rule_does_and_tells_nothing_of_a_role_its_author_may_not_know(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        author = User.objects.get(pk=world.viewers[case.roles[0]].pk)
        verbs = ("interaction_logged", "relationship_opened")
        says = Says("event", verbs=verbs, acts=(Act("notify", {"who": "owner", "what": "otter"}),))
        rule = create_rule(actor=author, kind=case.base, name="Tell", says=says, now=NOW)
        AutomationRule.objects.filter(pk=rule.pk).update(kind=case.hidden, on_since=NOW - timedelta(days=9))
        pages = [f"/settings/rules/{rule.pk}/", f"/settings/rules/{rule.pk}/trial/?days=30"]
        pass_events_on(now=NOW)
        client = signed_in(author)
        before = [answer(client, "get", page) for page in pages]
        hidden = add_hidden_role(world)
        pass_events_on(now=NOW)
        run_waiting(now=NOW)
        runs = RuleRun.objects.filter(relationship=hidden["relationship_id"])
        assert set(runs.values_list("state", flat=True)) == {RunState.NOT_MET}
        assert [answer(client, "get", page) for page in pages] == before
        assert not Notification.objects.filter(topic="rule").exists()
