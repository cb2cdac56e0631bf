"""Endpoints of other systems, what they are told of, and how that went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from automation.enums import UNDERWAY, DeliveryState, EndpointEnd
from automation.querysets import DeliveryQuerySet, EndpointQuerySet
from relationships.models import Event


class WebhookEndpoint(models.Model):
    """An address that is called when something happens of which its owner may know."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=1000)
    description = models.CharField(max_length=200, blank=True)
    areas = ArrayField(models.CharField(max_length=32), help_text=_("Of which events may be told."))
    verbs = ArrayField(models.CharField(max_length=60), default=list, help_text=_("Empty: every event."))
    kinds = ArrayField(models.CharField(max_length=32), default=list, help_text=_("Empty: every kind."))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listens_since = models.DateTimeField(help_text=_("Earlier events are told only when asked for again."))
    failing_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndpointEnd.choices, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="webhook_endpoint_by_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="")
                | (Q(ended_at__isnull=False) & Q(end_reason__in=EndpointEnd.values)),
                name="an_endpoint_that_ended_says_why",
            )
        ]

    def __str__(self) -> str:
        return self.description or self.url

    @property
    def is_on(self) -> bool:
        """Whether it is told of what happens."""
        return self.ended_at is None and self.removed_at is None


class EndpointSecret(models.Model):
    """What calls to an endpoint are signed with, sealed. After a rotation the old one signs too, until it retires."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField()
    retires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(retires_at=None), name="one_lasting_secret_per_endpoint"
            )
        ]


class WebhookDelivery(models.Model):
    """One event for one endpoint, or a trial call without any event. It holds no words of what it tells.

    What is sent is put together at every attempt, of what the owner may see then. `thing` is what deliveries keep
    their order by: the relationship, or a party that the event is of alone.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    thing = models.CharField(max_length=32)
    state = models.CharField(max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("Since it was last asked for."))
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state__in=UNDERWAY), name="webhook_underway"),
            models.Index(
                fields=["endpoint", "thing", "event"],
                condition=Q(state__in=UNDERWAY),
                name="webhook_line_of_a_thing",
            ),
            models.Index(F("endpoint"), F("id").desc(), name="webhook_log_of_an_endpoint"),
            models.Index(fields=["created_at"], name="webhook_delivery_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"], name="an_event_is_one_delivery_per_endpoint"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="a_webhook_delivery_has_a_known_state"
            ),
        ]

    @property
    def message_id(self) -> str:
        """The same however often it is sent: receivers know by it what they have had."""
        return f"evt_{self.event_id}" if self.event_id else f"ping_{self.pk}"


class WebhookAttempt(models.Model):
    """One call: what was answered, or why there was no answer, and how long it took."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    excerpt = models.CharField(max_length=1000, blank=True, help_text=_("How the answer begins."))
