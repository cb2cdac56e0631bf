"""Mail that came to a desk is filed: in the case that it answers, as a new case or as a contact; else a person decides.

A mail is kept before it is filed, and each is filed in a transaction of its own: whatever goes wrong here loses none.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.queries.actors import system_actor
from analytics.replies.reply import reply_text
from analytics.thanks import is_mere_thanks
from cases.enums import ENDED, CaseSeverity, CaseState, CaseTells, DeskDoes, FilingState, FilingWhy
from cases.models import Case, CaseMessage, MailDesk, MailFiling
from cases.operations.cases import Raised, open_case
from cases.operations.lines import tell_owner
from cases.operations.messages import hear_case
from cases.operations.moves import REOPENS_FOR
from cases.operations.talks import MOST_TEXT
from cases.queries.mail_matching import IN_SUBJECT, match_of, named_case, why_left
from core.refusals import Refusal
from messaging.models import InboundMessage
from messaging.operations.mail_headers import moment_of
from messaging.operations.mail_threads import ANSWER
from relationships.enums import Channel
from relationships.models import Party, Relationship
from relationships.operations.interactions import log_interaction

SOURCE = "mail"
log = structlog.get_logger(__name__)


def await_filing(mail: InboundMessage) -> None:
    """A mail that was just taken in waits to be filed, if its mailbox has a desk."""
    desk = MailDesk.objects.filter(mailbox=mail.mailbox_id, ended_at=None).first()
    if desk is not None:
        MailFiling.objects.get_or_create(mail=mail, defaults={"desk": desk})


def file_waiting(*, now: datetime, limit: int = 200) -> int:
    """Files what waits; returns how many mails that were."""
    filed = 0
    while filed < limit and _file_next(now):
        filed += 1
    return filed


@transaction.atomic
def _file_next(now: datetime) -> bool:
    """Files one; those of a desk one after another, so that an answer finds the case that the mail before it opened."""
    waiting = MailFiling.objects.filter(state=FilingState.WAITING).select_related(
        "mail__mailbox", "desk__agent", "desk__owner", "desk__team", "desk__business_unit"
    )
    held = waiting.select_for_update(of=("self", "desk"), skip_locked=True, no_key=True)
    filing = held.order_by("pk").first()
    if filing is None:
        return False
    try:
        with transaction.atomic():
            _file(filing, now)
    except Refusal as refusal:
        _refuse(filing, refusal.message)
    except Exception:  # whatever is wrong with one mail, it holds up no other
        log.exception("mail_not_filed", filing=filing.pk)
        _refuse(filing, gettext("It could not be filed."))
    filing.filed_at = now
    filing.save()
    return True


def _refuse(filing: MailFiling, words: str) -> None:
    filing.state, filing.why, filing.refusal = FilingState.REFUSED, "", words[:300]
    filing.case = filing.message = filing.talk = None


def _file(filing: MailFiling, now: datetime) -> None:
    """Does with the mail what is to be done."""
    mail, desk = filing.mail, filing.desk
    filing.refusal, left = "", why_left(mail)
    if left:
        filing.state, filing.why, filing.case = FilingState.LEFT, left, _reported_case(mail, desk)
        return
    match = match_of(desk.agent, mail, desk.business_unit)
    filing.why = match.why
    if match.case is not None:
        hear_mail(filing, match.case, match.person, actor=_speaker(desk, match.case), now=now)
    elif match.relationship is None:
        filing.state = FilingState.TO_MATCH
    elif desk.does == DeskDoes.RECORD or came_at(mail, now) < desk.since:
        filing.why = match.why if desk.does == DeskDoes.RECORD else FilingWhy.EARLIER
        record_mail(filing, match.relationship, match.person, actor=desk.agent, now=now)
    else:
        raise_mail(filing, match.relationship, desk.case_type, match.person, actor=desk.agent, now=now)


def _reported_case(mail: InboundMessage, desk: MailDesk) -> Case | None:
    """The case that a machine's mail tells something of: a report comes from a server, all else from the sender."""
    named = named_case(mail)
    if named is None or why_left(mail) == FilingWhy.REPORT:
        return named
    return match_of(desk.agent, mail, desk.business_unit).case


def _speaker(desk: MailDesk, case: Case) -> User:
    """In whose name a mail is heard: of a case that the desk may not know of, whoever looks after it."""
    known = Case.objects.visible_to(desk.agent).filter(pk=case.pk).exists()
    return desk.agent if known else case.owner


