"""Mail on its way out: written with the change that causes it, sent later, at least once."""

import re
import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta
from email.utils import format_datetime, parseaddr
from typing import cast

from celery.exceptions import OperationalError
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.message import SafeMIMEMultipart, SafeMIMEText
from django.db import transaction
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.translation import gettext

from accounts.models import User
from messaging.enums import DeliveryOutcome, MessageState
from messaging.models import Delivery, OutboxMessage
from messaging.operations.addresses import domain_of, each_once, is_address, wire_form
from messaging.operations.attachments import attached_to, keep, parts_of
from messaging.operations.departures import depart, tell_of_failure
from messaging.operations.smtp import Handover, MailServer, ServerUnavailable, hand_over, session
from messaging.tasks import send_outbox
from messaging.transitions import OPEN

MESSAGE_LIMIT_BYTES = 2 * 1024 * 1024
MOST_LETTERS_IN_A_LINE = 998
"""RFC 5322. Shorter lines would break before a long Message-ID, which some mail servers then do not find."""
LEASE = timedelta(minutes=10)
"""A claim older than this was lost in a crash. Longer than the sending task may live."""
RETRY_AFTER = tuple(timedelta(minutes=wait) for wait in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long a message waits after each attempt; the one after the last wait is the last."""
MOST_ATTEMPTS = len(RETRY_AFTER) + 1
MOST_LOST = 1
"""How often a message is sent again after a sender stopped between sending it and writing that down."""


@transaction.atomic
def enqueue_message(
    *,
    message: EmailMessage,
    actor: User | None,
    now: datetime,
    key: str = "",
    subject_ref: str = "",
    due_at: datetime | None = None,
    message_id: str = "",
) -> OutboxMessage:
    """Writes `message` as an outbox row in the caller's transaction and returns it. It may go from `due_at` on.

    The same non-empty `key` again gives the first row and queues nothing. Raises ValueError for what cannot be sent.
    """
    (text, html), files = _bodies(message), attached_to(message)
    _refuse_what_cannot_be_kept(message, text)
    row, created = OutboxMessage.objects.get_or_create(
        key=key or uuid.uuid4().hex,
        defaults={
            "sender": message.from_email,
            "to": each_once(message.to),
            "cc": each_once(message.cc),
            "bcc": each_once(message.bcc),
            "reply_to": list(message.reply_to),
            "subject": str(message.subject),
            "body_text": text,
            "body_html": html,
            "headers": {name: str(value) for name, value in message.extra_headers.items()},
            "message_id": message_id or f"<{uuid.uuid4().hex}@{domain_of(message.from_email)}>",
            "subject_ref": subject_ref,
            "requested_by": actor,
            "created_at": now,
            "due_at": due_at or now,
        },
    )
    if created:
        keep(row, files)
        transaction.on_commit(_wake_the_sender)
    return row


def _bodies(message: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a message, each possibly empty."""
    body = str(message.body)
    if message.content_subtype == "html":
        return strip_tags(body).strip(), body
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = next((str(content) for content, mimetype in alternatives if mimetype == "text/html"), "")
    return body, html


def _refuse_what_cannot_be_kept(message: EmailMessage, text: str) -> None:
    if not message.recipients():
        raise ValueError("a message needs at least one recipient")
    for address in [message.from_email, *message.recipients()]:
        if not is_address(parseaddr(address)[1]):
            raise ValueError(f"{address!r} is not an e-mail address")
    if not text.strip():
        raise ValueError("a message needs words in plain text")
    message.message()  # raises BadHeaderError, a ValueError
    if len(text.encode()) > MESSAGE_LIMIT_BYTES:
        raise ValueError(f"a message is at most {MESSAGE_LIMIT_BYTES} bytes")


def _wake_the_sender() -> None:
    """Asks a worker to send at once. The row is there anyway: without a broker the next beat finds it."""
    try:
        send_outbox.apply_async(retry=False)
    except OperationalError:
        return


def send_due(*, now: datetime, limit: int = 50) -> int:
    """Sends, or keeps when no mail server is set, at most `limit` messages that are due; returns how many.

    Each message is claimed in a transaction of its own, skipping those that another worker holds, and its
    outcome is recorded in a second one. A crash between the two sends it again with the same Message-ID, once.
    A server that is out of reach ends the run: what is still queued is due again in a moment.
    """
    server = MailServer.from_url(settings.SMTP_URL) if settings.SMTP_URL else None
    handled = 0
    with ExitStack() as line:
        client = None
        while handled < limit and (message := _claim_next(now)) is not None:
            handled += 1
            if message.state != MessageState.SENDING:
                continue
            if message.lost_claims > MOST_LOST:
                words = gettext(
                    "The sender stopped twice while sending it. It may have arrived all the same."
                )
                _record(message, Handover(refused=dict.fromkeys(_waiting(message), words)), now)
                continue
            if server is None:
                _record(message, Handover(kept=dict.fromkeys(_waiting(message), "")), now)
                continue
            if message.attempts > MOST_ATTEMPTS:
                _record(message, _postponed(message, gettext("The sender stopped while sending it.")), now)
                continue
            try:
                client = client or line.enter_context(session(server))
                handover = hand_over(client, wire_form(message.sender), _waiting(message), _compose(message))
            except ServerUnavailable as error:
                _record(message, _postponed(message, str(error)), now)
                break
            _record(message, handover, now)
    return handled


@transaction.atomic(durable=True)
def _claim_next(now: datetime) -> OutboxMessage | None:
    """The next message that is due, or that a crashed worker left behind; marked as being sent.

    One that may not go to anybody any more comes back finished.
    """
    due = Q(state=MessageState.QUEUED, due_at__lte=now)
    lost = Q(state=MessageState.SENDING, claimed_at__lte=now - LEASE)
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(due | lost)
    message = waiting.order_by("due_at", "id").first()
    if message is None:
        return None
    message.lost_claims += message.state == MessageState.SENDING
    message.state = MessageState.SENDING
    message.claimed_at = now
    message.attempts += 1
    message.save(update_fields=["state", "claimed_at", "attempts", "lost_claims"])
    depart(message, now)
    return message


def _postponed(message: OutboxMessage, words: str) -> Handover:
    return Handover(postponed=dict.fromkeys(_waiting(message), words))


def _waiting(message: OutboxMessage) -> list[str]:
    """The mailboxes that have no outcome yet, spelt as a mail server wants them."""
    done = set(message.deliveries.exclude(outcome__in=OPEN).values_list("recipient", flat=True))
    everybody = [*message.to, *message.cc, *message.bcc]
    return list(dict.fromkeys(box for box in map(wire_form, everybody) if box not in done))


def _compose(message: OutboxMessage) -> bytes:
    """The message as it goes over the wire: plain text always, HTML beside it where there is some."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        from_email=message.sender,
        to=message.to,
        cc=message.cc,
        reply_to=message.reply_to,
        headers={
            **message.headers,
            "Message-ID": message.message_id,
            "Date": format_datetime(message.created_at),
        },
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    for part in parts_of(message):
        mail.attach(part)
    whole = cast(SafeMIMEMultipart | SafeMIMEText, mail.message())
    whole.policy = whole.policy.clone(max_line_length=MOST_LETTERS_IN_A_LINE)
    return whole.as_bytes(linesep="\r\n")


@transaction.atomic(durable=True)
def _record(message: OutboxMessage, handover: Handover, now: datetime) -> None:
    """Writes what became of a claimed message, unless the claim was lost to another worker meanwhile."""
    row = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if row.state != MessageState.SENDING or row.claimed_at != message.claimed_at:
        return
    _add_deliveries(row, DeliveryOutcome.KEPT, handover.kept, now)
    _add_deliveries(row, DeliveryOutcome.ACCEPTED, handover.accepted, now)
    _add_deliveries(row, DeliveryOutcome.REFUSED, handover.refused, now)
    row.last_error = next(iter((handover.postponed | handover.refused).values()), "")
    if handover.postponed and row.attempts < MOST_ATTEMPTS:
        row.state = MessageState.QUEUED
        row.due_at = now + RETRY_AFTER[row.attempts - 1]
    else:
        _add_deliveries(row, DeliveryOutcome.REFUSED, _given_up(row, handover), now)
        row.state = _final_state(row)
        row.finished_at = now
        if row.state != MessageState.KEPT:
            row.body_text, row.body_html = without_secrets(row.body_text), without_secrets(row.body_html)
        if row.deliveries.filter(outcome=DeliveryOutcome.REFUSED).exists():
            tell_of_failure(row, now)
    row.save(update_fields=["state", "due_at", "finished_at", "last_error", "body_text", "body_html"])


def without_secrets(words: str) -> str:
    """The words with the tokens of our own links taken out: a message that has left opens no door here."""
    return re.sub(rf"({re.escape(settings.BASE_URL)}/\S*?)[\w-]{{24,}}", r"\1…", words)


def _add_deliveries(
    message: OutboxMessage, outcome: DeliveryOutcome, recipients: dict[str, str], now: datetime
) -> None:
    Delivery.objects.bulk_create(
        [
            Delivery(message=message, recipient=recipient, outcome=outcome, detail=detail, at=now)
            for recipient, detail in recipients.items()
        ],
        update_conflicts=True,
        unique_fields=["message", "recipient"],
        update_fields=["outcome", "detail", "at"],
    )


def _given_up(message: OutboxMessage, handover: Handover) -> dict[str, str]:
    words = gettext("Given up after %(attempts)s attempts. Last answer: %(answer)s")
    return {
        recipient: words % {"attempts": message.attempts, "answer": answer}
        for recipient, answer in handover.postponed.items()
    }


def _final_state(message: OutboxMessage) -> MessageState:
    """Sent when it reached anybody, kept when it was meant to stay, failed when nobody took it."""
    outcomes = set(message.deliveries.values_list("outcome", flat=True))
    if DeliveryOutcome.ACCEPTED in outcomes:
        return MessageState.SENT
    return MessageState.KEPT if DeliveryOutcome.KEPT in outcomes else MessageState.FAILED
