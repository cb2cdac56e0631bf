"""Deliveries made: claimed one by one, in order for each thing, tried again after longer and longer waits."""

import random
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.operations.audit import record_audit
from automation.enums import UNDERWAY, WEBHOOK_OFF, DeliveryState, EndpointEnd
from automation.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from automation.operations.calling import Answer, post
from automation.operations.signing import headers_of
from automation.queries.payloads import body_of
from messaging.operations.notifications import Telling, tell

LEASE = timedelta(minutes=10)
"""A claim older than this was lost in a crash. Longer than the sending task may live."""
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""The schedule that the Standard Webhooks specification recommends; each wait is up to a fifth longer by chance."""
MOST_ATTEMPTS = len(RETRY_AFTER) + 1
ENDURED = timedelta(days=5)
"""So long may an endpoint do nothing but fail before it is switched off."""
MOST_AT_ONCE = 500
SECONDS_AT_ONCE = 120
GONE, TRY_LATER = 410, (429, 503)
AGENT = "Relman-Webhooks/1"


def send_due(*, now: datetime, limit: int = MOST_AT_ONCE) -> int:
    """Makes at most `limit` deliveries that are due; returns how many were tried.

    An endpoint that cannot be reached is left for the rest of the run: one wait for each, however much is due.
    """
    began, tried = time.monotonic(), 0
    silent: set[int] = set()
    while tried < limit and time.monotonic() - began < SECONDS_AT_ONCE:
        delivery = _claim_next(now, silent)
        if delivery is None:
            break
        tried += 1
        if _deliver(delivery, now) is None:
            silent.add(delivery.endpoint_id)
    return tried


@transaction.atomic(durable=True)
def _claim_next(now: datetime, silent: set[int]) -> WebhookDelivery | None:
    """The next delivery that is due and first in the line of its thing; marked as being sent."""
    ahead = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        thing=OuterRef("thing"),
        event__lt=OuterRef("event"),
        state__in=UNDERWAY,
    )
    due = Q(state=DeliveryState.WAITING, due_at__lte=now)
    lost = Q(state=DeliveryState.SENDING, claimed_at__lte=now - LEASE)
    waiting = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        due | lost, ~Exists(ahead), endpoint__ended_at=None, endpoint__removed_at=None
    )
    found = waiting.exclude(endpoint__in=silent).select_related("endpoint__owner").order_by("due_at", "id")
    delivery = found.first()
    if delivery is None:
        return None
    delivery.state, delivery.claimed_at = DeliveryState.SENDING, now
    delivery.attempts += 1
    delivery.save(update_fields=["state", "claimed_at", "attempts"])
    return delivery


def _deliver(delivery: WebhookDelivery, now: datetime) -> int | None:
    """One call; returns the status of its answer, None when there was none."""
    endpoint = delivery.endpoint
    body = body_of(delivery, endpoint.owner)
    if body is None:
        return _withhold(delivery, now)
    headers = {"content-type": "application/json", "user-agent": AGENT}
    answer = post(endpoint.url, body, headers | headers_of(endpoint, delivery.message_id, body, now))
    _record(delivery, answer, now)
    return answer.status


@transaction.atomic(durable=True)
def _withhold(delivery: WebhookDelivery, now: datetime) -> int:
    WebhookDelivery.objects.filter(pk=delivery.pk, claimed_at=delivery.claimed_at).update(
        state=DeliveryState.WITHHELD, finished_at=now
    )
    return 0


@transaction.atomic(durable=True)
def _record(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    """Writes what became of a claimed delivery, unless the claim was lost to another worker meanwhile."""
    row = WebhookDelivery.objects.select_for_update().filter(pk=delivery.pk).first()
    if row is None or row.state != DeliveryState.SENDING or row.claimed_at != delivery.claimed_at:
        return
    WebhookAttempt.objects.create(
        delivery=row,
        at=now,
        took_ms=answer.took_ms,
        status=answer.status,
        problem=answer.problem,
        excerpt=answer.excerpt,
    )
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=row.endpoint_id)
    if answer.is_good:
        row.state, row.finished_at = DeliveryState.DELIVERED, now
    elif row.attempts >= MOST_ATTEMPTS or answer.status == GONE or not row.event_id:
        row.state, row.finished_at = DeliveryState.FAILED, now
    else:
        row.state, row.due_at = DeliveryState.WAITING, now + _wait(row.attempts, answer)
    row.save(update_fields=["state", "due_at", "finished_at"])
    _note(endpoint, answer, now)


def _wait(attempts: int, answer: Answer) -> timedelta:
    """How long until the next attempt: what the receiver asks for, if that is longer than ours and within a day."""
    wait = RETRY_AFTER[attempts - 1] * random.uniform(1, 1.2)  # noqa: S311  # spreads load, guards nothing
    asked = answer.retry_after
    if answer.status in TRY_LATER and asked.isdecimal() and len(asked) <= 5:
        wait = max(wait, min(timedelta(seconds=int(asked)), timedelta(days=1)))
    return wait


def _note(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    """Keeps since when an endpoint does nothing but fail, and switches it off after days of that."""
    since = None if answer.is_good else endpoint.failing_since or now
    if since != endpoint.failing_since:
        endpoint.failing_since = since
        endpoint.save(update_fields=["failing_since"])
    if endpoint.is_on and answer.status == GONE:
        _end(endpoint, EndpointEnd.GONE, now)
    elif endpoint.is_on and since is not None and now - since >= ENDURED:
        _end(endpoint, EndpointEnd.FAILING, now)


def _end(endpoint: WebhookEndpoint, reason: EndpointEnd, now: datetime) -> None:
    """Switches a failing endpoint off and tells its owner, or who made it for a program."""
    end_endpoint(endpoint, reason, now)
    record_audit(
        actor_id=None,
        verb="webhook_disabled",
        now=now,
        subject_type="webhook_endpoint",
        subject_id=endpoint.pk,
        data={"reason": str(reason)},
    )
    reader = endpoint.created_by if endpoint.owner.is_service else endpoint.owner
    told = Telling(reader.pk, "webhookendpoint", endpoint.pk, facts={"stage": str(reason)})
    tell(topic=WEBHOOK_OFF, tellings=[told], actor=None, now=now)


def end_endpoint(endpoint: WebhookEndpoint, reason: EndpointEnd, now: datetime) -> None:
    """No more calls; what still waits is given up, and can be asked for again once it is on."""
    endpoint.ended_at, endpoint.end_reason = now, reason
    endpoint.version = F("version") + 1
    endpoint.save(update_fields=["ended_at", "end_reason", "version"])
    endpoint.refresh_from_db(fields=["version"])
    endpoint.deliveries.filter(state__in=UNDERWAY).update(state=DeliveryState.FAILED, finished_at=now)