def hear_mail(filing: MailFiling, case: Case, person: Party | None, *, actor: User, now: datetime) -> None:
    """Writes a mail into the case that it answers; one that is over for good is followed by another."""
    mail = filing.mail
    if _is_over(case, now):
        filing.why = FilingWhy.FOLLOWS
        raise_mail(filing, case.relationship, case.type, person, actor=actor, now=now, follows=case)
        return
    at = max(came_at(mail, now), case.opened_at)
    if case.closed_at is not None:  # nobody knew of it when the case was closed
        at = max(at, case.closed_at)
    text = words_of(mail)
    message = hear_case(
        actor=actor,
        case=case,
        body=text,
        channel=Channel.EMAIL,
        now=now,
        said_at=at,
        wants_answer=not is_mere_thanks(text, [mail.sender_name, case.owner.name]),
        person=person,
    )
    _put(filing, FilingState.HEARD, case, message)
    _tell_itself(CaseTells.HEARD, case, actor, now)


def _is_over(case: Case, now: datetime) -> bool:
    if case.state == CaseState.CLOSED:
        return case.closed_at is not None and case.closed_at < now - REOPENS_FOR
    return case.state in ENDED


def raise_mail(
    filing: MailFiling,
    relationship: Relationship,
    case_type: str,
    person: Party | None,
    *,
    actor: User,
    now: datetime,
    follows: Case | None = None,
) -> None:
    """Opens a case with what a mail says; it goes on from another, or comes to whoever looks after the desk's."""
    mail, desk, before = filing.mail, filing.desk, follows
    owner, team = (before.owner, before.team) if before else (desk.owner, desk.team)
    raised = Raised(
        type=case_type,
        channel=Channel.EMAIL,
        subject=subject_of(mail),
        body=words_of(mail),
        person=person if person and person.pk != relationship.party_id else None,
        owner=owner if owner and owner.is_active else None,
        team=team,
        follows=before,
        raised_at=came_at(mail, now),
        severity=before.severity if before else CaseSeverity.MEDIUM,
        confidentiality=before.confidentiality if before else Confidentiality.INTERNAL,
    )
    case = open_case(actor=actor, relationship=relationship, raised=raised, now=now)
    _put(filing, FilingState.OPENED, case, case.messages.get())
    _tell_itself(CaseTells.ASSIGNED, case, actor, now)


def record_mail(
    filing: MailFiling, relationship: Relationship, person: Party | None, *, actor: User, now: datetime
) -> None:
    """Writes a mail down as a contact like every other."""
    mail = filing.mail
    filing.talk = log_interaction(
        actor=actor,
        relationship=relationship,
        now=now,
        channel=Channel.EMAIL,
        direction="in",
        happened_at=came_at(mail, now),
        subject=subject_of(mail),
        body=words_of(mail) if mail.body_text else "",
        people=[person] if person and person.pk != relationship.party_id else [],
        source=SOURCE,
        external_id=f"mail-{mail.pk}",
    )
    filing.state = FilingState.RECORDED


def _put(filing: MailFiling, state: FilingState, case: Case, message: CaseMessage) -> None:
    filing.state, filing.case, filing.message, filing.talk = state, case, message, message.talk


def _tell_itself(topic: CaseTells, case: Case, actor: User, now: datetime) -> None:
    """Whoever looks after a case in whose own name a mail was filed hears of it all the same."""
    if case.owner_id == actor.pk:
        tell_owner(topic, case, actor=system_actor(), now=now)


def words_of(mail: InboundMessage) -> str:
    """What whoever wrote the mail says in it, without what they quote; the mail is kept whole beside it."""
    said = reply_text(mail.body_text, mail.sender_name or mail.sender) or mail.body_text.strip()
    return said[:MOST_TEXT] or subject_of(mail)


def subject_of(mail: InboundMessage) -> str:
    """What a mail is about, without what mail programs and we put before it."""
    told = " ".join(IN_SUBJECT.sub("", ANSWER.sub("", mail.subject, count=1)).split())
    first = next((line.strip() for line in mail.body_text.splitlines() if line.strip()), "")
    return (told or first or _("A mail without words"))[:200]


def came_at(mail: InboundMessage, now: datetime) -> datetime:
    """When our server had it, where that is written down, else when it says that it was written; at most now."""
    passed = next((value for name, value in mail.headers if name.lower() == "received"), "")
    return min(moment_of(passed.rpartition(";")[2].strip()) or mail.sent_at or mail.taken_in_at, now)
