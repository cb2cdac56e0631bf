"""Automation's tables, one module a concept."""

from automation.models.form import SentForm, WebForm
from automation.models.reader import EventReader, SeenEvent
from automation.models.rule import AutomationRule, RuleRun, RuleVersion
from automation.models.webhook import EndpointSecret, WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "AutomationRule",
    "EndpointSecret",
    "EventReader",
    "RuleRun",
    "RuleVersion",
    "SeenEvent",
    "SentForm",
    "WebForm",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
