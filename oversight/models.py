"""What is known of people, told to them and taken away: subject access, erasure, and what forbids it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from oversight.enums import ErasureBasis, ErasureState, KeptData
from relationships.models import Party


class Erasure(models.Model):
    """A person to be erased: asked for by one of ours, confirmed by another, done once."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=12, choices=ErasureBasis.choices)
    reason = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=9, choices=ErasureState.choices, default=ErasureState.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    summary = models.JSONField(default=dict, help_text="By table, how many rows went, changed and stayed.")

    class Meta:
        indexes = [models.Index(fields=["-id"], name="erasure_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["party"],
                condition=Q(state__in=["requested", "confirmed"]),
                name="one_open_erasure_per_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")),
                name="an_erasure_is_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False, confirmed_by__isnull=False),
                name="a_done_erasure_was_confirmed",
            ),
        ]


class LegalHold(models.Model):
    """Nothing of a person may go while this stands: a claim, an investigation, an order of a court."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="legal_holds")
    reason = models.CharField(max_length=400)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(lifted_at=None), name="one_standing_legal_hold_per_person"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_legal_hold_is_lifted_by_someone",
            ),
        ]


class SubjectExport(models.Model):
    """Everything that is known of a person, put together for them: a ZIP in private storage that goes again."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tables_done = models.PositiveSmallIntegerField(default=0)
    tables = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=400, blank=True)
    file = models.FileField(upload_to="subject-access/", blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="subject_export_waiting"),
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False), name="subject_export_to_go"
            ),
        ]


class RetentionRule(models.Model):
    """For how long something is kept, and when it is looked through again: a timer that a worker claims."""

    data = models.CharField(max_length=9, choices=KeptData.choices)
    kind = models.CharField(max_length=32, blank=True, help_text="Of relationship; empty for every kind.")
    days = models.PositiveIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(help_text="When it is carried out next.")
    last_done = models.PositiveIntegerField(null=True, help_text="Rows that the last time took.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="retention_rule_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["data", "kind"], condition=Q(ended_at=None), name="one_rule_per_data_and_kind"
            ),
            models.CheckConstraint(condition=Q(days__gte=30), name="a_rule_keeps_for_a_month_at_least"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_retention_rule_was_ended_by_someone",
            ),
        ]
