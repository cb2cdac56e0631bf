"""The mail that went out, or stayed here, as its page lists it."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from core.refusals import Missing
from messaging.models import OutboxAttachment, OutboxMessage


@dataclass(frozen=True)
class SentMailPage:
    """Messages newest first; `before` is the id to go on from, None at the end."""

    messages: list[OutboxMessage]
    before: int | None


def sent_mail_page(*, before: str = "", q: str = "", limit: int = 50) -> SentMailPage:
    """A page of messages. `q` is part of a subject or of a recipient."""
    found = OutboxMessage.objects.only("id", "to", "subject", "state", "created_at", "due_at", "attempts")
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


def message_of(message_id: int) -> OutboxMessage:
    """One message with what became of it at each recipient. Raises Missing."""
    files = Prefetch("attachments", OutboxAttachment.objects.defer("content").order_by("position"))
    found = OutboxMessage.objects.select_related("requested_by").prefetch_related("deliveries", files)
    message = found.filter(pk=message_id).first()
    if message is None:
        raise Missing(_("There is no such message."))
    return message
