"""What an endpoint is told of an event: what its owner may see now, and nothing when that is nothing."""

import json
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from automation.models import WebhookDelivery
from relationships.models import Event
from relationships.registry import registry

PING = "ping"


def body_of(delivery: WebhookDelivery, viewer: User) -> bytes | None:
    """The JSON of a call as `viewer` may see it; None when they may not know of the event, or it is gone."""
    if delivery.event_id is None:
        return _json({"type": PING, "timestamp": _moment(delivery.created_at), "data": {}})
    seen = Event.objects.visible_to(viewer).select_related("relationship", "party", "actor")
    event = seen.filter(pk=delivery.event_id).first()
    return None if event is None else _json(told_of(event, viewer))


def told_of(event: Event, viewer: User) -> dict[str, Any]:
    """An event as other systems are told of it; what it speaks of is named only where the viewer may know of it."""
    relationship = event.relationship
    return {
        "type": event.verb,
        "timestamp": _moment(event.recorded_at),
        "data": {
            "event": event.pk,
            "happened_at": _moment(event.happened_at),
            "relationship": {"id": relationship.pk, "kind": relationship.kind} if relationship else None,
            "party": {"id": event.party_id, "name": event.party.name},
            "actor": {"id": event.actor_id, "name": event.actor.name},
            "subject": _subject(event, viewer),
            "reason": event.reason,
            "facts": event.data,
        },
    }


def _subject(event: Event, viewer: User) -> dict[str, Any] | None:
    load = registry.subject_loaders.get(event.subject_type)
    if load is None or event.subject_id is None or event.subject_id not in load(viewer, {event.subject_id}):
        return None
    return {"type": event.subject_type, "id": event.subject_id}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
