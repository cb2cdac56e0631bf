"""The mail that went out, or stayed here, as its page lists it."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Missing
from messaging.models import OutboxAttachment, OutboxMessage, OutgoingMail


@dataclass(frozen=True)
class SentMailPage:
    """Messages newest first; `before` is the id to go on from, None at the end."""

    messages: list[OutboxMessage]
    before: int | None


def sent_mail(viewer: User) -> "QuerySet[OutboxMessage]":
    """Every message to our own people, and those to people outside that are about things the viewer may know of."""
    return OutboxMessage.objects.filter(
        Q(outgoing=None) | Q(outgoing__in=OutgoingMail.objects.visible_to(viewer))
    )


def sent_mail_page(viewer: User, *, before: str = "", q: str = "", limit: int = 50) -> SentMailPage:
    """A page of messages. `q` is part of a subject or of a recipient."""
    found = sent_mail(viewer).only("id", "to", "subject", "state", "created_at", "due_at", "attempts")
    for word in q.replace("\x00", "").split():
        found = found.filter(Q(subject__icontains=word) | Q(to__icontains=word))
    last = _message(before)
    if last is not None:
        found = found.filter(
            Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
        )
    rows = list(found.order_by("-created_at", "-id")[: limit + 1])
    return SentMailPage(messages=rows[:limit], before=rows[limit - 1].pk if len(rows) > limit else None)


def _message(words: str) -> OutboxMessage | None:
    if not words.isdecimal() or len(words) > 18:
        return None
    return OutboxMessage.objects.filter(pk=int(words)).first()


def message_of(viewer: User, message_id: int) -> OutboxMessage:
    """One message with what became of it at each recipient. Raises Missing."""
    files = Prefetch("attachments", OutboxAttachment.objects.defer("content").order_by("position"))
    found = sent_mail(viewer).select_related("requested_by").prefetch_related("deliveries", files)
    message = found.filter(pk=message_id).first()
    if message is None:
        raise Missing(_("There is no such message."))
    return message
