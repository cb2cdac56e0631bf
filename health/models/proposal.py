"""A proposal before it is sent: what it brings each side, line by line, and who approved it although lopsided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.money import AmountField, CurrencyCodeField
from health.enums import ActualSource, BenefitKind, ProposalState
from relationships.enums import ValueSide
from relationships.models import FollowUp, Relationship
from relationships.querysets import InRelationshipQuerySet


class Proposal(models.Model):
    """An offer, contract or incentive of ours. An approval is of the very lines whose hash it carries."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="proposals")
    title = models.CharField(max_length=200)
    currency = CurrencyCodeField()
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.DRAFT)
    reason = models.CharField(
        max_length=400, blank=True, help_text="Why it should go out although it is flagged."
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_reason = models.CharField(max_length=400, blank=True)
    approved_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["relationship", "-created_at"], name="proposal_by_relationship")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProposalState.values), name="a_proposal_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None)
                | (Q(approved_by__isnull=False) & ~Q(approved_reason="") & ~Q(approved_by=F("asked_by"))),
                name="a_proposal_is_approved_by_another_who_said_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "accepted", "declined"])
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="a_sent_proposal_was_sent_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BenefitLine(models.Model):
    """What one side gains or gives by a proposal. A guess at theirs is marked until somebody else confirms it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines")
    side = models.CharField(max_length=7, choices=ValueSide.choices)
    kind = models.CharField(max_length=12, choices=BenefitKind.choices, default=BenefitKind.MONEY)
    is_cost = models.BooleanField(default=False)
    what = models.CharField(max_length=200)
    low = AmountField()
    likely = AmountField()
    high = AmountField()
    evidence = models.CharField(max_length=300, blank=True)
    estimated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actual = AmountField(null=True, blank=True, help_text="What it came to, once that is known.")
    actual_source = models.CharField(
        max_length=9, choices=ActualSource.choices, blank=True, default="", db_default=""
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(actual=None, actual_source="")
                | Q(actual__isnull=False, actual_source__in=ActualSource.values),
                name="an_actual_says_how_it_is_known",
            ),
            models.CheckConstraint(
                condition=Q(low__gte=0, low__lte=F("likely"), likely__lte=F("high")),
                name="a_benefit_line_rises_from_zero",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("estimated_by"))),
                name="a_guess_is_confirmed_by_another",
            ),
        ]

    @property
    def is_inside(self) -> bool:
        """Whether what it came to lies within the range."""
        return self.actual is not None and self.low <= self.actual <= self.high

    @property
    def is_above(self) -> bool:
        """Whether it came to more than the range."""
        return self.actual is not None and self.actual > self.high


class LookBack(models.Model):
    """The timer of an accepted proposal: when both sides are asked what came of it, and who wrote that down."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="look_back")
    due_date = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_date", "id"], name="look_back_to_ask", condition=Q(asked_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(noted_at=None, noted_by=None) | Q(noted_at__isnull=False, noted_by__isnull=False),
                name="a_look_back_is_noted_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.due_date}"
