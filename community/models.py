"""What only a body of the community has."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.enums import BodyType, IssueStance
from relationships.models import Fold, Relationship


class Body(models.Model):
    """The profile of a municipality, an authority or a group of people around us."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    type = models.CharField(
        _("what they are"), max_length=14, choices=BodyType.choices, default=BodyType.ASSOCIATION
    )
    area = models.CharField(_("area"), max_length=120, blank=True, help_text=_("The place they speak for."))
    people_represented = models.PositiveIntegerField(_("people they speak for"), null=True, blank=True)
    issue = models.CharField(
        _("main issue"), max_length=120, blank=True, help_text=_("As in lorries at night, jobs, noise.")
    )
    stance = models.CharField(
        _("stands on it"), max_length=12, choices=IssueStance.choices, default=IssueStance.NEUTRAL
    )
    permits = models.CharField(
        _("permits and programmes"),
        max_length=200,
        blank=True,
        help_text=_("What they decide on, or run with us."),
    )
    term_ends_date = models.DateField(
        _("term ends"),
        null=True,
        blank=True,
        help_text=_("When those who speak for it are elected or named anew."),
    )

    class Meta:
        indexes = [
            GinIndex(OpClass(Fold("area"), name="gin_trgm_ops"), name="body_area_search"),
        ]
