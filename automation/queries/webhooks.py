"""Endpoints and their log, as pages and the API look at them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from accounts.models import User
from automation.enums import UNDERWAY, DeliveryState
from automation.models import EndpointSecret, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from automation.queries.payloads import body_of
from core import keyset
from core.refusals import Missing
from messaging.registry import Line, Said, Subject

NEWEST = keyset.Order(keyset.SortKey("pk", parse=int), descending=True)
LOG_ROWS = 25


def endpoints_of(viewer: User) -> QuerySet[WebhookEndpoint]:
    """The endpoints that somebody looks after, newest first."""
    return WebhookEndpoint.objects.visible_to(viewer).select_related("owner").order_by("-pk")


def endpoint_of(viewer: User, endpoint_id: int) -> WebhookEndpoint:
    """One endpoint. Raises Missing."""
    found = endpoints_of(viewer).filter(pk=endpoint_id).first()
    if found is None:
        raise Missing(_("There is no such webhook."))
    return found


def log_of(viewer: User, endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    """The deliveries of an endpoint of which the viewer may know, with the verb of each."""
    seen = WebhookDelivery.objects.visible_to(viewer).filter(endpoint=endpoint)
    return seen.exclude(state=DeliveryState.WITHHELD).select_related("event")


def log_page(viewer: User, endpoint: WebhookEndpoint, cursor: str) -> keyset.Page[WebhookDelivery]:
    """A page of the log, newest first."""
    return keyset.page(log_of(viewer, endpoint), NEWEST, cursor=cursor, limit=LOG_ROWS)


def delivery_of(viewer: User, delivery_id: int) -> WebhookDelivery:
    """One delivery of an endpoint that the viewer looks after. Raises Missing."""
    seen = WebhookDelivery.objects.visible_to(viewer).exclude(state=DeliveryState.WITHHELD)
    own = seen.filter(pk=delivery_id, endpoint__in=WebhookEndpoint.objects.visible_to(viewer))
    found = own.select_related("endpoint", "event").first()
    if found is None:
        raise Missing(_("There is no such delivery."))
    return found


def _line(said: Said) -> Line:
    return Line(said.title, f"/settings/webhooks/{said.pk}/")


NAMED = Coalesce(NullIf("description", Value("")), "url", output_field=TextField())
ENDPOINTS = Subject(WebhookEndpoint.objects.visible_to, _line, {"title": NAMED})
"""Endpoints as notifications tell of them."""


def secrets_of(endpoint: WebhookEndpoint, now: datetime) -> list[EndpointSecret]:
    """The secrets that sign now, the newest first."""
    in_force = endpoint.secrets.filter(Q(retires_at=None) | Q(retires_at__gt=now))
    return list(in_force.order_by("-pk"))


@dataclass(frozen=True)
class Sum:
    """How an endpoint's deliveries stand, of those that the viewer may know of."""

    waiting: int
    failed: int
    delivered_at: datetime | None


def sum_of(viewer: User, endpoint: WebhookEndpoint) -> Sum:
    """What waits, what was given up, and when something last arrived."""
    told = log_of(viewer, endpoint).aggregate(
        waiting=Count("pk", filter=Q(state__in=UNDERWAY)),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        delivered_at=Max("finished_at", filter=Q(state=DeliveryState.DELIVERED)),
    )
    return Sum(**told)


def calls_of(delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """Every call, the newest first."""
    return list(delivery.calls.order_by("-pk")[:50])


def body_now(delivery: WebhookDelivery, viewer: User) -> str:
    """What would be sent now, as far as both the endpoint's owner and the viewer may see it; "" for nothing."""
    body = body_of(delivery, viewer)
    if body is None or (delivery.endpoint.owner_id != viewer.pk and not _is_told(delivery)):
        return ""
    return body.decode()


def _is_told(delivery: WebhookDelivery) -> bool:
    return body_of(delivery, delivery.endpoint.owner) is not None
