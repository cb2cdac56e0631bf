"""Mail coming in: each one taken in or held with the reason, in a transaction of its own, and the same one once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import require
from core.refusals import Conflict, Invalid, Missing
from messaging.enums import HeldBecause, InboundOutcome, MailPrivacy, Mark
from messaging.models import InboundFile, InboundMessage, InboundOriginal, Mailbox, OutboxMessage
from messaging.operations.bounces import note_bounces
from messaging.operations.mail_headers import ADDRESS, storable
from messaging.operations.mail_reading import SYNTHETIC, ReadMail, Unread, read_mail
from messaging.operations.mail_senders import is_forged
from messaging.operations.mail_stores import StoredMail
from messaging.operations.mail_threads import join_thread, subject_key, thread_of
from messaging.registry import registry

DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Taken:
    """What became of a mail: `outcome` is one of `InboundOutcome`, or `DUPLICATE` of what was there already."""

    outcome: str
    message: InboundMessage

    @property
    def is_variant(self) -> bool:
        """Whether it was taken in beside another one with its Message-ID."""
        return self.outcome == InboundOutcome.IMPORTED and self.message.variant_of_id is not None


@transaction.atomic
def ensure_mailbox(
    *, actor: User, address: str, now: datetime, privacy: str = "", trusted_server: str | None = None
) -> Mailbox:
    """The mailbox with this address; made when there is none. Raises Invalid or Conflict.

    What it keeps is settled when it is made: to keep less afterwards would leave what was kept before.
    """
    written = address.strip().lower()
    if not ADDRESS.fullmatch(written) or len(written) > 320:
        raise Invalid({"mailbox": _("“%(value)s” is not an e-mail address.") % {"value": address}})
    if privacy and privacy not in MailPrivacy.values:
        raise Invalid({"privacy": _("Choose one of: %(names)s.") % {"names": ", ".join(MailPrivacy.values)}})
    usual = {"privacy": privacy or MailPrivacy.FULL, "created_at": now, "created_by": actor}
    mailbox, _is_new = Mailbox.objects.get_or_create(address=written, defaults=usual)
    if privacy and mailbox.privacy != privacy:
        raise Conflict(
            _("%(mailbox)s was set to keep “%(level)s”, and that stays so.")
            % {"mailbox": written, "level": mailbox.get_privacy_display()}
        )
    if trusted_server is not None:
        mailbox.trusted_server = trusted_server.strip().lower()[:255]
        mailbox.save(update_fields=["trusted_server"])
    return mailbox


def take_in(*, actor: User, mailbox: Mailbox, mail: StoredMail, now: datetime) -> Taken:
    """Takes a mail in, or holds it. The same one again changes nothing; one that is held is tried again."""
    read = _read(mail)
    with transaction.atomic():
        _hold(mailbox)
        return _keep(actor, mailbox, mail, read, now)


def retry_held(*, actor: User, message_id: int, now: datetime) -> Taken:
    """Reads a held mail again from its bytes. Raises NotAllowed, Missing, or Conflict without anything to read."""
    require(actor, Permission.VIEW_SENT_MAIL)
    row = InboundMessage.objects.select_related("mailbox").filter(pk=message_id).first()
    if row is None:
        raise Missing(_("There is no such mail."))
    original = InboundOriginal.objects.filter(message=row).first()
    if row.outcome != InboundOutcome.HELD:
        raise Conflict(_("This mail was taken in already."))
    if original is None:
        raise Conflict(_("The bytes of this mail were not kept. Bring the file again."))
    mail = StoredMail(row.origin)
    mail.add(bytes(original.content))
    return take_in(actor=actor, mailbox=row.mailbox, mail=mail, now=now)


def _hold(mailbox: Mailbox) -> None:
    """Two who bring the same mail come one after the other."""
    Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox.pk)


def _read(mail: StoredMail) -> ReadMail | Unread:
    if not mail.is_readable:
        return Unread(HeldBecause.UNREADABLE)
    return Unread(HeldBecause.TOO_LARGE) if mail.is_too_large else read_mail(mail.raw)


def _keep(actor: User, mailbox: Mailbox, mail: StoredMail, read: ReadMail | Unread, now: datetime) -> Taken:
    reason, (message_id, content_hash) = _why_held(read), _key(mail, read)
    same = InboundMessage.objects.filter(mailbox=mailbox)
    held = same.filter(raw_hash=mail.sha256, outcome=InboundOutcome.HELD)
    known = same.filter(message_id=message_id, content_hash=content_hash).first()
    if known is not None and known.outcome == InboundOutcome.IMPORTED:
        held.delete()
        return Taken(DUPLICATE, known)
    row = known or held.first()
    if row is None:
        row = InboundMessage(mailbox=mailbox, taken_in_at=now, taken_in_by=actor, attempts=0)
    row.origin, row.size_bytes, row.raw_hash = _origin(mail), mail.size_bytes, mail.sha256
    row.outcome, row.reason = InboundOutcome.HELD if reason else InboundOutcome.IMPORTED, reason
    row.tried_at, row.attempts = now, row.attempts + 1
    row.message_id = row.thread_key = message_id
    row.content_hash = content_hash
    if isinstance(read, ReadMail):
        _fill(actor, mailbox, row, read, now)
    row.save()
    if not reason:
        join_thread(row)
        note_bounces(row, now)
    _keep_content(mailbox, row, mail, read)
    if not reason:
        for taker in registry.takers:
            taker(row)
    return Taken(row.outcome, row)


def _why_held(read: ReadMail | Unread) -> str:
    if isinstance(read, Unread):
        return read.reason
    if read.goes_round:
        return HeldBecause.LOOP
    is_ours = OutboxMessage.objects.filter(message_id__in=[read.message_id, f"<{read.message_id}>"]).exists()
    return HeldBecause.OURS if is_ours else ""


def _key(mail: StoredMail, read: ReadMail | Unread) -> tuple[str, str]:
    """The Message-ID and the hash that one mail is known by; one that cannot be read by its bytes."""
    if isinstance(read, Unread):
        return f"{mail.sha256}@{SYNTHETIC}", mail.sha256
    return read.message_id, read.content_hash


def _origin(mail: StoredMail) -> str:
    """Where it lay; of a long way the end, where the name is."""
    return storable(mail.origin)[-400:]


def _fill(actor: User, mailbox: Mailbox, row: InboundMessage, read: ReadMail, now: datetime) -> None:
    """What is known of the mail, as far as the mailbox keeps it."""
    marks = read.marks | ({Mark.FORGED} if is_forged(mailbox, read) else set())
    row.sender_name, row.sender = read.sender
    row.to, row.cc, row.sent_at, row.references = read.to, read.cc, read.sent_at, read.references
    row.reports = read.reports
    row.correspondent = registry.correspondents.find(actor, row.sender) if row.sender else ""
    if mailbox.privacy != MailPrivacy.METADATA:
        row.subject, row.subject_key = read.subject, subject_key(read.subject)
    if mailbox.privacy == MailPrivacy.FULL:
        row.body_text, row.headers = read.text, read.headers
    others = InboundMessage.objects.filter(
        mailbox=mailbox, message_id=row.message_id, outcome=InboundOutcome.IMPORTED
    )
    row.variant_of = None if row.reason else others.exclude(pk=row.pk).order_by("pk").first()
    row.marks = sorted(marks | ({Mark.VARIANT} if row.variant_of else set()))
    row.thread_key = thread_of(row, mailbox, row.subject, now)


def _keep_content(mailbox: Mailbox, row: InboundMessage, mail: StoredMail, read: ReadMail | Unread) -> None:
    """The bytes and the files, where the mailbox keeps everything."""
    if mailbox.privacy != MailPrivacy.FULL:
        return
    if mail.raw:
        InboundOriginal.objects.update_or_create(message=row, defaults={"content": mail.raw})
    row.files.all().delete()
    files = read.files if isinstance(read, ReadMail) else []
    InboundFile.objects.bulk_create(
        InboundFile(message=row, position=position, **vars(file)) for position, file in enumerate(files, 1)
    )
