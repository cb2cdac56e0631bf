"""Which events an endpoint is told of, and the deliveries that come of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from automation.enums import area_of
from automation.models import WebhookDelivery, WebhookEndpoint
from relationships.models import Event
from relationships.registry import registry


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
