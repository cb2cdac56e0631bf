"""A playbook on its way: started on a relationship, done step by step, and what it changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships.enums import FollowUpState, RunEffect, StepState
from relationships.models.commitment import FollowUp
from relationships.models.relationship import Relationship
from relationships.querysets import InRelationshipQuerySet


class PlaybookRun(models.Model):
    """One use of a playbook. Its words are kept as they were, for the kind may declare others later."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="playbook_runs")
    playbook = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    aim = models.CharField(max_length=300, blank=True, help_text=_("What it is to change this time."))
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    effect = models.CharField(max_length=8, choices=RunEffect.choices, blank=True)
    effect_note = models.CharField(max_length=400, blank=True)

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["relationship", "-started_at"], name="playbook_run_by_relationship")]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "playbook"],
                condition=Q(closed_at=None),
                name="a_playbook_runs_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, effect="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(effect="")),
                name="a_closed_playbook_run_has_an_effect",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PlaybookRunStep(models.Model):
    """One step of a run. Done and open are read from its follow-up; skipped is its own, with a reason."""

    run = models.ForeignKey(PlaybookRun, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    follow_up = models.OneToOneField(FollowUp, on_delete=models.CASCADE, related_name="playbook_step")
    skipped_at = models.DateTimeField(null=True, blank=True)
    skipped_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="a_playbook_step_has_its_place"),
            models.CheckConstraint(
                condition=Q(skipped_at=None, skipped_reason="")
                | (Q(skipped_at__isnull=False) & ~Q(skipped_reason="")),
                name="a_skipped_step_has_a_reason",
            ),
        ]

    @property
    def state(self) -> StepState:
        """Where it stands: a follow-up that was let go elsewhere counts as skipped too."""
        if self.follow_up.state == FollowUpState.DONE:
            return StepState.DONE
        return StepState.OPEN if self.follow_up.state == FollowUpState.OPEN else StepState.SKIPPED
