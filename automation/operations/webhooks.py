"""Endpoints: made, changed, switched, removed; their secrets replaced; their deliveries asked for again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from automation.enums import EVENT_AREAS, DeliveryState, EndpointEnd
from automation.models import WebhookDelivery, WebhookEndpoint
from automation.operations.addresses import checked_url
from automation.operations.passing_on import KEPT
from automation.operations.reading import first_event_since
from automation.operations.sending import end_endpoint
from automation.operations.signing import new_secret
from automation.queries.wanted import delivery_of, wanted_events
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships import kinds
from relationships.registry import registry

MOST_ENDPOINTS = 50
OVERLAP = timedelta(hours=24)
"""So long the secret that was replaced signs beside the new one."""
MOST_REPLAYED = 20_000


@transaction.atomic
def create_endpoint(
    *,
    actor: User,
    owner: User,
    url: str,
    now: datetime,
    description: str = "",
    areas: Sequence[str] = EVENT_AREAS,
    verbs: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> tuple[WebhookEndpoint, str]:
    """An endpoint that is told what `owner` may see; returns it with the words of its secret, told here alone.

    The owner is the actor, or a program that they look after. Raises NotAllowed, Invalid, Conflict.
    """
    if owner.is_service:
        require(actor, Permission.MANAGE_PEOPLE)
    elif owner.pk != actor.pk:
        raise NotAllowed(_("Everybody makes their own webhooks."))
    told = _checked(url, description, areas, verbs, kinds)
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if WebhookEndpoint.objects.filter(owner=owner, removed_at=None).count() >= MOST_ENDPOINTS:
        raise Conflict(_("There are %(most)d webhooks already. Remove one first.") % {"most": MOST_ENDPOINTS})
    endpoint = WebhookEndpoint.objects.create(
        owner=owner, created_by=actor, created_at=now, listens_since=now, **told
    )
    _audit(actor, endpoint, "webhook_created", now)
    return endpoint, new_secret(endpoint=endpoint, now=now)


@transaction.atomic
def edit_endpoint(
    *,
    actor: User,
    endpoint: WebhookEndpoint,
    now: datetime,
    url: str,
    description: str,
    areas: Sequence[str],
    verbs: Sequence[str],
    kinds: Sequence[str],
) -> WebhookEndpoint:
    """Says anew where it is and what it is told of. Raises Missing, Invalid."""
    held = _hold(actor, endpoint)
    for name, value in _checked(url, description, areas, verbs, kinds).items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    _audit(actor, held, "webhook_changed", now)
    return held


@transaction.atomic
def switch_endpoint(*, actor: User, endpoint: WebhookEndpoint, is_on: bool, now: datetime) -> WebhookEndpoint:
    """Switches it on, from this moment, or off; raises Missing, Conflict when it is so already."""
    held = _hold(actor, endpoint)
    if held.is_on == is_on:
        raise Conflict(_("It is on already.") if is_on else _("It is off already."))
    if is_on:
        held.ended_at, held.end_reason, held.failing_since, held.listens_since = None, "", None, now
        held.version += 1
        held.save()
    else:
        end_endpoint(held, EndpointEnd.SWITCHED_OFF, now)
    _audit(actor, held, "webhook_switched", now)
    return held


@transaction.atomic
def remove_endpoint(*, actor: User, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Takes it away, with its log and its secrets. Raises Missing."""
    held = _hold(actor, endpoint)
    held.removed_at = now
    held.save(update_fields=["removed_at"])
    held.deliveries.all().delete()
    held.secrets.all().delete()
    _audit(actor, held, "webhook_removed", now)


@transaction.atomic
def rotate_secret(*, actor: User, endpoint: WebhookEndpoint, now: datetime) -> str:
    """A new secret, whose words are told here alone; for a day the old one signs beside it. Raises Missing."""
    held = _hold(actor, endpoint)
    held.secrets.filter(retires_at__lte=now).delete()
    held.secrets.filter(retires_at=None).update(retires_at=now + OVERLAP)
    _audit(actor, held, "webhook_secret_rotated", now)
    return new_secret(endpoint=held, now=now)


