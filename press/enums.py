"""Where something is published, and how far it reaches."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Medium(TextChoices):
    """What kind of outlet it is."""

    NEWSPAPER = "newspaper", _("Newspaper")
    MAGAZINE = "magazine", _("Magazine")
    TRADE = "trade", _("Trade press")
    AGENCY = "agency", _("News agency")
    RADIO = "radio", _("Radio")
    TELEVISION = "television", _("Television")
    ONLINE = "online", _("Online only")
    NEWSLETTER = "newsletter", _("Newsletter")
    PODCAST = "podcast", _("Podcast")
    FREELANCE = "freelance", _("Freelance journalist")


class ReachBand(TextChoices):
    """How far it reaches."""

    LOCAL = "local", _("Local")
    REGIONAL = "regional", _("Regional")
    NATIONAL = "national", _("National")
    INTERNATIONAL = "international", _("International")
