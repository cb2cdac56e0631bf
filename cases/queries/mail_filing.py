"""Mail of cases: what waits for a person, the mails of one case as they came, what is done with a mailbox's mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from cases.enums import FOR_A_PERSON, FilingState
from cases.models import Case, MailDesk, MailFiling
from cases.queries.mail_matching import relationships_of
from core import keyset
from core.refusals import Missing
from messaging.models import InboundFile, Mailbox
from messaging.queries.received_mail import Received, files_of, in_words
from relationships.models import Relationship
from relationships.queries.correspondents import party_with

OLDEST = keyset.Order(keyset.SortKey("pk", int))
LIMIT = 50
MOST = 200


@dataclass(frozen=True)
class Filed:
    """A mail with what became of it, and what the viewer may know of who wrote it."""

    filing: MailFiling
    received: Received
    files: Sequence[tuple[InboundFile, str]] = ()

    @property
    def reason(self) -> str:
        """Why it was filed so, in words; empty where that is plain."""
        return self.filing.refusal or (str(self.filing.get_why_display()) if self.filing.why else "")


@dataclass(frozen=True)
class Doubted(Filed):
    """A mail that waits for a person, with the relationships of who has its sender's address."""

    near: Sequence[Relationship] = ()


def waiting_mail(viewer: User) -> "QuerySet[MailFiling]":
    """What waits until somebody decides, of desks that the viewer works at."""
    rows = MailFiling.objects.visible_to(viewer).for_a_person()
    return rows.select_related("mail__mailbox", "desk").defer("mail__body_text", "mail__headers")


def waiting_page(viewer: User, cursor: str) -> tuple[keyset.Page[MailFiling], list[Filed]]:
    """A page of it, the oldest first, and its lines."""
    page = keyset.page(waiting_mail(viewer), OLDEST, cursor=cursor, limit=LIMIT)
    return page, filed_of(viewer, page.rows)


def filed_of(viewer: User, rows: Sequence[MailFiling]) -> list[Filed]:
    """Filings with what the viewer may know of who wrote the mails."""
    told = in_words(viewer, [row.mail for row in rows])
    return [Filed(row, received) for row, received in zip(rows, told, strict=True)]


def doubted_mail(viewer: User, mail_id: int) -> Doubted:
    """One mail that waits for a person. Raises Missing."""
    rows = MailFiling.objects.visible_to(viewer).select_related("mail__mailbox", "mail__taken_in_by", "desk")
    filing = rows.filter(pk=mail_id, state__in=FOR_A_PERSON).first()
    if filing is None:
        raise Missing(_("There is no such mail."))
    mail = filing.mail
    party = party_with(viewer, mail.sender) if mail.sender else None
    near = relationships_of(viewer, party) if party else []
    return Doubted(filing, in_words(viewer, [mail])[0], files_of(mail), near)


def mails_of(viewer: User, case: Case) -> list[Filed]:
    """The mails of a case that the viewer may know of, oldest first: what stands in it, and what a machine wrote."""
    rows = case.mails.exclude(state__in=[FilingState.WAITING, *FOR_A_PERSON]).order_by("pk")
    return filed_of(viewer, list(rows.select_related("mail__mailbox")[:MOST]))


def mail_of_case(viewer: User, case: Case, mail_id: int) -> Filed:
    """One of them as it came. Raises Missing."""
    found = case.mails.select_related("mail__mailbox", "mail__taken_in_by").filter(pk=mail_id).first()
    if found is None:
        raise Missing(_("There is no such mail."))
    return Filed(found, in_words(viewer, [found.mail])[0], files_of(found.mail))


@dataclass(frozen=True)
class MailboxDesk:
    """A mailbox, what is done with its mail, if anything, and how many of its mails wait for a person."""

    mailbox: Mailbox
    desk: MailDesk | None
    waiting: int


def desks() -> list[MailboxDesk]:
    """Every mailbox, by its address."""
    waiting = Count("filings", filter=Q(filings__state__in=FOR_A_PERSON))
    rows = MailDesk.objects.select_related("agent", "owner", "team", "business_unit").annotate(
        waiting=waiting
    )
    known = {row.mailbox_id: row for row in rows}
    found = [(mailbox, known.get(mailbox.pk)) for mailbox in Mailbox.objects.order_by("address", "pk")]
    return [
        MailboxDesk(mailbox, desk if desk and desk.ended_at is None else None, desk.waiting if desk else 0)
        for mailbox, desk in found
    ]
