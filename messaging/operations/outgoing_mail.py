"""Mail that somebody writes to people outside: held for a moment in which it can be taken back, then sent."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict, Invalid, Missing
from messaging.enums import DeliveryOutcome, MailPurpose, MessageState
from messaging.models import Delivery, OutboxMessage, OutgoingMail
from messaging.operations.addresses import domain_of, each_once, is_address, wire_form
from messaging.operations.outbox import enqueue_message
from messaging.operations.suppressions import reasons_against
from messaging.queries.outgoing_mail import our_addresses
from messaging.registry import registry
from messaging.transitions import MESSAGE

UNDO_WINDOW = timedelta(seconds=10)
"""How long a mail that is to go at once can be taken back."""
LATEST = timedelta(days=366)
MOST_RECIPIENTS = 50
MOST_REFERENCES = 20


@dataclass(frozen=True)
class Letter:
    """A mail to people outside, as somebody wrote it: about a thing, which its `ref` names to them.

    `send_at` left out is at once, after a moment in which it can be taken back. `in_reply_to` and `references` are
    the Message-IDs that it answers, with their brackets.
    """

    subject_type: str
    subject_id: int
    subject: str
    text: str
    to: Sequence[str]
    cc: Sequence[str] = ()
    ref: str = ""
    purpose: str = MailPurpose.ANSWER
    send_at: datetime | None = None
    in_reply_to: str = ""
    references: Sequence[str] = ()
    reply_to: str = ""


@transaction.atomic
def write_mail(*, actor: User, letter: Letter, now: datetime, key: str = "") -> OutgoingMail:
    """Queues a mail for everybody whom it names, and for nobody else; the same non-empty `key` again gives the first.

    Whether the actor may write about the thing is for the app behind it. Raises Invalid naming each recipient that
    mail cannot go to, and when nobody at all would get it.
    """
    to, cc = _recipients(letter, now)
    row = _enqueue(actor, letter, to, cc, now, key)
    mail, is_new = OutgoingMail.objects.get_or_create(
        outbox=row,
        defaults={
            "message_id": row.message_id,
            "purpose": letter.purpose,
            "subject_type": letter.subject_type,
            "subject_id": letter.subject_id,
            "in_reply_to": letter.in_reply_to[:400],
            "references": list(letter.references)[-MOST_REFERENCES:],
            "written_by": actor,
            "written_at": now,
            "send_at": row.due_at,
        },
    )
    if is_new:
        _open_outcomes(mail, [*to, *cc], now)
    return mail


def _recipients(letter: Letter, now: datetime) -> tuple[list[str], list[str]]:
    """To whom it goes, each once; raises Invalid with everything that is wrong with them and with its time."""
    to = each_once(address.strip() for address in letter.to)
    cc = [address for address in each_once([*to, *(copy.strip() for copy in letter.cc)]) if address not in to]
    wrong: dict[str, list[str]] = {}
    ours = our_addresses()
    for name, addresses in (("to", to), ("cc", cc)):
        for address in addresses:
            if not is_address(address):
                words = _("“%(value)s” is not an e-mail address.")
            elif address.lower() in ours:
                words = _("%(value)s is our own mailbox.")
            else:
                continue
            wrong.setdefault(name, []).append(words % {"value": address})
    if not to:
        wrong["to"] = [_("Say to whom it goes.")]
    if len(to) + len(cc) > MOST_RECIPIENTS:
        wrong["cc"] = [_("A mail goes to at most %(most)d addresses.") % {"most": MOST_RECIPIENTS}]
    if letter.send_at is not None and not now < letter.send_at < now + LATEST:
        wrong["send_at"] = [_("Choose a time within a year from now.")]
    if not wrong and (against := reasons_against([*to, *cc], letter.purpose)).keys() >= {*to, *cc}:
        wrong["to"] = [f"{address}: {words}" for address, words in against.items()]
    if wrong:
        raise Invalid(wrong)
    return to, cc


def _enqueue(
    actor: User, letter: Letter, to: list[str], cc: list[str], now: datetime, key: str
) -> OutboxMessage:
    box = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = re.sub(r'["\\<>\r\n]', "", actor.name)[:100]
    threading = {
        "In-Reply-To": letter.in_reply_to,
        "References": " ".join(letter.references[-MOST_REFERENCES:]),
    }
    message = EmailMessage(
        subject=" ".join(letter.subject.split())[:900],
        body=letter.text,
        from_email=f'"{name}" <{box}>',
        to=to,
        cc=cc,
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={name: value for name, value in threading.items() if value},
    )
    ref = re.sub(r"[^A-Za-z0-9-]", "", letter.ref) or "m"
    return enqueue_message(
        message=message,
        actor=actor,
        now=now,
        key=f"mail-{actor.pk}-{key}" if key else "",
        subject_ref=f"{letter.subject_type}:{letter.subject_id}",
        due_at=letter.send_at or now + UNDO_WINDOW,
        message_id=f"<{uuid.uuid4()}.{ref}@{domain_of(box)}>",
    )


def _open_outcomes(mail: OutgoingMail, addresses: list[str], now: datetime) -> None:
    """A row for every mailbox from the beginning, however its domain is spelt: held back, or suppressed for good."""
    against = reasons_against(addresses, mail.purpose)
    by_mailbox = {wire_form(address): address for address in addresses}
    Delivery.objects.bulk_create(
        Delivery(
            message=mail.outbox,
            recipient=mailbox,
            outcome=DeliveryOutcome.SUPPRESSED if address in against else DeliveryOutcome.HELD_BACK,
            detail=against.get(address, ""),
            at=now,
        )
        for mailbox, address in by_mailbox.items()
    )


@transaction.atomic
def take_back(*, actor: User, mail_id: int, now: datetime) -> OutgoingMail:
    """Takes a mail back before a sender has taken it up. Raises Missing, NotAllowed, or Conflict once it has left."""
    seen: Any = OutgoingMail.objects.visible_to(actor)
    if not seen.filter(pk=mail_id).exists():
        raise Missing(_("There is no such mail."))
    message = OutboxMessage.objects.select_for_update().get(outgoing__pk=mail_id)
    mail = OutgoingMail.objects.get(pk=mail_id)
    mail.outbox = message
    allowed = [move.name for move in MESSAGE.allowed(message.state)] if mail.is_held else []
    if "take_back" not in allowed:
        raise Conflict(_("This mail cannot be taken back any more."), allowed=[])
    registry.mailed[mail.subject_type].taken_back(actor, mail, now)
    mail.taken_back_at, mail.taken_back_by = now, actor
    mail.save(update_fields=["taken_back_at", "taken_back_by"])
    message.state, message.finished_at = MessageState.STOPPED, now
    message.save(update_fields=["state", "finished_at"])
    held = message.deliveries.filter(outcome=DeliveryOutcome.HELD_BACK)
    held.update(outcome=DeliveryOutcome.TAKEN_BACK, at=now)
    return mail
