"""On what terms somebody works here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Employment(TextChoices):
    """On what terms somebody works here."""

    PERMANENT = "permanent", _("Permanent")
    FIXED_TERM = "fixed_term", _("Fixed term")
    APPRENTICE = "apprentice", _("Apprentice")
    TEMPORARY = "temporary", _("Temporary")
