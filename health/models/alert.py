"""What health warns of: the sums that watch each score, and the alerts that people judge."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from health.enums import AlertState, Rule
from health.querysets import AlertQuerySet
from relationships.models import Commitment, FollowUp, Interaction, PartyLink, Relationship


class ScoreWatch(models.Model):
    """The CUSUM of one relationship's weekly score: both sums, and the baseline they were last taken against."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="score_watch"
    )
    week = models.DateField(help_text="The last Monday that was added.")
    upper = models.FloatField(help_text="C⁺, in deviations.")
    lower = models.FloatField(help_text="C⁻, in deviations.")
    mean = models.FloatField()
    deviation = models.FloatField(help_text="Never under 3 points.")
    score = models.FloatField()


class RuleRetirement(models.Model):
    """A rule that somebody switched off, because it was wrong too often; nobody has to look at it again."""

    rule = models.CharField(max_length=16, choices=Rule.choices, primary_key=True)
    retired_at = models.DateTimeField()
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)


class Alert(models.Model):
    """One warning about one relationship, from the moment it was raised to what came of it."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="alerts")
    rule = models.CharField(max_length=16, choices=Rule.choices)
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    opened_at = models.DateTimeField()
    statistic = models.FloatField(null=True, help_text="The sum or ratio that passed the threshold.")
    threshold = models.FloatField(null=True)
    facts = models.JSONField(default=dict, help_text="The named numbers behind the words, as they were.")
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    link = models.ForeignKey(
        PartyLink, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acted_at = models.DateTimeField(null=True, blank=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=300, blank=True, help_text="What is done about it.")
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judgement = models.CharField(max_length=400, blank=True, help_text="Why it was right or false.")

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["relationship", "-opened_at"], name="alert_by_relationship"),
            models.Index(
                fields=["state", "-opened_at", "id"],
                condition=Q(state__in=["open", "acknowledged", "acted"]),
                name="alert_unsettled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "rule"],
                condition=Q(rule="fall", state__in=["open", "acknowledged", "acted"]),
                name="one_unsettled_fall_per_relationship",
            ),
            *(
                models.UniqueConstraint(
                    fields=["relationship", "rule", cause],
                    condition=Q(**{f"{cause}__isnull": False}),
                    name=f"one_alert_per_rule_and_{cause}",
                )
                for cause in ("interaction", "commitment", "link")
            ),
            models.CheckConstraint(
                condition=Q(state__in=AlertState.values), name="an_alert_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged")
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="a_seen_alert_was_seen_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["acted", "confirmed"])
                | (Q(acted_at__isnull=False, acted_by__isnull=False) & ~Q(action="")),
                name="an_alert_acted_on_says_what_is_done",
            ),
            models.CheckConstraint(
                condition=Q(judged_at=None, judged_by=None, state__in=["open", "acknowledged", "acted"])
                | Q(
                    judged_at__isnull=False,
                    judged_by__isnull=False,
                    state__in=["confirmed", "false_alarm"],
                ),
                name="a_judged_alert_was_judged_by_someone",
            ),
        ]
