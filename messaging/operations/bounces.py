"""Delivery reports: a mail that was accepted and came back has come back, for the recipient whom the report names."""

import re
from datetime import datetime

from messaging.enums import DeliveryOutcome, SuppressedBecause
from messaging.models import Delivery, InboundMessage, OutgoingMail
from messaging.operations.addresses import compared_form
from messaging.operations.departures import tell_failed
from messaging.operations.suppressions import suppress_by_machine
from messaging.transitions import DELIVERY

NO_SUCH_MAILBOX = re.compile(r"5\.(1\.\d+|2\.1)")
"""Statuses of RFC 3463 that say that there is nobody: a full box (5.2.2) or a server that did not like it (5.7.x) may
take the next mail."""


def note_bounces(report: InboundMessage, now: datetime) -> None:
    """Writes down what a report says failed. Believed is only one that names a mail of ours by its Message-ID, which
    nobody guesses, and somebody who was sent it; a mailbox that is none gets no more mail.
    """
    failed = {
        compared_form(each["recipient"]): each["status"] for each in report.reports if _has_failed(each)
    }
    if not failed:
        return
    named = [f"<{each}>" for each in report.references]
    accepted = DELIVERY.named("bounce").sources
    sent = Delivery.objects.filter(message__message_id__in=named, outcome__in=accepted)
    bounced = [
        each
        for each in sent.select_for_update(of=("self",)).order_by("pk")
        if compared_form(each.recipient) in failed
    ]
    for delivery in bounced:
        status = failed[compared_form(delivery.recipient)]
        delivery.outcome, delivery.detail, delivery.at = DeliveryOutcome.BOUNCED, status, now
        delivery.save(update_fields=["outcome", "detail", "at"])
        if NO_SUCH_MAILBOX.fullmatch(status):
            suppress_by_machine(delivery.recipient, SuppressedBecause.BOUNCED, status, now)
    for mail in OutgoingMail.objects.filter(outbox__in={each.message_id for each in bounced}).order_by("pk"):
        tell_failed(mail, now)


def _has_failed(report: dict[str, str]) -> bool:
    return report["action"] == "failed"
