"""The outbox: effects on the outside world, written in the same transaction as the change that causes them.

Beside it what people are told within the house, and how each of them wants to be told.
"""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from messaging.enums import DeliveryOutcome, MessageState
from messaging.querysets import NotificationQuerySet


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


class OutboxAttachment(models.Model):
    """A file that goes with a message: kept beside it in the database, so nothing leads to it but the message."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=200)
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "position"], name="an_attachment_has_its_own_place_in_a_message"
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


class Notification(models.Model):
    """Something that concerns somebody: what happened, about which thing, when, and whether they have read it.

    It holds ids and plain figures, never words: whoever may no longer know of the thing is told nothing of it.
    `mail_due_at` is the timer of its mail, settled once it was sent or there was no more need of it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    topic = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    facts = models.JSONField(default=dict)
    key = models.CharField(
        max_length=120, blank=True, help_text="Of two with the same key only the first is."
    )
    happened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_settled_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("user"), F("happened_at").desc(), F("id").desc(), name="notification_newest_first"
            ),
            models.Index(fields=["user", "id"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["mail_due_at", "id"],
                condition=Q(mail_due_at__isnull=False, mail_settled_at=None),
                name="notification_to_mail",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=~Q(key=""), name="a_notification_once_per_user_and_key"
            ),
            models.CheckConstraint(
                condition=Q(mail_settled_at=None) | Q(mail_due_at__isnull=False),
                name="only_a_mail_that_was_due_is_settled",
            ),
        ]


class NotificationChoice(models.Model):
    """How somebody wants to be told: by topic, at which hour the daily mail comes, and when no mail is to come.

    Whoever never chose has no row; then the usual holds. Clocks are those of the person's own zone.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_choice",
    )
    channels = models.JSONField(
        default=dict, blank=True, help_text="Channel by topic, where it is not the usual one."
    )
    digest_at = models.TimeField(default=time(8))
    quiet_from = models.TimeField(null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(null=True, blank=True, default=time(7))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            )
        ]
