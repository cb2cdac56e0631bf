"""Mails to people outside, as pages and the API list them; and what an answer in a conversation goes on from."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import keyset
from core.refusals import Missing
from messaging.enums import InboundOutcome, Mark
from messaging.models import InboundMessage, Mailbox, OutgoingMail, SuppressedAddress
from messaging.registry import registry

LIMIT = 50
UNANSWERABLE = (Mark.AUTO_REPLY, Mark.BULK, Mark.DELIVERY_REPORT, Mark.FORGED)
"""What nobody wrote to be answered: an answer would go to a machine, or to who only says that they are one of us."""
NEWEST = keyset.Order(keyset.SortKey("pk", int), descending=True)


@dataclass(frozen=True)
class Thread:
    """What an answer goes on from: the Message-ID that it answers, all before it, and who took part last.

    `reply_to` is the mailbox of ours that they wrote to. Empty where nothing was written by mail yet.
    """

    in_reply_to: str = ""
    references: Sequence[str] = ()
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    reply_to: str = ""


def outgoing_mails(viewer: User, *, q: str = "") -> "QuerySet[OutgoingMail]":
    """Those that the viewer may know of, with what became of them; `q` are parts of subjects or recipients."""
    found = with_outcomes(OutgoingMail.objects.visible_to(viewer))
    for word in q.replace("\x00", "").split():
        said = Q(outbox__subject__icontains=word) | Q(outbox__to__icontains=word)
        found = found.filter(said | Q(outbox__cc__icontains=word))
    return found


def outgoing_page(viewer: User, *, q: str, cursor: str) -> keyset.Page[OutgoingMail]:
    """A page of them, the newest first."""
    return keyset.page(outgoing_mails(viewer, q=q), NEWEST, cursor=cursor, limit=LIMIT)


def one_outgoing(viewer: User, mail_id: int) -> OutgoingMail:
    """One mail with its outcomes. Raises Missing."""
    mail = outgoing_mails(viewer).select_related("taken_back_by").filter(pk=mail_id).first()
    if mail is None:
        raise Missing(_("There is no such mail."))
    return mail


def with_outcomes(rows: Any) -> "QuerySet[OutgoingMail]":
    """Mails with their words and what became of each at every recipient."""
    found: QuerySet[OutgoingMail] = rows.select_related("outbox", "written_by")
    return found.prefetch_related("outbox__deliveries")


def suppressed_addresses(*, q: str = "") -> "QuerySet[SuppressedAddress]":
    """Addresses that get no mail from us; `q` are parts of them."""
    found = SuppressedAddress.objects.select_related("added_by")
    for word in q.replace("\x00", "").split():
        found = found.filter(address__icontains=word)
    return found


def suppressed_page(*, q: str, cursor: str) -> keyset.Page[SuppressedAddress]:
    """A page of them, the newest first."""
    return keyset.page(suppressed_addresses(q=q), NEWEST, cursor=cursor, limit=LIMIT)


def thread_about(subject_type: str, subject_id: int, heard: InboundMessage | None = None) -> Thread:
    """What the next mail about a thing answers: the last of ours, of those that came back to ours, and of `heard`,
    the last mail that is known to be about it.
    """
    ours = OutgoingMail.objects.about(subject_type, subject_id).filter(left_at__isnull=False)
    mail = ours.select_related("outbox").order_by("-left_at", "-pk").first()
    if mail is None or mail.left_at is None:
        return answering(heard) if heard else Thread()
    answer = _last_answer(list(ours.order_by("pk").values_list("message_id", flat=True)), mail)
    since = [each for each in (heard, answer) if each and each.taken_in_at >= mail.left_at]
    if since:
        return answering(max(since, key=lambda each: (each.taken_in_at, each.pk)))
    message = mail.outbox
    reply_to = "".join(message.reply_to)
    return Thread(mail.message_id, [*mail.references, mail.message_id], message.to, message.cc, reply_to)


def _last_answer(message_ids: list[str], last: OutgoingMail) -> InboundMessage | None:
    """The newest mail that somebody wrote in one of these conversations since we wrote last."""
    begun = {each.strip("<>") for each in [*message_ids, *last.references]}
    came = InboundMessage.objects.filter(
        mailbox__in=Mailbox.objects.all(), thread_key__in=begun, outcome=InboundOutcome.IMPORTED
    )
    later = came.select_related("mailbox").filter(taken_in_at__gte=last.left_at)
    for mark in UNANSWERABLE:
        later = later.exclude(marks__contains=[mark])
    return later.order_by("-taken_in_at", "-pk").first()


def answering(came: InboundMessage) -> Thread:
    """What an answer to a mail that came in goes on from: to who wrote it, with a copy to all whom they wrote to."""
    chain = [f"<{each}>" for each in [*came.references, came.message_id]]
    others = [address for _name, address in [*came.to, *came.cc] if address]
    known = our_addresses() | {came.sender.lower()}
    copied = [address for address in others if address.lower() not in known]
    to = [came.sender] if came.sender else []
    return Thread(chain[-1], chain, to, list(dict.fromkeys(copied)), came.mailbox.address)


def our_addresses() -> set[str]:
    """The mailboxes of ours that mail comes to and goes from, in small letters: no mail of ours goes to them."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return {each.lower() for each in [*Mailbox.objects.values_list("address", flat=True), sender]}


def place_of(mail: OutgoingMail) -> str:
    """The page of what a mail is about."""
    return registry.mailed[mail.subject_type].place % mail.subject_id
