"""The outbox: effects on the outside world, written in the same transaction as the change that causes them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from messaging.enums import DeliveryOutcome, MessageState


class OutboxMessage(models.Model):
    """A mail to send at least once. `key` makes a repeated request one message."""

    key = models.CharField(max_length=200, unique=True)
    sender = models.CharField(max_length=320)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)
    subject = models.CharField(max_length=998)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    message_id = models.CharField(max_length=255, unique=True)
    subject_ref = models.CharField(max_length=120, blank=True, help_text="Opaque: what the message is about.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="outbox_waiting"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="outbox_being_sent"),
            models.Index(fields=["-created_at", "-id"], name="outbox_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="an_outbox_message_has_a_known_state"
            )
        ]


class Delivery(models.Model):
    """The outcome of a message for one recipient: exactly one row each, once the message has been handled."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.EmailField()
    outcome = models.CharField(max_length=8, choices=DeliveryOutcome.choices)
    detail = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "recipient"], name="one_outcome_per_message_and_recipient"
            )
        ]
