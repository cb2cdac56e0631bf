"""What a person says of health beside what is computed."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from health.enums import OverrideEnding
from relationships.models import Relationship


class ScoreOverride(models.Model):
    """What a person says instead of a computed value, of one component or of the whole; it always ends.

    Scoring knows nothing of it: the computed value stays, and stands beside it.
    """

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="score_overrides")
    component = models.SlugField(max_length=40, blank=True, help_text="Empty: the whole score.")
    value = models.DecimalField(max_digits=4, decimal_places=1)
    reason = models.CharField(max_length=400)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ending = models.CharField(max_length=9, choices=OverrideEnding.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(ended_at=None), name="score_override_runs_out")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=100), name="an_override_lies_between_0_and_100"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("set_at"), expires_at__lte=F("set_at") + timedelta(days=62)),
                name="an_override_lasts_two_months_at_most",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ending="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ending="")),
                name="an_ended_override_was_ended_by_someone",
            ),
            models.UniqueConstraint(
                fields=["relationship", "component"],
                condition=Q(ended_at=None),
                name="one_standing_override_per_relationship_and_component",
            ),
        ]
