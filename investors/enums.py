"""Who holds us, and how they go about it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvestorType(TextChoices):
    """What an investor is."""

    INSTITUTION = "institution", _("Institution")
    FAMILY = "family", _("Family office")
    PRIVATE = "private", _("Private shareholder")
    EMPLOYEE = "employee", _("Employee shareholder")
    NOMINEE = "nominee", _("Nominee or custodian")
    LENDER = "lender", _("Lender")
    ANALYST = "analyst", _("Analyst")
    TARGET = "target", _("Not a holder yet")


class InvestmentStyle(TextChoices):
    """What they look for in a share."""

    GROWTH = "growth", _("Growth")
    VALUE = "value", pgettext_lazy("investing", "Value")
    INCOME = "income", _("Income")
    INDEX = "index", _("Index")
    ACTIVIST = "activist", _("Activist")
    MIXED = "mixed", _("Mixed")
