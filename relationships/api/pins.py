"""Pins of the token's user: the relationships that they put at the top of where they search, in their order."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, one, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from relationships import kinds
from relationships.api.interactions import seen_relationships
from relationships.models import Pin, Relationship
from relationships.operations import pins as operations

IN_ORDER = keyset.Order(keyset.SortKey("position", int))


class PinOut(serializers.ModelSerializer[Pin]):
    """A pinned relationship; the greater its position, the later it stands."""

    relationship = fields.Ref()
    kind = serializers.ChoiceField(choices=kinds.registry.slugs, source="relationship.kind")
    pinned_at = fields.Moment()

    class Meta:
        model = Pin
        fields = ["relationship", "kind", "position", "pinned_at"]


class PinsOut(serializers.Serializer[Any]):
    """The pins as they are then."""

    pins = PinOut(many=True)


class PinIn(fields.Body):
    """Whether it is to be among the pins."""

    is_pinned = fields.Flag()


class StepIn(fields.Body):
    """By one place, towards the first or the last."""

    to = fields.Choice(choices=["earlier", "later"])


def own_pins(call: Call) -> Any:
    """The user's pins, as far as they may still know of them."""
    return Pin.objects.filter(user=call.viewer).visible_to(call.viewer).select_related("relationship__party")


def pins_now(call: Call) -> dict[str, Any]:
    """All of them in their order: there are never many."""
    return {"pins": keyset.whole(own_pins(call), IN_ORDER)}


class Pins(Endpoint):
    """`/pins/`"""

    area, tag = Area.RELATIONSHIPS, "Pins"

    @reads(PinOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """What you have pinned, in your order."""
        return Rows(own_pins(call), IN_ORDER)


class OnePin(Endpoint):
    """`/relationships/{relationship_id}/pin/`"""

    area, tag = Area.RELATIONSHIPS, "Pins"

    @acts(PinsOut, says=PinIn)
    def post(self, call: Call, relationship_id: int) -> dict[str, Any]:
        """Put a relationship after your other pins, or take it off."""
        found: Relationship = one(seen_relationships(call.viewer), relationship_id)
        if call.said["is_pinned"]:
            operations.pin_relationship(actor=call.viewer, relationship=found, now=call.now)
        else:
            operations.unpin_relationship(actor=call.viewer, relationship=found)
        return pins_now(call)


class PinMoves(Endpoint):
    """`/relationships/{relationship_id}/pin/moves/`"""

    area, tag = Area.RELATIONSHIPS, "Pins"

    @acts(PinsOut, says=StepIn)
    def post(self, call: Call, relationship_id: int) -> dict[str, Any]:
        """Have a pin change places with the one before or after it."""
        found: Relationship = one(seen_relationships(call.viewer), relationship_id)
        forwards = call.said["to"] == "later"
        operations.move_pin(actor=call.viewer, relationship=found, forwards=forwards)
        return pins_now(call)
