"""Pins: put on, taken off, moved. They are their owner's own: nobody else learns of them, so nothing is told."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Invalid
from relationships.models import Pin, Relationship
from relationships.operations.access import hold_relationship

MOST = 20


@transaction.atomic
def pin_relationship(*, actor: User, relationship: Relationship, now: datetime) -> Pin:
    """Puts the relationship after the actor's other pins; where it is pinned already it stays in its place."""
    held = hold_relationship(actor, relationship.pk, None)
    own = Pin.objects.select_for_update().filter(user=actor)
    if (known := own.filter(relationship=held).first()) is not None:
        return known
    if len(own) >= MOST:
        raise Invalid(
            {"relationship": _("%(n)s pins are all there can be; take one off first.") % {"n": MOST}}
        )
    last = own.aggregate(last=Max("position"))["last"] or 0
    return Pin.objects.create(user=actor, relationship=held, position=last + 1, pinned_at=now)


@transaction.atomic
def unpin_relationship(*, actor: User, relationship: Relationship) -> None:
    """Takes the actor's pin off; where there is none nothing happens."""
    Pin.objects.filter(user=actor, relationship=relationship).delete()


@transaction.atomic
def move_pin(*, actor: User, relationship: Relationship, forwards: bool) -> None:
    """Changes places with the pin before (or after, if `forwards`) among those that the actor sees."""
    own = Pin.objects.filter(user=actor).visible_to(actor)
    pins = list(own.select_for_update(of=["self"]).order_by("position", "pk"))
    at = next((place for place, pin in enumerate(pins) if pin.relationship_id == relationship.pk), None)
    if at is None:
        return
    other = at + (1 if forwards else -1)
    if not 0 <= other < len(pins):
        return
    pins[at].position, pins[other].position = pins[other].position, pins[at].position
    Pin.objects.bulk_update([pins[at], pins[other]], ["position"])
