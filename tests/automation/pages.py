"""The pages of automation with their rows, as `tests/pages.py` lists them."""

from collections.abc import Callable

from accounts.models import User
from automation.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from automation.operations.signing import new_secret
from relationships.models import Event
from tests.factories import NOW, make_interaction, make_relationship


def make_endpoint(owner: User, **given: object) -> WebhookEndpoint:
    """An endpoint that needs no lookup of its name."""
    told = {"url": "https://192.0.2.1/hook", "areas": ["relationships", "health", "trade"]}
    endpoint = WebhookEndpoint.objects.create(
        owner=owner, created_by=owner, created_at=NOW, listens_since=NOW, **told | given
    )
    new_secret(endpoint=endpoint, now=NOW)
    return endpoint


def make_deliveries(owner: User, rows: int) -> list[WebhookDelivery]:
    """As many deliveries of one endpoint, each with as many calls."""
    endpoint = make_endpoint(owner)
    made = []
    for _ in range(rows):
        relationship = make_relationship(owner=owner)
        make_interaction(relationship, actor=owner)
        event = Event.objects.filter(relationship=relationship).latest("pk")
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            event=event,
            thing=f"relationship:{relationship.pk}",
            created_at=NOW,
            due_at=NOW,
        )
        for _ in range(rows):
            WebhookAttempt.objects.create(delivery=delivery, at=NOW, took_ms=9, status=500, excerpt="no")
        made.append(delivery)
    return made


def _webhooks(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_endpoint(viewer)
    return "/settings/webhooks/"


def _webhook(viewer: User, rows: int) -> str:
    return f"/settings/webhooks/{make_deliveries(viewer, rows)[0].endpoint_id}/"


def _delivery(viewer: User, rows: int) -> str:
    return f"/settings/webhooks/deliveries/{make_deliveries(viewer, rows)[0].pk}/"


def _api_webhooks(viewer: User, rows: int) -> str:
    _webhooks(viewer, rows)
    return "/api/v1/webhooks/"


def _api_deliveries(viewer: User, rows: int) -> str:
    return f"/api/v1/webhooks/{make_deliveries(viewer, rows)[0].endpoint_id}/deliveries/"


AUTOMATION_PAGES: dict[str, Callable[[User, int], str]] = {
    "api_webhooks": _api_webhooks,
    "api_webhook_deliveries": _api_deliveries,
    "webhook": _webhook,
    "webhook_delivery": _delivery,
    "webhooks": _webhooks,
}
