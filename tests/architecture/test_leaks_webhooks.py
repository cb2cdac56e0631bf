"""What webhooks tell, and what their log tells, is the same whether or not there is a role one may not know of."""

import json

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from automation.enums import DeliveryState
from automation.models import WebhookDelivery
from automation.operations.passing_on import pass_events_on, wanted_events
from automation.operations.sending import send_due
from automation.queries.webhooks import sum_of
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
