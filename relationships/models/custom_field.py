"""Fields that a workspace adds to a kind by itself, and what they hold: rows, so that no field changes a table."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships import kinds
from relationships.enums import CustomType
from relationships.models.party import Fold
from relationships.models.relationship import Relationship
from relationships.querysets import InRelationshipQuerySet


class CustomField(models.Model):
    """A field of a kind. Its key and type never change; an archived one keeps its values and can come back."""

    kind = models.CharField(max_length=32, choices=kinds.choices)
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=12, choices=CustomType.choices)
    help_text = models.CharField(max_length=200, blank=True)
    section = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField()
    unit = models.CharField(
        max_length=12, blank=True, help_text=_("Of a decimal number; of money, its currency.")
    )
    least = models.DecimalField(max_digits=19, decimal_places=6, null=True, blank=True)
    most = models.DecimalField(max_digits=19, decimal_places=6, null=True, blank=True)
    longest = models.PositiveSmallIntegerField(null=True, blank=True)
    required_stages = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="a_key_names_one_field_of_a_kind"),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(least__lte=models.F("most")),
                name="the_least_of_a_field_is_at_most_its_most",
            ),
            models.CheckConstraint(
                condition=~Q(type=CustomType.MONEY) | ~Q(unit=""), name="a_field_of_money_has_its_currency"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class CustomChoice(models.Model):
    """What a field of choices can hold. A retired one is offered no more; who has it keeps it."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="choices")
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["field", "key"], name="a_key_names_one_choice_of_a_field")
        ]

    def __str__(self) -> str:
        return self.label


class CustomValue(models.Model):
    """What a relationship has in a field: one row, of several choices one each.

    Every type has a column of its own, so that a filter and an order are a range of an index that begins with the
    field (decision 7).
    """

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="values", db_index=False)
    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="custom_values", db_index=False
    )
    place = models.BigIntegerField(
        default=0, help_text=_("Of several choices each has its own, the choice's id; all else stands at 0.")
    )
    text = models.CharField(max_length=400, null=True)  # noqa: DJ001  null keeps it out of the index
    long_text = models.TextField(null=True)  # noqa: DJ001  as above, of which there is none
    number = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    value_date = models.DateField(null=True)
    choice = models.ForeignKey(
        CustomChoice, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "field", "place"],
                name="a_relationship_has_a_value_of_a_field_once",
            ),
            models.CheckConstraint(
                condition=Q(text__isnull=False)
                | Q(long_text__isnull=False)
                | Q(number__isnull=False)
                | Q(value_date__isnull=False)
                | Q(choice__isnull=False)
                | Q(user__isnull=False),
                name="a_value_of_a_field_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["field", "relationship"], name="custom_by_field"),
            models.Index(
                fields=["field", "number", "relationship"],
                condition=Q(number__isnull=False),
                name="custom_by_number",
            ),
            models.Index(
                fields=["field", "value_date", "relationship"],
                condition=Q(value_date__isnull=False),
                name="custom_by_date",
            ),
            models.Index(
                fields=["field", "text", "relationship"],
                condition=Q(text__isnull=False),
                name="custom_by_text",
            ),
            models.Index(
                fields=["field", "choice", "relationship"],
                condition=Q(choice__isnull=False),
                name="custom_by_choice",
            ),
            models.Index(
                fields=["user", "field", "relationship"],
                condition=Q(user__isnull=False),
                name="custom_by_user",
            ),
            GinIndex(OpClass(Fold("text"), name="gin_trgm_ops"), name="custom_text_search"),
        ]
