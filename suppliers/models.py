"""What only a supplier or partner has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from relationships.models import Relationship
from suppliers.enums import SupplierCategory


class Supplier(models.Model):
    """The supplier's profile on a relationship."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="supplier"
    )
    category = models.CharField(
        max_length=16, choices=SupplierCategory.choices, default=SupplierCategory.GOODS
    )
    criticality = models.PositiveSmallIntegerField(default=2, help_text=_("1 replaceable to 5 vital."))
    is_sole_source = models.BooleanField(default=False)
    payment_terms_days = models.PositiveSmallIntegerField(null=True, blank=True)
    capacity = models.CharField(
        _("capacity"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("How much they can deliver, as in 400 pallets a month."),
    )
    supplier_number = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(criticality__range=(1, 5)), name="criticality_is_1_to_5"
            )
        ]
