"""Timers of promises: when somebody is reminded of one, and whether that has happened."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from relationships.enums import ReminderStage
from relationships.models.commitment import Commitment


class CommitmentReminder(models.Model):
    """One reminder of a promise for one of its dates: waiting, told to somebody, or lapsed.

    A date has one row for every stage, also for those whose moment was over when it was planned, so what has
    no row is yet to be planned. A new date brings new rows; those of the old one lapse when their moment comes.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="reminders")
    stage = models.CharField(max_length=7, choices=ReminderStage.choices)
    due_date = models.DateField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(told_at=None, lapsed_at=None), name="reminder_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "due_date", "stage"], name="a_reminder_once_per_promise_date_and_stage"
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_to=None) | Q(told_at__isnull=False, told_to__isnull=False),
                name="a_told_reminder_was_told_to_someone",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(lapsed_at=None), name="a_reminder_is_told_or_lapsed_not_both"
            ),
        ]
