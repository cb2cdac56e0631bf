"""Events handed on from the timeline to whoever listens: one delivery for each endpoint that is told of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from automation.enums import UNDERWAY, area_of
from automation.models import WebhookDelivery, WebhookEndpoint
from automation.operations.reading import MOST_AT_ONCE, read_events, skip_events
from relationships.models import Event
from relationships.registry import registry

READER = "listeners"
MOST_ROUNDS = 100
KEPT = timedelta(days=30)
"""How long the log of deliveries goes back, and how far back one may ask for them again."""


def pass_events_on(*, now: datetime) -> int:
    """Hands on what happened since the last time; returns how many events that were."""
    handed = 0
    for _round in range(MOST_ROUNDS):
        read = _pass_some_on(now)
        handed += read
        if read < MOST_AT_ONCE:
            break
    return handed


@transaction.atomic
def _pass_some_on(now: datetime) -> int:
    endpoints = list(WebhookEndpoint.objects.listening().order_by("pk"))
    if not endpoints:
        skip_events(reader=READER)
        return 0
    events = read_events(reader=READER)
    WebhookDelivery.objects.bulk_create(deliveries_of(endpoints, events, now), ignore_conflicts=True)
    return len(events)


def deliveries_of(
    endpoints: Sequence[WebhookEndpoint], events: Iterable[Event], now: datetime
) -> list[WebhookDelivery]:
    """A delivery for each event and each endpoint that wants it, not yet written."""
    return [
        delivery_of(endpoint, event, now)
        for event in events
        for endpoint in endpoints
        if endpoint.listens_since <= event.recorded_at and wants(endpoint, event)
    ]


def delivery_of(endpoint: WebhookEndpoint, event: Event, now: datetime) -> WebhookDelivery:
    """One delivery, not yet written."""
    return WebhookDelivery(endpoint=endpoint, event=event, thing=thing_of(event), created_at=now, due_at=now)


def wants(endpoint: WebhookEndpoint, event: Event) -> bool:
    """Whether an endpoint asked for events like this one; what its owner may see is asked when it is sent."""
    kind = event.relationship.kind if event.relationship else ""
    return (
        area_of(event.verb) in endpoint.areas
        and (not endpoint.verbs or event.verb in endpoint.verbs)
        and (not endpoint.kinds or kind in endpoint.kinds)
    )


def wanted_events(endpoint: WebhookEndpoint) -> QuerySet[Event]:
    """The events that an endpoint asks for and its owner may know of, as `wants` tells of one."""
    verbs = [verb for verb in registry.event_words if area_of(verb) in endpoint.areas]
    events = Event.objects.visible_to(endpoint.owner).filter(
        verb__in=set(verbs) & set(endpoint.verbs or verbs)
    )
    return events.filter(relationship__kind__in=endpoint.kinds) if endpoint.kinds else events


def thing_of(event: Event) -> str:
    """What deliveries of the event keep their order by."""
    if event.relationship_id is not None:
        return f"relationship:{event.relationship_id}"
    return f"party:{event.party_id}"


def forget_old(*, now: datetime) -> int:
    """Deletes deliveries that came to an end and are older than the log goes back; returns how many."""
    old = WebhookDelivery.objects.filter(created_at__lt=now - KEPT).exclude(state__in=UNDERWAY)
    return old.delete()[1].get("automation.WebhookDelivery", 0)
