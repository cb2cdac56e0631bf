"""What people decide of mail that nobody could file by itself, and what a mailbox's mail is for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, Team, User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from cases.enums import FOR_A_PERSON, CaseType, DeskDoes, FilingState
from cases.models import Case, MailDesk, MailFiling
from cases.operations.mail_filing import hear_mail, raise_mail, record_mail
from core.refusals import Conflict, Missing
from messaging.enums import MailPrivacy
from messaging.models import Mailbox
from relationships.enums import ContactPointKind
from relationships.models import Party, Relationship
from relationships.operations.access import check_parties, hold_relationship
from relationships.operations.contact_points import add_contact_point
from relationships.operations.inputs import Problems


@dataclass(frozen=True)
class Decision:
    """Whose a mail is: the case that it answers, else a relationship with what is opened there, "" for a contact alone.

    `person` is whose address it comes from; it is kept with them, so that their next mail finds its way by itself.
    """

    relationship: Relationship | None = None
    case: Case | None = None
    case_type: str = ""
    person: Party | None = None


@transaction.atomic
def match_mail(*, actor: User, filing: MailFiling, decision: Decision, now: datetime) -> MailFiling:
    """Files a mail as somebody says. Raises Missing, Conflict for one that is filed, Invalid, NotAllowed."""
    held = _hold(actor, filing)
    problems = Problems()
    case, relationship = decision.case, decision.relationship
    if case is None and relationship is None:
        problems.add("relationship", _("Say whose mail it is."))
    if decision.case_type:
        problems.choice("case_type", decision.case_type, CaseType.values)
    problems.refuse()
    held.refusal = held.why = ""
    if case is not None:
        seen = (
            Case.objects.visible_to(actor).select_related("relationship", "owner").filter(pk=case.pk).first()
        )
        if seen is None:
            raise Missing(_("There is no such case."))
        relationship = seen.relationship
        _keep_address(actor, held, relationship, decision.person, now)
        hear_mail(held, seen, decision.person, actor=actor, now=now)
    elif relationship is not None:
        _keep_address(actor, held, relationship, decision.person, now)
        _file_in(held, relationship, decision, actor, now)
    held.filed_at, held.filed_by = now, actor
    held.save()
    return held


def _file_in(
    held: MailFiling, relationship: Relationship, decision: Decision, actor: User, now: datetime
) -> None:
    if decision.case_type:
        raise_mail(held, relationship, decision.case_type, decision.person, actor=actor, now=now)
    else:
        record_mail(held, relationship, decision.person, actor=actor, now=now)


def _keep_address(
    actor: User, filing: MailFiling, relationship: Relationship, person: Party | None, now: datetime
) -> None:
    """Keeps the address with the one whose it is, unless it stands there; raises Invalid for who is not of theirs."""
    if person is None:
        return
    held, problems = hold_relationship(actor, relationship.pk, None), Problems()
    theirs = {relationship.party_id, *Party.objects.contacts_of(held).values_list("pk", flat=True)}
    if person.pk not in theirs:
        problems.add("person", _("They are none of theirs."))
    check_parties(actor, "person", [person], problems, near=held)
    problems.refuse()
    address = filing.mail.sender
    if address and not person.contact_points.filter(kind=ContactPointKind.EMAIL, normalised=address).exists():
        add_contact_point(actor=actor, party=person, kind=ContactPointKind.EMAIL, value=address, now=now)


@transaction.atomic
def drop_mail(*, actor: User, filing: MailFiling, now: datetime) -> MailFiling:
    """Says that nothing is to be done with a mail; it stays kept. Raises Missing, Conflict for one that is filed."""
    held = _hold(actor, filing)
    held.state, held.filed_at, held.filed_by = FilingState.DROPPED, now, actor
    held.save()
    return held


@transaction.atomic
def file_again(*, actor: User, filing: MailFiling) -> MailFiling:
    """Has the worker file a mail once more, as when its sender is known now. Raises Missing, Conflict."""
    held = _hold(actor, filing)
    held.state, held.why, held.refusal = FilingState.WAITING, "", ""
    held.save()
    return held


def _hold(actor: User, filing: MailFiling) -> MailFiling:
    seen = MailFiling.objects.visible_to(actor).select_related("mail__mailbox", "desk__owner", "desk__team")
    held = seen.select_for_update(of=("self",)).filter(pk=filing.pk).first()
    if held is None:
        raise Missing(_("There is no such mail."))
    if held.state not in FOR_A_PERSON:
        raise Conflict(_("This mail is filed already."))
    return held


@dataclass(frozen=True)
class Desk:
    """What is done with a mailbox's mail: see `MailDesk`. Without an agent it is done in the name of who sets it."""

    does: str
    case_type: str = CaseType.QUESTION
    agent: User | None = None
    owner: User | None = None
    team: Team | None = None
    business_unit: BusinessUnit | None = None


@transaction.atomic
def set_desk(*, actor: User, mailbox: Mailbox, desk: Desk, now: datetime) -> MailDesk:
    """Says what is done with the mail that comes to a mailbox from now on. Raises NotAllowed, Invalid.

    The agent is the actor, or a program: nobody lends the eyes of somebody else.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    agent, problems = desk.agent or actor, Problems()
    problems.choice("does", desk.does, DeskDoes.values)
    problems.choice("case_type", desk.case_type, CaseType.values)
    if agent.pk != actor.pk and not agent.is_service:
        problems.add("agent", _("Choose yourself or a program."))
    if desk.does == DeskDoes.CASES and mailbox.privacy != MailPrivacy.FULL:
        problems.add(
            "does", _("This mailbox does not keep the words of its mail, and a case begins with words.")
        )
    problems.refuse()
    now_set = {**vars(desk), "agent": agent, "ended_at": None}
    held = MailDesk.objects.select_for_update().filter(mailbox=mailbox).first()
    if held is None:
        held = MailDesk(mailbox=mailbox, since=now)
    elif held.ended_at is not None or held.does != desk.does:
        held.since = now
    for name, value in now_set.items():
        setattr(held, name, value)
    held.version += 0 if held.pk is None else 1
    held.save()
    record_audit(
        actor_id=actor.pk, verb="mail_desk_set", now=now, subject_type="mailbox", subject_id=mailbox.pk
    )
    return held


@transaction.atomic
def end_desk(*, actor: User, mailbox: Mailbox, now: datetime) -> None:
    """From now on nothing is done with the mail of a mailbox but to keep it. Raises NotAllowed, Missing."""
    require(actor, Permission.MANAGE_WORKSPACE)
    if not MailDesk.objects.filter(mailbox=mailbox, ended_at=None).update(ended_at=now):
        raise Missing(_("Nothing is done with the mail of this mailbox."))
    record_audit(
        actor_id=actor.pk, verb="mail_desk_ended", now=now, subject_type="mailbox", subject_id=mailbox.pk
    )
