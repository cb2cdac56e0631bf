"""Who stands around us."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BodyType(TextChoices):
    """What kind of body it is."""

    MUNICIPALITY = "municipality", _("Municipality")
    DEVELOPMENT = "development", _("Development authority")
    REGULATOR = "regulator", _("Regulator")
    ASSOCIATION = "association", _("Association")
    CHARITY = "charity", _("Charity")
    SCHOOL = "school", _("School or university")
    RESIDENTS = "residents", _("Residents")


class IssueStance(TextChoices):
    """Where they stand on what we plan."""

    SUPPORTS = "supports", _("Supports")
    NEUTRAL = "neutral", _("Neutral")
    CONDITIONAL = "conditional", _("With conditions")
    OPPOSES = "opposes", _("Opposes")
