"""The mail that came in, as its pages and the API list it: what was taken in, and what is held and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from core import keyset
from core.refusals import Missing
from messaging.enums import HeldBecause, InboundOutcome, KeptBack, Mark
from messaging.models import InboundFile, InboundMessage, InboundOriginal, Mailbox
from messaging.registry import Line, registry

LIMIT = 50
NEWEST = keyset.Order(keyset.SortKey("pk", int), descending=True)
SHOWN_WITH = 50
"""How many mails of a thread stand beside one of them."""


@dataclass(frozen=True)
class Received:
    """A mail with what the viewer may know of who wrote it."""

    mail: InboundMessage
    line: Line | None

    @property
    def marks(self) -> list[str]:
        """What is to be known of it, in words."""
        return [str(Mark(code).label) for code in self.mail.marks]

    @property
    def reason(self) -> str:
        """Why it is held, in words; empty for one that was taken in."""
        return str(HeldBecause(self.mail.reason).label) if self.mail.reason else ""


@dataclass(frozen=True)
class Opened:
    """A mail with its files, the others of its thread, and those that have its Message-ID."""

    received: Received
    files: list[InboundFile]
    thread: list[InboundMessage]
    variants: list[InboundMessage]

    @property
    def kept_back(self) -> list[tuple[InboundFile, str]]:
        """Its files, each with the words for which it is kept back; empty for one that is not."""
        return in_reasons(self.files)


def in_reasons(files: Iterable[InboundFile]) -> list[tuple[InboundFile, str]]:
    """Files, each with the words for which it is kept back; empty for one that is not."""
    return [(file, str(KeptBack(file.kept_back).label) if file.kept_back else "") for file in files]


def files_of(mail: InboundMessage) -> list[tuple[InboundFile, str]]:
    """The files of a mail in their order, with those words."""
    return in_reasons(mail.files.order_by("position"))


def received_mail(*, outcome: str = "", q: str = "") -> "QuerySet[InboundMessage]":
    """Mails, perhaps only those of one outcome; `q` are parts of subjects, senders or mailboxes."""
    found = InboundMessage.objects.select_related("mailbox").defer("body_text", "headers")
    if outcome in InboundOutcome.values:
        found = found.filter(outcome=outcome)
    for word in q.replace("\x00", "").split():
        said = Q(subject__icontains=word) | Q(sender__icontains=word) | Q(sender_name__icontains=word)
        found = found.filter(said | Q(mailbox__address__icontains=word) | Q(origin__icontains=word))
    return found


def received_page(
    viewer: User, *, outcome: str, q: str, cursor: str
) -> tuple[keyset.Page[InboundMessage], list[Received]]:
    """A page of mails, the newest first, and its lines."""
    page = keyset.page(received_mail(outcome=outcome, q=q), NEWEST, cursor=cursor, limit=LIMIT)
    return page, in_words(viewer, page.rows)


def in_words(viewer: User, mails: Iterable[InboundMessage]) -> list[Received]:
    """Mails with those of their senders that the viewer may know of."""
    found = list(mails)
    lines = registry.correspondents.lines(viewer, {mail.correspondent for mail in found} - {""})
    return [Received(mail, lines.get(mail.correspondent)) for mail in found]


def mailboxes() -> list[Mailbox]:
    """Every mailbox with how many of its mails are `held`: nothing else than none is well."""
    held = InboundMessage.objects.filter(mailbox=OuterRef("pk"), outcome=InboundOutcome.HELD)
    number = held.order_by().values("mailbox").annotate(number=Count("pk")).values("number")
    return list(Mailbox.objects.annotate(held=Coalesce(Subquery(number), 0)).order_by("address", "pk"))


def one_received(viewer: User, mail_id: int) -> Opened:
    """One mail with all that is kept of it; `can_be_read_again` stands on it. Raises Missing."""
    kept = Exists(InboundOriginal.objects.filter(message=OuterRef("pk")))
    found = InboundMessage.objects.select_related("mailbox", "taken_in_by").annotate(can_be_read_again=kept)
    mail = found.filter(pk=mail_id).first()
    if mail is None:
        raise Missing(_("There is no such mail."))
    same = InboundMessage.objects.filter(mailbox=mail.mailbox_id).exclude(pk=mail.pk)
    near = same.filter(outcome=InboundOutcome.IMPORTED).defer("body_text", "headers").order_by("pk")
    together = list(near.filter(Q(thread_key=mail.thread_key) | Q(message_id=mail.message_id))[:SHOWN_WITH])
    return Opened(
        received=in_words(viewer, [mail])[0],
        files=list(mail.files.order_by("position")),
        thread=[each for each in together if each.message_id != mail.message_id],
        variants=[each for each in together if each.message_id == mail.message_id],
    )
