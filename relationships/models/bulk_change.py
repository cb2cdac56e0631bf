"""What was done to many relationships at once, with all that is needed to take it back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships.enums import BulkAction


class BulkChange(models.Model):
    """One change of many relationships of a kind.

    `ids` are the relationships that it changed, or the follow-ups that it planned; `before` has what stood there,
    in the same order. They never leave the database: pages say how many there are.
    """

    kind = models.CharField(max_length=32)
    action = models.CharField(max_length=9, choices=BulkAction.choices)
    field = models.CharField(max_length=80, blank=True, help_text=_("As `edit_relationship` calls it."))
    words = models.CharField(max_length=400, help_text=_("What was done, as it was told."))
    ids = ArrayField(models.BigIntegerField())
    before = models.JSONField(default=list)
    after = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["changed_by", "-changed_at", "-id"], name="bulk_change_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="a_bulk_change_is_undone_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.words
