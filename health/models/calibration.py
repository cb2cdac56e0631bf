"""What came of relationships, and what that says about the scores they had before."""

from django.db import models

from relationships.models import Relationship
from relationships.querysets import InRelationshipQuerySet


class ScoreOutcome(models.Model):
    """Something that a good score should have foretold: a relationship that ended, or fell silent."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="outcomes")
    event = models.SlugField(max_length=40, help_text="The key of the source that saw it.")
    happened_date = models.DateField()
    noticed_at = models.DateTimeField()

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["happened_date", "relationship"], name="outcome_by_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "event", "happened_date"], name="an_outcome_is_counted_once"
            )
        ]


class CalibrationRun(models.Model):
    """One night's answer, for one kind, to whether its score foretells anything.

    `bins` are the ten of the reliability diagram, as `analytics.calibration.Bin`; `corners` the probability of
    each score, fitted on the training window alone and empty while the gate is closed.
    """

    kind = models.CharField(max_length=32)
    as_of = models.DateTimeField()
    measured_date = models.DateField(null=True, help_text="The day whose scores were put to the test.")
    relationships = models.PositiveIntegerField()
    events = models.PositiveIntegerField(help_text="In the tested window and in those trained on.")
    auc = models.FloatField(null=True)
    auc_low = models.FloatField(null=True)
    auc_high = models.FloatField(null=True)
    brier = models.FloatField(null=True)
    calibration_error = models.FloatField(null=True)
    lift = models.FloatField(null=True)
    bins = models.JSONField(default=list)
    corners = models.JSONField(default=list)
    is_shown = models.BooleanField(help_text="Whether the gate is open.")

    class Meta:
        indexes = [models.Index(fields=["kind", "-as_of"], name="calibration_by_kind")]
