"""Two parties that were one: who went into whom, and everything that is needed to part them again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships.enums import MergeAction
from relationships.models.party import Party
from relationships.models.relationship import Relationship
from relationships.querysets import MergeQuerySet


class MergeRecord(models.Model):
    """One party went into another. While it stands, the address of the one that went leads to the other."""

    kept = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="merges")
    former_id = models.BigIntegerField(help_text=_("The id of the party that went."))
    former_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=400, blank=True)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_reason = models.CharField(max_length=400, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-merged_at", "-id"], name="merge_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["former_id"], condition=Q(undone_at=None), name="a_party_went_into_one_other"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="a_merge_is_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.former_name


class JoinedRelationship(models.Model):
    """A relationship that went into one of the same kind and unit: its address leads there."""

    record = models.ForeignKey(MergeRecord, on_delete=models.CASCADE, related_name="joined")
    former_id = models.BigIntegerField(db_index=True)
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="joined")


class MergeStep(models.Model):
    """One thing that a merge did to the rows of one table, with what is needed to take it back.

    `rows` are whole rows as they were: those set aside, or those changed, which stand in `rows_after` as the
    merge left them. They never leave the database and no page shows them.
    """

    record = models.ForeignKey(MergeRecord, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(max_length=7, choices=MergeAction.choices)
    model = models.CharField(max_length=80)
    field = models.CharField(max_length=60, blank=True)
    from_id = models.BigIntegerField(null=True)
    to_id = models.BigIntegerField(null=True)
    ids = ArrayField(models.BigIntegerField())
    rows = models.JSONField(default=list)
    rows_after = models.JSONField(default=list)