@transaction.atomic
def ping_endpoint(*, actor: User, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """A trial call, made by the worker like every other and tried once. Raises Missing, Conflict when it is off."""
    held = _hold_on(actor, endpoint)
    return WebhookDelivery.objects.create(endpoint=held, thing="ping", created_at=now, due_at=now)


@transaction.atomic
def replay_delivery(*, actor: User, delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Sends one delivery again, under the same id. Raises Missing, Conflict while it is underway or it is off."""
    seen = WebhookDelivery.objects.visible_to(actor).filter(pk=delivery.pk)
    found = seen.select_related("endpoint").first()
    if found is None:
        raise Missing(_("There is no such delivery."))
    held = _hold_on(actor, found.endpoint)
    if not held.deliveries.filter(pk=found.pk, state__in=ENDED).update(**_anew(now)):
        raise Conflict(_("This delivery is underway."))
    _audit(actor, held, "webhook_replayed", now)
    return WebhookDelivery.objects.select_related("endpoint").get(pk=found.pk)


@transaction.atomic
def replay_since(*, actor: User, endpoint: WebhookEndpoint, since: datetime, now: datetime) -> int:
    """Sends everything again that was recorded since a moment, under the same ids; returns how many deliveries.

    What happened while the endpoint was off is among it. Raises Missing, Invalid, Conflict when it is off.
    """
    held = _hold_on(actor, endpoint)
    if not now - KEPT <= since <= now:
        raise Invalid({"since": _("Choose a moment of the last %(days)d days.") % {"days": KEPT.days}})
    found = wanted_events(held).filter(pk__gt=first_event_since(since), recorded_at__gte=since)
    events = list(found.select_related("relationship").order_by("pk")[: MOST_REPLAYED + 1])
    if len(events) > MOST_REPLAYED:
        raise Invalid(
            {"since": _("These are more than %(most)d. Choose a later moment.") % {"most": MOST_REPLAYED}}
        )
    wanted = [delivery_of(held, event, now) for event in events]
    there = held.deliveries.filter(event__in=[each.event_id for each in wanted])
    again = there.filter(state__in=ENDED).update(**_anew(now))
    known = set(there.values_list("event_id", flat=True))
    new = [each for each in wanted if each.event_id not in known]
    WebhookDelivery.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
    _audit(actor, held, "webhook_replayed", now)
    return again + len(new)


ENDED = (DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.WITHHELD)


def _anew(now: datetime) -> dict[str, object]:
    return {"state": DeliveryState.WAITING, "attempts": 0, "due_at": now, "finished_at": None}


def _hold(actor: User, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    seen = WebhookEndpoint.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    held = seen.filter(pk=endpoint.pk).first()
    if held is None:
        raise Missing(_("There is no such webhook."))
    return held


def _hold_on(actor: User, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    held = _hold(actor, endpoint)
    if not held.is_on:
        raise Conflict(_("The webhook is off. Switch it on first."))
    return held


def _checked(
    url: str, description: str, areas: Sequence[str], verbs: Sequence[str], wanted: Sequence[str]
) -> dict[str, object]:
    """The fields of an endpoint, checked all at once."""
    errors: dict[str, str] = {}
    words = " ".join(description.split())
    if len(words) > 200:
        errors["description"] = _("Say it in at most 200 characters.")
    _refuse_unknown("areas", areas, [str(area) for area in EVENT_AREAS], errors)
    if not areas:
        errors["areas"] = _("Choose at least one.")
    _refuse_unknown("verbs", verbs, list(registry.event_words), errors)
    _refuse_unknown("kinds", wanted, list(kinds.registry.slugs), errors)
    try:
        address = checked_url(url)
    except Invalid as refusal:
        raise Invalid({**errors, **refusal.errors}) from None
    if errors:
        raise Invalid(errors)
    return {
        "url": address,
        "description": words,
        "areas": sorted({str(area) for area in areas}),
        "verbs": sorted(set(verbs)),
        "kinds": sorted(set(wanted)),
    }


def _refuse_unknown(field: str, given: Sequence[str], known: Sequence[str], errors: dict[str, str]) -> None:
    unknown = next((each for each in given if each not in known), None)
    if unknown is not None:
        errors[field] = _("“%(value)s” is not known here.") % {"value": str(unknown)[:60]}


def _audit(actor: User, endpoint: WebhookEndpoint, verb: str, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="webhook_endpoint", subject_id=endpoint.pk
    )
