"""What was measured: the score with its parts, its weekly history, and the runs that wrote them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from health.enums import RunTrigger
from health.models.scorecard import Scorecard
from relationships.enums import HealthStatus
from relationships.models import Relationship


class RelationshipScore(models.Model):
    """The current score of a relationship with every part of it.

    `parts` is a list, in scorecard order, of
    `{"key","group","measure","value","n","points","weight","reference","used","facts"}` where `points` is s_k
    (0–100), `used` says whether the evidence sufficed, and `facts` are the named numbers behind the words.
    """

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="score"
    )
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    score = models.FloatField(null=True, help_text="Σ w·s / Σ w over used components; none below coverage.")
    reference = models.FloatField(null=True, help_text="Σ w·r / Σ w over the same components.")
    coverage = models.FloatField()
    parts = models.JSONField()
    shown = ArrayField(
        models.IntegerField(),
        default=list,
        db_default=[],
        help_text="Everything as shown (tenths of points, pieces of evidence): a run writes rows where it moved.",
    )
    band_weeks = models.PositiveSmallIntegerField(
        default=0, help_text="Consecutive weeks spent beyond the held band's edge."
    )
    told = models.JSONField(
        null=True,
        help_text='{"score", "parts": {key: [points, weight]}} of Monday, or of when the timeline last told of it.',
    )


class ScoreSnapshot(models.Model):
    """The score at the end of a week (its Monday), kept when it differs from the week before."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="score_snapshots")
    week = models.DateField(help_text="The Monday.")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField(null=True)
    reference = models.FloatField(null=True)
    coverage = models.FloatField()
    status = models.CharField(max_length=8, choices=HealthStatus.choices, blank=True)
    parts = models.JSONField()
    shown = ArrayField(
        models.IntegerField(), default=list, db_default=[], help_text="As in the current score."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "week"], name="one_snapshot_per_relationship_and_week"
            )
        ]


class ScoringRun(models.Model):
    """A scoring run that took place: how many rows it looked at and changed, and how long it took."""

    kind = models.CharField(max_length=32)
    trigger = models.CharField(max_length=8, choices=RunTrigger.choices)
    as_of = models.DateTimeField()
    finished_at = models.DateTimeField()
    scored = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField()
