"""What is owed and what is planned: promises in both directions, and follow-ups."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from relationships.enums import (
    OPEN_COMMITMENT_STATES,
    Channel,
    CommitmentDirection,
    CommitmentState,
    FollowUpState,
    Materiality,
)
from relationships.models.interaction import Interaction
from relationships.models.party import Party, Words
from relationships.models.relationship import Relationship
from relationships.querysets import CommitmentQuerySet, FollowUpQuerySet


class Commitment(models.Model):
    """A promise with a counterparty who remembers the original date; that date never changes."""

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="commitments")
    direction = models.CharField(max_length=6, choices=CommitmentDirection.choices)
    what = models.CharField(max_length=300)
    person = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        help_text=_("Who of theirs gave or was given the promise."),
    )
    made_in = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    made_at = models.DateTimeField()
    original_due_date = models.DateField()
    current_due_date = models.DateField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="commitments")
    materiality = models.CharField(max_length=6, choices=Materiality.choices, default=Materiality.NORMAL)
    state = models.CharField(max_length=12, choices=CommitmentState.choices, default=CommitmentState.AGREED)
    missed_at = models.DateTimeField(null=True, blank=True, help_text=_("A miss stays counted."))
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["relationship", "state"], name="commitment_by_relationship"),
            models.Index(
                fields=["current_due_date", "id"],
                condition=Q(state__in=["proposed", "agreed", "in_progress", "missed"]),
                name="commitment_open_by_due",
            ),
            models.Index(
                fields=["owner", "current_due_date"],
                condition=Q(state__in=["proposed", "agreed", "in_progress", "missed"]),
                name="commitment_open_by_owner",
            ),
            GinIndex(Words("what", "evidence"), name="commitment_word_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CommitmentState.values), name="a_commitment_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "confirmed"])
                | Q(delivered_at__isnull=False, delivered_by__isnull=False),
                name="a_delivered_commitment_was_delivered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_confirmed_commitment_was_confirmed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="a_withdrawn_commitment_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(missed_at__isnull=False),
                name="a_missed_commitment_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        """Whether it is still owed: not delivered and not withdrawn."""
        return self.state in OPEN_COMMITMENT_STATES


class Renegotiation(models.Model):
    """A promise's date moved, agreed by somebody on the other side. The only way to move it."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="renegotiations")
    from_date = models.DateField()
    to_date = models.DateField()
    agreed_with = models.CharField(max_length=200, help_text=_("Who on the other side agreed."))
    agreed_with_party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_date=F("to_date")), name="a_renegotiation_moves_the_date"
            )
        ]


class FollowUp(models.Model):
    """Something of ours to do next about a relationship; unlike a promise it may be re-dated quietly."""

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="follow_ups")
    person = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    what = models.CharField(max_length=300)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    due_date = models.DateField()
    due_time = models.TimeField(null=True, blank=True, help_text=_("In the assignee's zone."))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="follow_ups"
    )
    planned_in = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    snoozes = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["assignee", "due_date", "id"],
                condition=Q(done_at=None, cancelled_at=None),
                name="follow_up_open_by_assignee",
            ),
            models.Index(
                fields=["assignee", "due_date"],
                condition=Q(done_at__isnull=False, cancelled_at=None),
                name="follow_up_done_by_assignee",
            ),
            models.Index(
                fields=["relationship", "due_date"],
                condition=Q(done_at=None, cancelled_at=None),
                name="follow_up_open_by_relationship",
            ),
            GinIndex(Words("what", Value("")), name="follow_up_word_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_done_follow_up_was_done_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="a_cancelled_follow_up_was_cancelled_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(cancelled_at=None),
                name="a_follow_up_is_done_or_cancelled_not_both",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def state(self) -> FollowUpState:
        """Where it stands."""
        if self.done_at is not None:
            return FollowUpState.DONE
        return FollowUpState.OPEN if self.cancelled_at is None else FollowUpState.CANCELLED
