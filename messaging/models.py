"""The outbox: effects on the outside world, written in the same transaction as the change that causes them.

Beside it what people are told within the house, how each of them wants to be told, and the mail that came in.
"""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from messaging.enums import (
    DeliveryOutcome,
    HeldBecause,
    InboundOutcome,
    KeptBack,
    MailPrivacy,
    MailPurpose,
    MessageState,
    SuppressedBecause,
)
from messaging.querysets import NotificationQuerySet, OutgoingMailQuerySet


class OutboxMessage(models.Model):
    """A mail to send at least once. `key` makes a repeated request one message.

    `lost_claims` counts how often a sender stopped between handing it to the mail server and writing that down:
    it is sent once more then, and may have arrived twice; never a third time.
    """

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
    lost_claims = models.PositiveSmallIntegerField(default=0, db_default=0)
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
    """The outcome of a message for one recipient: exactly one row each, once the message has been handled.

    Of a mail to people outside the rows are there from the beginning.
    """

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.EmailField()
    outcome = models.CharField(max_length=10, choices=DeliveryOutcome.choices)
    detail = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "recipient"], name="one_outcome_per_message_and_recipient"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=DeliveryOutcome.values), name="a_delivery_has_a_known_outcome"
            ),
        ]


class OutgoingMail(models.Model):
    """A mail that somebody wrote to people outside, about one thing. Its words and its way are the outbox message's.

    Until `send_at` it can be taken back. It leaves when a sender takes it up: only then it counts as said.
    """

    outbox = models.OneToOneField(OutboxMessage, on_delete=models.CASCADE, related_name="outgoing")
    message_id = models.CharField(max_length=255, unique=True)
    purpose = models.CharField(max_length=8, choices=MailPurpose.choices)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    in_reply_to = models.CharField(max_length=400, blank=True)
    references = models.JSONField(default=list)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    send_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="outgoing_mail_by_subject"),
            models.Index(fields=["-written_at", "-id"], name="outgoing_mail_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=MailPurpose.values), name="a_mail_has_a_known_purpose"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False, left_at=None),
                name="a_mail_is_taken_back_by_someone_before_it_leaves",
            ),
        ]

    @property
    def is_held(self) -> bool:
        """Whether it waits for its time, and can be taken back until then."""
        return self.left_at is None and self.taken_back_at is None and self.outbox.finished_at is None


class SuppressedAddress(models.Model):
    """An address that gets no mail from us, or none of some sort, and why. Without a maker a machine found it out."""

    address = models.CharField(max_length=320)
    reason = models.CharField(max_length=8, choices=SuppressedBecause.choices)
    note = models.CharField(max_length=400, blank=True)
    since = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "reason"], name="an_address_is_suppressed_once_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=SuppressedBecause.values), name="an_address_is_suppressed_for_a_reason"
            ),
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


class Mailbox(models.Model):
    """Where mail comes to. How much of it is kept is settled when the mailbox is made.

    `trusted_server` is the name by which the mail server in front signs what it found out about a sender
    (RFC 8601, authserv-id): without one nothing that a mail says of itself is proof.
    """

    address = models.CharField(max_length=320, unique=True)
    privacy = models.CharField(max_length=8, choices=MailPrivacy.choices, default=MailPrivacy.FULL)
    trusted_server = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(privacy__in=MailPrivacy.values), name="a_mailbox_has_a_known_privacy"
            )
        ]

    def __str__(self) -> str:
        return self.address


class InboundMessage(models.Model):
    """A mail that came in, or why it was held. One and the same mail is one row, however often it comes.

    `correspondent` is opaque: who of those we know has the sender's address, where that is one alone. What the
    mailbox does not keep is empty. A held mail that could not be read has no sender.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="messages")
    origin = models.CharField(max_length=400, help_text="The file it came in, and its number there.")
    message_id = models.CharField(max_length=400)
    content_hash = models.CharField(max_length=64)
    raw_hash = models.CharField(max_length=64, help_text="Of its bytes as they came.")
    outcome = models.CharField(max_length=8, choices=InboundOutcome.choices)
    reason = models.CharField(max_length=16, choices=HeldBecause.choices, blank=True)
    variant_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="variants")
    thread_key = models.CharField(max_length=400)
    references = models.JSONField(default=list)
    subject_key = models.CharField(max_length=200, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    to = models.JSONField(default=list, help_text="Names and addresses.")
    cc = models.JSONField(default=list, help_text="Names and addresses.")
    subject = models.CharField(max_length=998, blank=True)
    sent_at = models.DateTimeField(null=True)
    marks = models.JSONField(default=list)
    reports = models.JSONField(default=list, help_text="Of a delivery report: recipient, action, status.")
    body_text = models.TextField(blank=True)
    headers = models.JSONField(default=list)
    size_bytes = models.PositiveIntegerField()
    correspondent = models.CharField(max_length=120, blank=True)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tried_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["outcome", "-id"], name="inbound_by_outcome"),
            models.Index(fields=["mailbox", "thread_key", "id"], name="inbound_by_thread"),
            models.Index(
                fields=["mailbox", "sender", "subject_key", "-sent_at"],
                condition=~Q(subject_key=""),
                name="inbound_by_subject",
            ),
            models.Index(fields=["mailbox", "raw_hash"], name="inbound_by_bytes"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "message_id", "content_hash"],
                name="a_mail_comes_once_to_a_mailbox",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=InboundOutcome.values), name="a_mail_that_came_has_a_known_outcome"
            ),
            models.CheckConstraint(
                condition=Q(outcome="held", reason__in=HeldBecause.values) | Q(outcome="imported", reason=""),
                name="a_held_mail_says_why_and_no_other_does",
            ),
        ]


class InboundOriginal(models.Model):
    """The bytes of a mail as they came, where the mailbox keeps everything: what a second reading starts from."""

    message = models.OneToOneField(
        InboundMessage, on_delete=models.CASCADE, primary_key=True, related_name="original"
    )
    content = models.BinaryField()


class InboundFile(models.Model):
    """A file of a mail: what it is, and why it is kept back, if it is. Its content lies in the original."""

    message = models.ForeignKey(InboundMessage, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=200)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    kept_back = models.CharField(max_length=16, choices=KeptBack.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "position"], name="a_file_of_a_mail_has_its_own_place"
            ),
            models.CheckConstraint(
                condition=Q(kept_back__in=["", *KeptBack.values]),
                name="a_file_is_kept_back_for_a_known_reason",
            ),
        ]
