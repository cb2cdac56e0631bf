"""A review: facts frozen when it was prepared, a verdict with its reason, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from health.enums import ReviewState, ReviewVerdict
from relationships.models import Relationship
from relationships.querysets import InRelationshipQuerySet


class Review(models.Model):
    """One look at a relationship as a whole. `facts` never change once frozen; their hash would tell."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="reviews")
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.DUE)
    due_date = models.DateField()
    facts = models.JSONField(default=dict)
    facts_hash = models.CharField(max_length=64, blank=True)
    proposed = models.CharField(max_length=6, choices=ReviewVerdict.choices, blank=True)
    prepared_at = models.DateTimeField(null=True, blank=True)
    discussion = models.TextField(blank=True)
    discussed_at = models.DateTimeField(null=True, blank=True)
    discussed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(max_length=6, choices=ReviewVerdict.choices, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    plan = models.TextField(blank=True, help_text="What is done, with its aim.")
    notice_date = models.DateField(null=True, blank=True, help_text="When an exit is told to them.")
    data_note = models.CharField(
        max_length=400,
        blank=True,
        db_default="",
        help_text="What is kept of their data after an exit, and how long.",
    )
    next_review_date = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    later = models.JSONField(
        null=True, blank=True, help_text="The same facts half a year after the decision."
    )
    compared_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_date", "id"], name="review_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship"],
                condition=~Q(state="closed"),
                name="one_open_review_per_relationship",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReviewState.values), name="a_review_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="due") | (Q(prepared_at__isnull=False) & ~Q(facts_hash="")),
                name="a_prepared_review_has_frozen_facts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "plan_running", "closed"])
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False, next_review_date__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(reason="")
                ),
                name="a_decided_review_has_verdict_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("decided_by")),
                name="an_exit_is_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="exit", state__in=["plan_running", "closed"])
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="an_exit_runs_only_when_two_agree",
            ),
        ]
