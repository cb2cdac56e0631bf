"""What an order line can be, and how a purchase model's fit ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LineKind(TextChoices):
    """Which way the goods went."""

    SALE = "sale", _("Sale")
    RETURN = "return", _("Return")


class OrderSide(TextChoices):
    """Who buys from whom."""

    THEY_BUY = "they_buy", _("They bought from us")
    WE_BUY = "we_buy", _("We bought from them")


class FitOutcome(TextChoices):
    """Whether a fit may be used."""

    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
