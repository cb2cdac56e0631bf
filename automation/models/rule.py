"""Rules that act by themselves: what they say, in versions, and what became of each for every event."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from automation.enums import RunState, Trigger
from automation.querysets import RuleQuerySet, RuleRunQuerySet
from relationships.models import Event, Relationship


class AutomationRule(models.Model):
    """When something happens, and if conditions hold, do something: never more than its author may."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=32)
    version = models.PositiveIntegerField(default=1)
    trigger = models.CharField(max_length=6, choices=Trigger.choices)
    created_at = models.DateTimeField()
    on_since = models.DateTimeField(null=True, blank=True, help_text=_("Empty: switched off."))
    next_due_at = models.DateTimeField(null=True, blank=True, help_text=_("Of one that runs by the clock."))
    turn = models.PositiveIntegerField(default=0, help_text=_("How many were given out in turn."))

    objects = RuleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_due_at"], condition=Q(on_since__isnull=False), name="rule_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(trigger=Trigger.EVENT) | Q(on_since=None) | Q(next_due_at__isnull=False),
                name="a_rule_by_the_clock_knows_when",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """What a rule said from a moment on; the last one is in force. `says` is a `automation.queries.rules.Says`."""

    rule = models.ForeignKey(AutomationRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    says = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_version_per_rule_and_number")
        ]


class RuleRun(models.Model):
    """A version of a rule meets an event, or a relationship at its hour: once, whatever is repeated."""

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="runs")
    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="+")
    occasion_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.WAITING)
    told = models.JSONField(default=list, help_text=_("What was done, or why not, line by line."))
    finished_at = models.DateTimeField(null=True)

    objects = RuleRunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state=RunState.WAITING), name="rule_run_waiting"),
            models.Index(fields=["finished_at"], name="rule_run_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "event"],
                condition=Q(event__isnull=False),
                name="a_rule_meets_an_event_once",
            ),
            models.UniqueConstraint(
                fields=["version", "relationship", "occasion_at"],
                condition=Q(event=None),
                name="a_rule_meets_a_relationship_once_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="a_rule_run_has_a_known_state"
            ),
        ]
