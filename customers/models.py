"""What only a customer has."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from relationships.models import Fold, Relationship


class Customer(models.Model):
    """The customer's profile on a relationship."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="customer"
    )
    segment = models.CharField(_("Segment"), max_length=80, blank=True)
    customer_since_date = models.DateField(_("Customer since"), null=True, blank=True)
    renewal_date = models.DateField(
        _("Renewal"), null=True, blank=True, help_text=_("When the contract renews or ends.")
    )
    account_number = models.CharField(_("Account number"), max_length=60, blank=True)

    class Meta:
        indexes = [
            GinIndex(OpClass(Fold("segment"), name="gin_trgm_ops"), name="customer_segment_search"),
        ]
