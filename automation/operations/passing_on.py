"""Events handed on from the timeline to whoever listens: a delivery for each endpoint, a run for each rule."""

from datetime import datetime, timedelta

from django.db import transaction

from automation.enums import UNDERWAY, Trigger
from automation.models import AutomationRule, RuleRun, WebhookDelivery, WebhookEndpoint
from automation.operations.reading import MOST_AT_ONCE, read_events, skip_events
from automation.operations.running import runs_for
from automation.queries.wanted import deliveries_of

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
    rules = list(AutomationRule.objects.listening().filter(trigger=Trigger.EVENT).order_by("pk"))
    if not endpoints and not rules:
        skip_events(reader=READER)
        return 0
    events = read_events(reader=READER)
    WebhookDelivery.objects.bulk_create(deliveries_of(endpoints, events, now), ignore_conflicts=True)
    RuleRun.objects.bulk_create(runs_for(rules, events), ignore_conflicts=True)
    return len(events)


def forget_old(*, now: datetime) -> int:
    """Deletes deliveries and runs that came to an end before the logs go back to; returns how many deliveries."""
    RuleRun.objects.filter(finished_at__lt=now - KEPT).delete()
    old = WebhookDelivery.objects.filter(created_at__lt=now - KEPT).exclude(state__in=UNDERWAY)
    return old.delete()[1].get("automation.WebhookDelivery", 0)
