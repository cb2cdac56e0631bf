"""The states of a message on its way out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """Where an outgoing message is."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    KEPT = "kept", _("Kept here")
    FAILED = "failed", _("Failed")


class DeliveryOutcome(TextChoices):
    """What became of a message for one recipient."""

    ACCEPTED = "accepted", _("Accepted by the mail server")
    REFUSED = "refused", _("Refused by the mail server")
    KEPT = "kept", _("Kept on the sent mail page; nothing left this machine")


class Channel(TextChoices):
    """How somebody is told of something. Whatever goes by mail stands in the centre too."""

    CENTRE = "centre", _("In Relman")
    MAIL = "mail", _("In Relman and by mail at once")
    DIGEST = "digest", _("In Relman and in the daily mail")
    NONE = "none", _("Not at all")
