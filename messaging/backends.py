"""Django's mail goes into the outbox; a sender drains it. Nothing is sent inside a request."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

from messaging.operations.outbox import enqueue_message


class OutboxEmailBackend(BaseEmailBackend):
    """Writes each message as an outbox row, in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queues the messages; returns how many."""
        for message in email_messages:
            enqueue_message(message=message, actor=None, now=timezone.now())
        return len(email_messages)
