"""What suppliers provide."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SupplierCategory(TextChoices):
    """What a supplier provides."""

    GOODS = "goods", _("Goods")
    RAW_MATERIAL = "raw_material", _("Raw material")
    SERVICE = "service", _("Service")
    LOGISTICS = "logistics", _("Logistics")
    INFORMATION = "information", _("Information")
    PARTNER = "partner", _("Partner")
