"""The vocabularies of what is told to other systems."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.enums import Area


class DeliveryState(TextChoices):
    """Where a call to an endpoint is."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")
    WITHHELD = "withheld", _("Not for its owner to see")


UNDERWAY = (DeliveryState.WAITING, DeliveryState.SENDING)


class EndpointEnd(TextChoices):
    """Why an endpoint is not called any more."""

    SWITCHED_OFF = "switched_off", _("Switched off")
    FAILING = "failing", _("It answered nothing useful for days")
    GONE = "gone", _("It answered that it is gone for good")


EVENT_AREAS = (Area.RELATIONSHIPS, Area.HEALTH, Area.TRADE)
"""The areas that events come from."""


def area_of(verb: str) -> str:
    """The area an event of a verb belongs to, by the app whose name it begins with."""
    app = verb.partition(".")[0]
    return {"health": Area.HEALTH.value, "commerce": Area.TRADE.value}.get(app, Area.RELATIONSHIPS.value)
