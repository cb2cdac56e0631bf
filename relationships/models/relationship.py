"""What a party is to us: the unit that is owned, planned, measured and kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from accounts.models import BusinessUnit, Team
from relationships import kinds
from relationships.enums import HealthStatus, NextTouchReason, RevenueType, ValueTier
from relationships.models.party import Fold, Party
from relationships.querysets import RelationshipQuerySet


class Relationship(models.Model):
    """A party in one kind of relationship with one business unit of ours."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="relationships")
    kind = models.CharField(max_length=32, choices=kinds.choices)
    business_unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="relationships"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="relationships"
    )
    stage = models.CharField(max_length=32)
    party_name = models.CharField(
        max_length=200, help_text=_("The party's name, kept here for lists and search.")
    )
    objective = models.CharField(max_length=300, blank=True)
    sensitivity_note = models.CharField(max_length=400, blank=True)
    cadence_days = models.PositiveSmallIntegerField()
    revenue_type = models.CharField(
        max_length=16, choices=RevenueType.choices, default=RevenueType.TRANSACTIONAL
    )
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    source = models.CharField(max_length=60, blank=True)
    external_ref = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_reason = models.CharField(max_length=400, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "party_name", "id"],
                include=["closed_at", "confidentiality", "owner", "team"],
                name="relationship_list_by_name",
            ),
            models.Index(fields=["owner", "kind", "id"], name="relationship_by_owner"),
            models.Index(
                fields=["kind", "stage", "party_name", "id"],
                condition=Q(closed_at=None),
                name="relationship_list_by_stage",
            ),
            models.Index(
                fields=["kind", "owner", "party_name", "id"],
                condition=Q(closed_at=None),
                name="relationship_list_by_owner",
            ),
            GinIndex(OpClass(Fold("party_name"), name="gin_trgm_ops"), name="relationship_name_search"),
            models.Index(
                OpClass(Fold("party_name"), name="text_pattern_ops"), name="relationship_name_beginning"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "business_unit"],
                condition=Q(closed_at=None),
                name="one_open_relationship_per_party_kind_and_unit",
            ),
            models.UniqueConstraint(
                fields=["kind", "source", "external_ref"],
                condition=~Q(external_ref=""),
                name="a_source_names_a_relationship_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__gte=F("opened_at"), closed_by__isnull=False),
                name="a_closed_relationship_was_closed_by_someone_after_it_opened",
            ),
            models.CheckConstraint(condition=Q(cadence_days__gte=1), name="a_cadence_is_at_least_one_day"),
        ]

    def __str__(self) -> str:
        return self.party_name


class RelationshipState(models.Model):
    """The facts of a relationship that are rewritten often, on a narrow row of their own.

    `owner` is the relationship's, kept here by triggers: what needs somebody is found by an index over both.
    """

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    kind = models.CharField(max_length=32)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    last_interaction_at = models.DateTimeField(null=True)
    last_inbound_at = models.DateTimeField(null=True)
    last_outbound_at = models.DateTimeField(null=True)
    next_touch_date = models.DateField(null=True)
    next_touch_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    next_touch_reason = models.CharField(max_length=10, choices=NextTouchReason.choices, blank=True)
    next_touch_id = models.BigIntegerField(
        null=True, help_text=_("The follow-up or commitment; none for rhythm.")
    )
    open_commitments = models.PositiveIntegerField(default=0)
    open_follow_ups = models.PositiveIntegerField(default=0)
    open_problems = models.PositiveIntegerField(default=0)
    health = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    health_status = models.CharField(max_length=8, choices=HealthStatus.choices, blank=True)
    health_status_since = models.DateTimeField(null=True)
    health_coverage = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    health_change = models.DecimalField(max_digits=4, decimal_places=1, null=True, help_text=_("In 30 days."))
    health_reason = models.JSONField(
        null=True, help_text=_("The component that moved or costs most, and by what.")
    )
    health_weeks = ArrayField(
        models.DecimalField(max_digits=4, decimal_places=1, null=True),
        default=list,
        help_text=_("Oldest first."),
    )
    value_tier = models.CharField(max_length=1, choices=ValueTier.choices, blank=True)
    value_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    value_currency = models.CharField(max_length=3, blank=True)
    stale_at = models.DateTimeField(null=True, help_text=_("Set when evidence changed; scoring clears it."))
    scored_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["stale_at"], condition=Q(stale_at__isnull=False), name="state_stale"),
            models.Index(
                fields=["kind", "health", "relationship"], include=["owner"], name="state_list_by_health"
            ),
            models.Index(
                fields=["kind", "last_interaction_at", "relationship"], name="state_list_by_contact"
            ),
            models.Index(fields=["kind", "next_touch_date", "relationship"], name="state_list_by_next_touch"),
            models.Index(fields=["kind", "value_amount", "relationship"], name="state_list_by_value"),
            models.Index(fields=["kind", "health_status", "relationship"], name="state_by_band"),
            models.Index(fields=["kind", "value_tier", "relationship"], name="state_by_tier"),
            models.Index(
                fields=["kind", "relationship"], condition=Q(open_problems__gt=0), name="state_with_problems"
            ),
            models.Index(
                fields=["owner", "relationship"],
                condition=Q(open_problems__gt=0),
                name="state_problems_by_owner",
            ),
            models.Index(
                fields=["owner", "health_change", "relationship"],
                condition=Q(health_change__lte=-1),
                name="state_dropped_by_owner",
            ),
            models.Index(
                F("value_amount").desc(nulls_last=True),
                F("health"),
                F("relationship"),
                condition=Q(health_status=HealthStatus.AT_RISK),
                name="state_at_risk_by_value",
            ),
        ]


class ConfidentialAccess(models.Model):
    """The named people who may know of a confidential or sealed relationship."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="confidential_access"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    until_date = models.DateField(
        null=True, blank=True, help_text=_("The last day of it, where the business unit is; empty: no end.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "user"], name="one_access_per_person_and_relationship"
            )
        ]
