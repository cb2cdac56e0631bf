"""What the executives' pages stand on: sums of health, frozen briefs with their decisions, and what is outside."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.enums import Confidentiality
from accounts.models import BusinessUnit, Team
from dashboards.enums import Impact, OutsideCategory, OutsideState
from dashboards.querysets import BriefDecisionQuerySet, CellQuerySet, OutsideIssueQuerySet
from relationships.models import FollowUp, Party, Relationship


class Cell(models.Model):
    """What is added up over the relationships that share everything by which sight is decided.

    Where sight is decided one relationship at a time (named people only, kinds with a sight of their own) the
    cell is of that one. A whole cell adds up, beside them, the shared cells of a kind and business unit up to
    internal, for those who see all of it.
    """

    kind = models.CharField(max_length=32)
    business_unit = models.ForeignKey(BusinessUnit, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    confidentiality = models.PositiveSmallIntegerField(choices=Confidentiality.choices)
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, null=True, related_name="+")
    is_whole = models.BooleanField(db_default=False, default=False)

    objects = CellQuerySet.as_manager()

    class Meta:
        abstract = True


class HealthCell(Cell):
    """Sums over the open relationships of a cell; page figures add cells up.

    `week` is the Monday whose kept scores are summed, empty for now. Sums over relationships
    without a value are plain; those over relationships with one are weighted by it.
    """

    week = models.DateField(null=True)
    relationships = models.PositiveIntegerField()
    healthy = models.PositiveIntegerField()
    watch = models.PositiveIntegerField()
    at_risk = models.PositiveIntegerField()
    plain_count = models.PositiveIntegerField()
    plain_sum = models.FloatField()
    valued_count = models.PositiveIntegerField()
    value_sum = models.FloatField()
    weighted_sum = models.FloatField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["week", "kind"], name="health_cell_by_week"),
            models.Index(fields=["week", "kind"], condition=Q(is_whole=True), name="health_cell_whole"),
        ]


class HealthCellPart(models.Model):
    """What one group of a scorecard brought to the sums of a cell: over all groups they come to the cell's."""

    cell = models.ForeignKey(HealthCell, on_delete=models.CASCADE, related_name="parts")
    group = models.SlugField(max_length=40)
    plain_sum = models.FloatField()
    weighted_sum = models.FloatField()


class PromiseCell(Cell):
    """How both sides kept their word in the relationships of a cell.

    Promises made in a talk that is for few are in no cell: who may know of them is
    decided one by one.
    """

    ours_on_time = models.PositiveIntegerField()
    ours_late = models.PositiveIntegerField()
    ours_broken = models.PositiveIntegerField()
    theirs_on_time = models.PositiveIntegerField()
    theirs_late = models.PositiveIntegerField()
    theirs_broken = models.PositiveIntegerField()


class OutsideIssue(models.Model):
    """Something outside that may touch relationships, with who watches it and when they look again."""

    title = models.CharField(max_length=160)
    what = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=12, choices=OutsideCategory.choices)
    impact = models.CharField(max_length=6, choices=Impact.choices, default=Impact.MEDIUM)
    workaround = models.TextField(blank=True)
    kinds = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    parties = models.ManyToManyField(Party, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since_date = models.DateField()
    next_look_date = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=OutsideState.choices, default=OutsideState.NOTICED)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OutsideIssueQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["closed_at", "next_look_date", "id"], name="outside_issue_by_look")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, next_look_date__isnull=False)
                & ~Q(state__in=["over", "dismissed"])
                | Q(closed_at__isnull=False, state__in=["over", "dismissed"]),
                name="an_open_outside_issue_is_looked_at_again",
            )
        ]

    def __str__(self) -> str:
        return self.title


class OutsideIssueEvent(models.Model):
    """One thing that happened to an outside issue; never changed afterwards."""

    issue = models.ForeignKey(OutsideIssue, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=OutsideState.choices)
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Reconciliation(models.Model):
    """Two lists held side by side for an outside issue: how many rows agree, and the first of those that do not."""

    issue = models.ForeignKey(OutsideIssue, on_delete=models.CASCADE, related_name="reconciliations")
    left_name = models.CharField(max_length=200)
    right_name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, help_text="The column by which rows are the same.")
    columns = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    left_rows = models.PositiveIntegerField()
    right_rows = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()
    only_left = models.PositiveIntegerField()
    only_right = models.PositiveIntegerField()
    different = models.PositiveIntegerField(help_text="Rows of which some column differs.")
    mismatches = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.left_name} – {self.right_name}"

    @property
    def wrong(self) -> int:
        """How many rows do not agree."""
        return self.only_left + self.only_right + self.different


class Brief(models.Model):
    """A week as it stood on its Monday morning: ids and numbers only, frozen, with the hash of their canonical form."""

    week = models.DateField(unique=True, help_text="The Monday that ends the week.")
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.week.isoformat()


class BriefReading(models.Model):
    """That somebody opened a brief, and when first."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brief", "reader"], name="one_first_reading_per_brief_and_reader")
        ]


class BriefDecision(models.Model):
    """What was decided on a brief, by whom, about which relationship if one, and the task that follows."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(max_length=300)
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, null=True, related_name="+")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = BriefDecisionQuerySet.as_manager()
