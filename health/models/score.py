"""What was measured: the score with its parts, its weekly history, and the runs that wrote them."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import cached_property

from health.enums import RunTrigger
from health.models.scorecard import Scorecard
from relationships.enums import HealthStatus
from relationships.models import Relationship


class ScoreBasis(models.Model):
    """What the scores of one run have in common: each component in scorecard order, and the medians they are held to.

    A score's own numbers stand in arrays of the same order. `facts` names, for each component, the numbers behind
    its words; `starts` says where its first one stands among all facts, from 1.
    """

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    keys = ArrayField(models.CharField(max_length=40))
    groups = ArrayField(models.CharField(max_length=40))
    measures = ArrayField(models.CharField(max_length=40))
    weights = ArrayField(models.FloatField())
    medians = ArrayField(models.FloatField())
    facts = models.JSONField()
    starts = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        indexes = [models.Index(fields=["scorecard", "-id"], name="score_basis_newest")]


class Scored(models.Model):
    """A score with every part of it, as arrays in the order of its basis."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField(null=True, help_text="Σ w·s / Σ w over used components; none below coverage.")
    reference = models.FloatField(null=True, help_text="Σ w·r / Σ w over the same components.")
    coverage = models.FloatField()
    basis = models.ForeignKey(  # an index would have to be written with every score
        ScoreBasis, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    found = ArrayField(
        models.FloatField(null=True), default=list, db_default=[], help_text="Values measured."
    )
    evidence = ArrayField(models.FloatField(), default=list, db_default=[], help_text="Pieces of evidence.")
    points = ArrayField(models.FloatField(null=True), default=list, db_default=[], help_text="s_k, 0–100.")
    used = ArrayField(
        models.BooleanField(), default=list, db_default=[], help_text="Whether the evidence sufficed."
    )
    facts = ArrayField(models.FloatField(null=True), default=list, db_default=[])
    shown = ArrayField(
        models.IntegerField(),
        default=list,
        db_default=[],
        help_text="Everything as shown (tenths of points, pieces of evidence): a run writes rows where it moved.",
    )

    class Meta:
        abstract = True

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """In scorecard order `{"key","group","measure","value","n","points","weight","reference","used","facts"}`."""
        basis = self.basis
        if basis is None:
            return []
        return [
            {
                "key": basis.keys[at], "group": basis.groups[at], "measure": basis.measures[at],
                "value": _plain(self.found[at]), "n": _plain(self.evidence[at]), "points": _plain(self.points[at]),
                "weight": basis.weights[at], "reference": basis.medians[at], "used": self.used[at],
                "facts": {
                    name: _plain(self.facts[start + place - 1]) for place, name in enumerate(basis.facts[at])
                },
            }
            for at, start in enumerate(basis.starts)
        ]  # fmt: skip


def _plain(number: float | None) -> float | None:
    """Whole numbers as such: they are counted and spoken of."""
    return int(number) if number is not None and number.is_integer() else number


class RelationshipScore(Scored):
    """The current score of a relationship."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="score"
    )
    as_of = models.DateTimeField()
    band_weeks = models.PositiveSmallIntegerField(
        default=0, help_text="Consecutive weeks spent beyond the held band's edge."
    )
    told = models.JSONField(
        null=True,
        help_text='{"score", "parts": {key: [points, weight]}} of Monday, or of when the timeline last told of it.',
    )


class ScoreSnapshot(Scored):
    """The score at the end of a week (its Monday), kept when it differs from the week before."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="score_snapshots")
    week = models.DateField(help_text="The Monday.")
    status = models.CharField(max_length=8, choices=HealthStatus.choices, blank=True)

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
