"""What only the relationship of employer and employee has."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relationships.models import Fold, Relationship
from staff.enums import Employment

HOURS_A_WEEK = 60


class Employee(models.Model):
    """The profile of somebody who works here. Their manager is the owner of the relationship.

    `user` is how they sign in themselves; whoever it names may know of the relationship.
    """

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="employee"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("signs in as"),
        null=True,
        blank=True,
        related_name="employments",
        limit_choices_to={"is_active": True, "is_system": False},
        help_text=_("They see this relationship themselves."),
    )
    employee_number = models.CharField(_("employee number"), max_length=40, blank=True)
    department = models.CharField(_("department"), max_length=80, blank=True)
    worksite = models.CharField(_("works at"), max_length=80, blank=True)
    employment = models.CharField(
        _("employment"), max_length=10, choices=Employment.choices, default=Employment.PERMANENT
    )
    contract_hours = models.DecimalField(
        _("hours a week"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MaxValueValidator(HOURS_A_WEEK)],
    )
    band = models.CharField(_("salary band"), max_length=20, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    hired_date = models.DateField(_("hired"), null=True, blank=True)
    contract_ends_date = models.DateField(_("contract ends"), null=True, blank=True)

    class Meta:
        indexes = [
            GinIndex(OpClass(Fold("department"), name="gin_trgm_ops"), name="employee_department_search"),
            GinIndex(OpClass(Fold("worksite"), name="gin_trgm_ops"), name="employee_worksite_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_ends_date=None)
                | Q(hired_date=None)
                | Q(contract_ends_date__gte=F("hired_date")),
                name="a_contract_ends_after_the_hiring",
            ),
            models.CheckConstraint(
                condition=Q(contract_hours=None) | Q(contract_hours__range=(0, HOURS_A_WEEK)),
                name="contract_hours_fit_into_a_week",
            ),
        ]

    def clean(self) -> None:
        """Says in words what the constraints hold."""
        if self.hired_date and self.contract_ends_date and self.contract_ends_date < self.hired_date:
            raise ValidationError({"contract_ends_date": _("The contract ends before the hiring.")})
        if self.contract_hours is not None and self.contract_hours < 0:
            raise ValidationError({"contract_hours": _("Hours are not negative.")})
