"""The vocabularies of what is told to other systems."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Area


class DeliveryState(TextChoices):
    """Where a call to an endpoint is."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", pgettext_lazy("message", "Delivered")
    FAILED = "failed", _("Given up")
    WITHHELD = "withheld", _("Not for its owner to see")


UNDERWAY = (DeliveryState.WAITING, DeliveryState.SENDING)


class EndpointEnd(TextChoices):
    """Why an endpoint is not called any more."""

    SWITCHED_OFF = "switched_off", _("Switched off")
    FAILING = "failing", _("It answered nothing useful for days")
    GONE = "gone", _("It answered that it is gone for good")


RULE_SAYS, WEBHOOK_OFF = "rule", "webhook_off"
"""What people are told of beside what the kernel and health tell them."""

EVENT_AREAS = (Area.RELATIONSHIPS, Area.HEALTH, Area.TRADE)
"""The areas that events come from."""


def area_of(verb: str) -> str:
    """The area an event of a verb belongs to, by the app whose name it begins with."""
    app = verb.partition(".")[0]
    return {"health": Area.HEALTH.value, "commerce": Area.TRADE.value}.get(app, Area.RELATIONSHIPS.value)


class Trigger(TextChoices):
    """What sets a rule off."""

    EVENT = "event", _("When something happens")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")


class Does(TextChoices):
    """What a rule can do."""

    ASSIGN = "assign", _("Give it to an owner")
    FOLLOW_UP = "follow_up", _("Plan a follow-up")
    COMMITMENT = "commitment", _("Note a promise of ours")
    STAGE = "stage", _("Move it to a stage")
    OBJECTIVE = "objective", _("Set the objective")
    CADENCE = "cadence", _("Set the rhythm, in days")
    NOTIFY = "notify", _("Tell somebody")
    WEBHOOK = "webhook", _("Call a webhook")
    PLAYBOOK = "playbook", _("Start a playbook")


class Choosing(TextChoices):
    """How one of several people is chosen."""

    TURN = "turn", _("In turn")
    LOAD = "load", _("Whoever has least to do")


class RunState(TextChoices):
    """What became of a rule for one event."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    NOT_MET = "not_met", _("Conditions not met")
    REFUSED = "refused", _("Refused")
    HELD_BACK = "held_back", _("Held back")


class SentState(TextChoices):
    """What became of what a visitor sent."""

    WAITING = "waiting", _("Waiting")
    OPENED = "opened", _("Somebody new")
    MATCHED = "matched", _("Known already")
    HELD = "held", _("Held")
    DROPPED = "dropped", _("Dropped")


class FormField(TextChoices):
    """What a visitor can be asked that has a place of its own here."""

    ORGANISATION = "organisation", _("Organisation")
    NAME = "name", _("Your name")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    MESSAGE = "message", _("What is it about?")


class Asking(TextChoices):
    """Whether a visitor is asked something."""

    NOT = "not", _("Not asked")
    ASKED = "asked", _("Asked")
    REQUIRED = "required", _("Required")
