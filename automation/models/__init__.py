"""Automation's tables, one module a concept."""

from automation.models.reader import EventReader, SeenEvent
from automation.models.webhook import EndpointSecret, WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "EndpointSecret",
    "EventReader",
    "SeenEvent",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
