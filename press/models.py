"""What only an outlet or a journalist has."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from press.enums import Medium, ReachBand
from relationships.models import Fold, Relationship


class Outlet(models.Model):
    """The profile of an outlet, or of a journalist who writes for several."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="outlet"
    )
    medium = models.CharField(_("medium"), max_length=12, choices=Medium.choices, default=Medium.NEWSPAPER)
    reach = models.CharField(_("reach"), max_length=14, choices=ReachBand.choices, default=ReachBand.LOCAL)
    region = models.CharField(_("region"), max_length=80, blank=True)
    language = models.CharField(
        _("language"), max_length=35, blank=True, help_text=_("In which they publish, as in English.")
    )
    beat = models.CharField(_("beat"), max_length=120, blank=True, help_text=_("What they write about."))
    deadline = models.CharField(
        _("deadline"), max_length=80, blank=True, help_text=_("When they go to press, as in Thursdays 16:00.")
    )
    verified_date = models.DateField(
        _("contacts verified"),
        null=True,
        blank=True,
        help_text=_("Journalists move; look again after 180 days."),
    )

    class Meta:
        indexes = [
            GinIndex(OpClass(Fold("beat"), name="gin_trgm_ops"), name="outlet_beat_search"),
        ]
