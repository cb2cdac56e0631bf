"""Webhooks in the settings, and the same by the API."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import AnsweredCall, User
from accounts.operations.service_accounts import create_service_account
from automation.models import WebhookDelivery, WebhookEndpoint
from tests.api import ApiClient
from tests.automation.pages import make_deliveries, make_endpoint
from tests.doors import words_of
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
HOOK = {"url": "https://127.0.0.1/hook", "areas": ["relationships"], "description": "Till"}


@pytest.fixture
def viewer(client: Client, settings: Settings) -> User:
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    user = make_user("administrator")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def test_an_endpoint_is_made_and_its_secret_shown_once(client: Client, viewer: User) -> None:
    answer = client.post("/settings/webhooks/", {**HOOK, "owner": viewer.pk})
    shown = re.findall(r"whsec_[\w+/=]+", answer.content.decode())
    assert (answer.status_code, len(shown)) == (200, 1)
    endpoint = WebhookEndpoint.objects.get()
    again = client.get(f"/settings/webhooks/{endpoint.pk}/")
    assert "whsec_" not in again.content.decode()
    assert "Till" in words_of(again)
    rotated = client.post(f"/settings/webhooks/{endpoint.pk}/secret/")
    assert len(re.findall(r"whsec_[\w+/=]+", rotated.content.decode())) == 1
    assert "no-store" in rotated.headers["Cache-Control"]


def test_what_is_wrong_stands_beside_its_field(client: Client, viewer: User) -> None:
    answer = client.post("/settings/webhooks/", {**HOOK, "url": "https://10.0.0.1/", "owner": viewer.pk})
    assert answer.status_code == 422
    assert "leads into a private network" in words_of(answer)
    endpoint = make_endpoint(viewer)
    answer = client.post(f"/settings/webhooks/{endpoint.pk}/change/", {**HOOK, "url": "http://1.1.1.1/"})
    assert answer.status_code == 422
    answer = client.post(f"/settings/webhooks/{endpoint.pk}/replay/", {"since": "yesterday"})
    assert answer.status_code == 422


def test_one_who_looks_after_programs_makes_webhooks_for_them(client: Client, viewer: User) -> None:
    program = create_service_account(actor=viewer, name="Warehouse", now=NOW)
    assert client.post("/settings/webhooks/", {**HOOK, "owner": program.pk}).status_code == 200
    assert WebhookEndpoint.objects.get().owner == program
    other = make_user("representative")
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/settings/webhooks/", {**HOOK, "owner": program.pk}).status_code == 422
    assert client.get(f"/settings/webhooks/{WebhookEndpoint.objects.get().pk}/").status_code == 404


def test_everything_that_can_be_done_to_one_is_done_from_its_page(client: Client, viewer: User) -> None:
    (delivery,) = make_deliveries(viewer, 1)
    here = f"/settings/webhooks/{delivery.endpoint_id}/"
    WebhookDelivery.objects.update(state="failed")
    assert client.post(f"/settings/webhooks/deliveries/{delivery.pk}/replay/").status_code == 302
    assert WebhookDelivery.objects.get().state == "waiting"
    assert client.post(here + "ping/").status_code == 302
    assert WebhookDelivery.objects.count() == 2
    assert client.post(here + "switch/", {"on": "0"}).status_code == 302
    assert "Switched off" in words_of(client.get(here))
    assert client.post(here + "switch/", {"on": "0"}).status_code == 409
    assert client.post(here + "switch/", {"on": "1"}).status_code == 302
    assert client.post(here + "change/", HOOK).status_code == 302
    assert WebhookEndpoint.objects.get().description == "Till"
    assert client.post(here + "replay/", {"since": "2026-01-01T00:00"}).status_code == 422
    assert client.post(here + "removal/").status_code == 302
    assert client.get(here).status_code == 404


def test_a_delivery_shows_what_is_sent_and_what_came_back(client: Client, viewer: User) -> None:
    (delivery,) = make_deliveries(viewer, 1)
    page = words_of(client.get(f"/settings/webhooks/deliveries/{delivery.pk}/"))
    assert "interaction_logged" in page
    assert "500" in page


def test_the_api_does_the_same(viewer: User) -> None:
    client = ApiClient(viewer)
    made = client.call("post", "webhooks/", HOOK)
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    here = f"webhooks/{made.json()['id']}/"
    read = client.call("get", here)
    assert "secret" not in read.json()
    changed = client.call("patch", here, {"kinds": ["customers"]}, If_Match=read.headers["ETag"])
    assert changed.json()["kinds"] == ["customers"]
    assert client.call("post", here + "rotations/", {}).json()["secret"][:6] == "whsec_"
    ping = client.call("post", here + "pings/", {})
    assert ping.json()["verb"] == "ping"
    listed = client.call("get", here + "deliveries/").json()["results"]
    assert [each["message"] for each in listed] == [f"ping_{ping.json()['id']}"]
    one = client.call("get", f"webhook-deliveries/{ping.json()['id']}/").json()
    assert one["calls"] == []
    assert client.call("post", f"webhook-deliveries/{ping.json()['id']}/replays/", {}).status_code == 409
    off = client.call("post", here + "switches/", {"is_on": False})
    assert off.json()["end_reason"] == "switched_off"
    since = (NOW - timedelta(days=90)).isoformat()
    assert client.call("post", here + "replays/", {"since": since}).status_code == 409
    client.call("post", here + "switches/", {"is_on": True})
    assert client.call("post", here + "replays/", {"since": since}).status_code == 422
    version = client.call("get", here).headers["ETag"]
    assert client.call("delete", here, If_Match=version).status_code == 204
    assert client.call("get", "webhooks/").json()["results"] == []


def test_a_token_is_told_nothing_by_webhook_that_it_may_not_read(viewer: User) -> None:
    client = ApiClient(viewer, ["automation:write", "health:read"])
    refused = client.call("post", "webhooks/", HOOK)
    assert refused.status_code == 403
    assert client.call("post", "webhooks/", {**HOOK, "areas": ["health"]}).status_code == 201


def test_a_private_address_is_refused_by_the_api(viewer: User) -> None:
    refused = ApiClient(viewer).call("post", "webhooks/", {"url": "https://[::ffff:169.254.169.254]/"})
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["url"])


def test_a_secret_is_told_once_however_often_the_call_is_sent(viewer: User) -> None:
    client = ApiClient(viewer)
    first = client.call("post", "webhooks/", HOOK, Idempotency_Key="one")
    again = client.call("post", "webhooks/", HOOK, Idempotency_Key="one")
    assert first.json()["secret"].startswith("whsec_")
    assert again.json() == first.json() | {"secret": None}
    assert AnsweredCall.objects.get().body == again.json()
