"""What was said and done: append-only; a correction is a new version of the row it corrects."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from relationships.enums import Channel, Direction, Severity
from relationships.models.party import Party, Words
from relationships.models.relationship import Relationship
from relationships.querysets import InteractionQuerySet


class Interaction(models.Model):
    """One call, mail, meeting, visit, letter or note. Only `superseded_at` and `problem_*` closing may change."""

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="interactions")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    happened_at = models.DateTimeField(help_text=_("When it took place, not when it was written down."))
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    people = models.ManyToManyField(Party, related_name="interactions", blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interactions")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replies_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    reply_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("Business minutes from what it replies to; whose latency: the direction."),
    )
    sentiment = models.FloatField(
        null=True, blank=True, help_text=_("Compound, -1 to 1; none when not English.")
    )
    sentiment_by = models.CharField(
        max_length=40, blank=True, help_text=_("“person”, or the model's name and version.")
    )
    sentiment_words = models.JSONField(default=list, blank=True)
    problem_severity = models.PositiveSmallIntegerField(
        choices=Severity.choices,
        null=True,
        blank=True,
        help_text=_("Set when a problem or complaint was raised."),
    )
    problem_closed_at = models.DateTimeField(null=True, blank=True)
    problem_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    problem_closed_reason = models.CharField(max_length=400, blank=True)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("relationship"),
                F("happened_at").desc(),
                F("id").desc(),
                name="interaction_timeline",
                condition=Q(superseded_at=None),
            ),
            BrinIndex(fields=["happened_at"], name="interaction_happened_brin"),
            models.Index(
                fields=["relationship"],
                condition=Q(problem_severity__isnull=False, problem_closed_at=None, superseded_at=None),
                name="interaction_open_problem",
            ),
            models.Index(
                fields=["id"],
                condition=Q(confidentiality__gt=Confidentiality.INTERNAL),
                name="interaction_among_few",
            ),
            models.Index(
                fields=["relationship"],
                condition=Q(superseded_at__isnull=False),
                name="interaction_superseded",
            ),
            GinIndex(
                Words("subject", "body"), condition=Q(superseded_at=None), name="interaction_word_search"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id="") & Q(corrects=None),
                name="a_source_names_an_interaction_once",
            ),
            models.CheckConstraint(
                condition=Q(sentiment=None) | Q(sentiment__range=(-1.0, 1.0)),
                name="sentiment_is_minus_1_to_1",
            ),
            models.CheckConstraint(
                condition=Q(problem_closed_at=None, problem_closed_by=None)
                | Q(
                    problem_severity__isnull=False,
                    problem_closed_at__isnull=False,
                    problem_closed_by__isnull=False,
                ),
                name="a_closed_problem_was_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("recorded_at")),
                name="an_interaction_is_recorded_after_it_happened",
            ),
        ]

    @property
    def felt(self) -> float | None:
        """How they felt, −1 to 1: as a person judged it, or as their own words sound; ours say nothing of them."""
        if self.sentiment_by == "person" or self.direction != Direction.OUT:
            return self.sentiment
        return None
