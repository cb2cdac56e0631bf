"""Which mails belong together: by what they refer to, else an answer by its subject and who wrote it."""

import re
from datetime import datetime, timedelta

from django.db.models import Q

from messaging.enums import InboundOutcome
from messaging.models import InboundMessage, Mailbox

ANSWER = re.compile(
    r"(?:\s*(?:re|aw|antw|antwort|sv|vs|tr|fw|fwd|wg|rv|res|ref|odp)\s*(?:\[\d+\]|\(\d+\))?\s*[:\uff1a])+\s*",
    re.IGNORECASE,
)
"""How mail programs begin the subject of an answer or of a mail sent on, in several languages."""
ANSWERED_WITHIN = timedelta(days=60)


def subject_key(subject: str) -> str:
    """The subject without what programs put before it, in small letters."""
    found = ANSWER.match(subject)
    return " ".join(subject[found.end() if found else 0 :].lower().split())[:200]


def thread_of(row: InboundMessage, mailbox: Mailbox, subject: str, now: datetime) -> str:
    """The id of the thread that a mail belongs to, which is the id of its first mail, here or elsewhere.

    A mail that only says the same as one before, such as a newsletter, begins a thread of its own.
    """
    earlier = InboundMessage.objects.filter(mailbox=mailbox, outcome=InboundOutcome.IMPORTED)
    known = dict(
        earlier.filter(message_id__in=row.references).order_by("pk").values_list("message_id", "thread_key")
    )
    near = [known[each] for each in reversed(row.references) if each in known]
    if near or row.references:
        return near[0] if near else str(row.references[0])
    key, when = subject_key(subject), row.sent_at or now
    who = Q(sender=row.sender) & ~Q(sender="")
    if row.correspondent:
        who |= Q(correspondent=row.correspondent)
    if not (key and ANSWER.match(subject)):
        return row.message_id
    same = earlier.filter(who, subject_key=key, sent_at__range=(when - ANSWERED_WITHIN, when))
    found = same.exclude(pk=row.pk).order_by("-sent_at", "-pk").values_list("thread_key", flat=True).first()
    return found or row.message_id


def join_thread(row: InboundMessage) -> None:
    """Has mails that came before the one that they answer follow it into its thread."""
    if row.thread_key != row.message_id:
        others = InboundMessage.objects.filter(mailbox=row.mailbox_id, thread_key=row.message_id)
        others.update(thread_key=row.thread_key)
