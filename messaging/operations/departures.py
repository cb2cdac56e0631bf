"""The moment at which a mail to people outside leaves: who may not get it any more, and what that means elsewhere."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext

from core.refusals import Refusal
from messaging.enums import DeliveryOutcome, MessageState
from messaging.models import OutboxMessage, OutgoingMail
from messaging.operations.suppressions import reasons_against
from messaging.registry import registry
from messaging.transitions import OPEN

log = structlog.get_logger(__name__)


def depart(message: OutboxMessage, now: datetime) -> None:
    """Lets a message that was claimed go, or stops it: where nobody may get it any more, or it may not be said now.

    A message to our own people goes in any case. What a mail means for its thing is written down once, at the
    first attempt.
    """
    mail = OutgoingMail.objects.filter(outbox=message).first()
    if mail is None:
        return
    mail.outbox = message
    _leave_out_the_suppressed(mail, now)
    if not message.deliveries.filter(outcome__in=OPEN).exists():
        _stop(mail, now, "")
    elif mail.left_at is None:
        _leave(mail, now)


def _leave_out_the_suppressed(mail: OutgoingMail, now: datetime) -> None:
    waiting = mail.outbox.deliveries.filter(outcome__in=OPEN)
    against = reasons_against([each.recipient for each in waiting], mail.purpose)
    for delivery in waiting:
        if delivery.recipient in against:
            delivery.outcome, delivery.detail = DeliveryOutcome.SUPPRESSED, against[delivery.recipient]
            delivery.at = now
            delivery.save(update_fields=["outcome", "detail", "at"])


def _leave(mail: OutgoingMail, now: datetime) -> None:
    try:
        with transaction.atomic():
            registry.mailed[mail.subject_type].left(mail, now)
    except Refusal as refusal:
        _stop(mail, now, refusal.message)
        return
    except Exception:  # whatever is wrong with one mail, it holds up no other
        log.exception("mail_not_written_down", mail=mail.pk)
        _stop(mail, now, gettext("It could not be written down, so it was not sent."))
        return
    mail.left_at = now
    mail.save(update_fields=["left_at"])
    held = mail.outbox.deliveries.filter(outcome=DeliveryOutcome.HELD_BACK)
    held.update(outcome=DeliveryOutcome.WAITING, at=now)


def _stop(mail: OutgoingMail, now: datetime, words: str) -> None:
    """It goes to nobody any more; sent it is all the same, where somebody has it already."""
    message = mail.outbox
    has_arrived = message.deliveries.filter(outcome=DeliveryOutcome.ACCEPTED).exists()
    message.state = MessageState.SENT if has_arrived else MessageState.STOPPED
    message.finished_at, message.last_error = now, words
    message.save(update_fields=["state", "finished_at", "last_error"])
    open_ones = message.deliveries.filter(outcome__in=OPEN)
    open_ones.update(outcome=DeliveryOutcome.STOPPED, detail=words, at=now)
    if not has_arrived:
        tell_failed(mail, now)


def tell_of_failure(message: OutboxMessage, now: datetime) -> None:
    """Somebody will not get a message: whoever answers for what it is about hears of it."""
    mail = OutgoingMail.objects.select_related("outbox").filter(outbox=message).first()
    if mail is not None:
        tell_failed(mail, now)


def tell_failed(mail: OutgoingMail, now: datetime) -> None:
    """The same of a mail to people outside; where what it is about is gone, nobody is left to hear of it."""
    try:
        with transaction.atomic():
            registry.mailed[mail.subject_type].failed(mail, now)
    except Exception:  # what became of a mail is kept, whoever cannot be told
        log.exception("failed_mail_not_told", mail=mail.pk)
