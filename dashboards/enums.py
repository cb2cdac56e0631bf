"""The words of the executives' pages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutsideCategory(TextChoices):
    """What sort of thing outside it is."""

    DATA = "data", _("Data")
    SUPPLIER = "supplier", _("A supplier's trouble")
    REGULATION = "regulation", _("Law and regulation")
    MARKET = "market", _("Market and competition")
    PRESS = "press", _("Press and opinion")
    OTHER = "other", _("Something else")


class Impact(TextChoices):
    """How much it may touch relationships."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class OutsideState(TextChoices):
    """Where we stand with it."""

    NOTICED = "noticed", _("Noticed")
    WATCHED = "watched", _("Watched")
    ACTED_ON = "acted_on", _("Acted on")
    OVER = "over", _("Over")
    DISMISSED = "dismissed", _("Does not touch us")
