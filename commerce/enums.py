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


class RfmCell(TextChoices):
    """How lately, how often and for how much a customer buys, beside the others of the kind."""

    CHAMPIONS = "champions", _("Champion: buys lately, often and for much")
    LOYAL = "loyal", _("Loyal: buys often")
    POTENTIAL_LOYAL = "potential_loyal", _("On the way to loyal: bought lately, more than once")
    NEW = "new", _("New: bought lately for the first time")
    PROMISING = "promising", _("Promising: bought not long ago, little so far")
    NEEDS_ATTENTION = "needs_attention", _("Needs attention: middling in all, slipping")
    ABOUT_TO_SLEEP = "about_to_sleep", _("About to sleep: little, and some time ago")
    AT_RISK = "at_risk", _("Slipping away: used to buy, not lately")
    CANNOT_LOSE = "cannot_lose", _("Not to be lost: bought much, long silent")
    HIBERNATING = "hibernating", _("Asleep: little, and long ago")
    LOST = "lost", _("Lost: least in everything")
