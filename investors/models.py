"""What only an investor has."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.identifiers import is_lei
from investors.enums import InvestmentStyle, InvestorType
from relationships.models import Relationship


def validate_lei(value: str) -> None:
    """Raises ValidationError unless the check digits of a legal entity identifier are right."""
    if not is_lei(value):
        raise ValidationError(
            _(
                "“%(value)s” is not a legal entity identifier: twenty letters and digits with a check at the end."
            ),
            params={"value": value},
        )


class Investor(models.Model):
    """The investor's profile on a relationship.

    A holding is a snapshot: how many shares and on which day belong together, so that nobody takes last
    year's figure for today's.
    """

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="investor"
    )
    type = models.CharField(
        _("what they are"), max_length=16, choices=InvestorType.choices, default=InvestorType.INSTITUTION
    )
    style = models.CharField(_("style"), max_length=10, choices=InvestmentStyle.choices, blank=True)
    shares_held = models.PositiveBigIntegerField(_("shares held"), null=True, blank=True)
    holding_date = models.DateField(
        _("holding as of"), null=True, blank=True, help_text=_("The day of the register that says so.")
    )
    votes_percent = models.DecimalField(
        _("share of votes, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    holder_since_date = models.DateField(_("holder since"), null=True, blank=True)
    holder_number = models.CharField(
        _("number in the register"), max_length=60, blank=True, help_text=_("As the share register has it.")
    )
    lei = models.CharField(_("legal entity identifier"), max_length=20, blank=True, validators=[validate_lei])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shares_held=None, holding_date=None)
                | Q(shares_held__isnull=False, holding_date__isnull=False),
                name="a_holding_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(votes_percent=None) | Q(votes_percent__range=(0, 100)),
                name="a_share_of_votes_is_a_percentage",
            ),
        ]

    def clean(self) -> None:
        """Says in words what the constraints hold."""
        if (self.shares_held is None) != (self.holding_date is None):
            missing = "shares_held" if self.shares_held is None else "holding_date"
            raise ValidationError({missing: _("How many shares and on which day belong together.")})
        if self.votes_percent is not None and self.votes_percent < 0:
            raise ValidationError({"votes_percent": _("A share of votes is not negative.")})
