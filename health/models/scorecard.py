"""What is measured: a kind's scorecard, version by version, and its components."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import BusinessUnit
from health.enums import ScorecardStatus


class Scorecard(models.Model):
    """One version of how a kind's relationships are measured. Once active it is never edited."""

    kind = models.CharField(max_length=32)
    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=ScorecardStatus.choices, default=ScorecardStatus.DRAFT)
    coverage_threshold = models.DecimalField(max_digits=4, decimal_places=3, default="0.500")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    history_due_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the past weeks wait to be scored by this version."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "business_unit", "version"],
                nulls_distinct=False,
                name="one_scorecard_per_kind_unit_and_version",
            ),
            models.UniqueConstraint(
                fields=["kind", "business_unit"],
                condition=Q(status="active"),
                nulls_distinct=False,
                name="one_active_scorecard_per_kind_and_unit",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(activated_at__isnull=False, activated_by__isnull=False),
                name="an_active_scorecard_was_activated_by_someone",
            ),
        ]

    @property
    def state(self) -> str:
        """The status, by the name under which transition tables look for it."""
        return self.status


class Component(models.Model):
    """One measured thing with its weight and its curve from the measure's value to 0–100 points."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="components")
    key = models.SlugField(max_length=40)
    group = models.SlugField(max_length=40)
    measure = models.SlugField(max_length=40)
    curve = models.JSONField(help_text="[[x, points], …] with x rising; flat beyond the ends.")
    weight = models.FloatField()
    half_life_days = models.FloatField()
    min_evidence = models.FloatField(default=1.0)
    position = models.PositiveSmallIntegerField(default=0)
    reference = models.FloatField(null=True, help_text="The kind's median points, from the last full run.")
    reference_at = models.DateTimeField(null=True)
    prior = models.FloatField(
        null=True, help_text="What the measure's prior was for the whole kind in the last full run."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "key"], name="a_component_key_once_per_scorecard"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_component_weight_is_positive"),
            models.CheckConstraint(condition=Q(half_life_days__gt=0), name="a_half_life_is_positive"),
        ]
