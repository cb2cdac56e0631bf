"""Which case a mail answers and whose it is: by what it refers to and who wrote it, and nobody is guessed."""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import BusinessUnit, User
from cases.enums import CaseState, FilingWhy
from cases.models import Case, MailFiling
from messaging.enums import Mark
from messaging.models import Delivery, InboundMessage, OutgoingMail
from messaging.operations.addresses import compared_form
from relationships.enums import PartyKind
from relationships.models import Party, PartyLink, Relationship
from relationships.queries.correspondents import party_with

IN_SUBJECT = re.compile(r"\[(CAS-\d{4}-\d{6})\]")
IN_ID = re.compile(r"\.(CAS-\d{4}-\d{6})@")
"""How a case stands in the subject of a mail of ours, and in its Message-ID."""
MOST_DOUBLES = 5
OPENS_NOTHING = {
    Mark.DELIVERY_REPORT: FilingWhy.REPORT,
    Mark.AUTO_REPLY: FilingWhy.MACHINE,
    Mark.BULK: FilingWhy.BULK,
}


@dataclass(frozen=True)
class Match:
    """Whose a mail is: the case that it answers, else the relationship; who of theirs wrote it.

    Without either `why` says why not; beside one, what is to be known of it.
    """

    case: Case | None = None
    relationship: Relationship | None = None
    person: Party | None = None
    why: str = ""


def why_left(mail: InboundMessage) -> str:
    """Why a mail opens nothing, whoever wrote it; empty for one that a person wrote to us."""
    return next((why for mark, why in OPENS_NOTHING.items() if mark in mail.marks), "")


def named_case(mail: InboundMessage) -> Case | None:
    """The case that a mail says it answers: what it refers to comes first, then its subject, then its thread."""
    before = MailFiling.objects.filter(mail__mailbox=mail.mailbox_id, case__isnull=False)
    answered = before.filter(mail__message_id__in=mail.references)
    known = dict(answered.order_by("pk").values_list("mail__message_id", "case__ref"))
    told = [(IN_ID.findall(each)[-1:] or [known.get(each, "")])[0] for each in reversed(mail.references)]
    told += reversed(IN_SUBJECT.findall(mail.subject))
    found = {case.ref: case for case in Case.objects.filter(ref__in=told).select_related("relationship")}
    named = next((found[ref] for ref in told if ref in found), None)
    if named is not None:
        return named
    same = (
        before.filter(mail__thread_key=mail.thread_key)
        .exclude(mail=mail)
        .select_related("case__relationship")
    )
    last = same.order_by("-pk").first()
    return last.case if last else None


def match_of(agent: User, mail: InboundMessage, unit: BusinessUnit | None) -> Match:
    """Whose mail it is, as far as `agent` may know of them; one that nobody proves or knows is nobody's."""
    if Mark.FORGED in mail.marks:
        return Match(why=FilingWhy.FORGED)
    party = party_with(agent, mail.sender) if mail.sender else None
    named = named_case(mail)
    case = _first_of_doubles(named)
    if case is not None and party is not None and _is_of(party, case):
        return Match(case, case.relationship, _person(party))
    if case is not None and named is not None and _was_written_to(mail, named):
        return Match(case, case.relationship)
    if party is None:
        return Match(why=FilingWhy.UNKNOWN)
    why = FilingWhy.OTHERS_CASE if case else ""
    theirs = relationships_of(agent, party, unit)
    if len(theirs) == 1:
        return Match(None, theirs[0], _person(party), why)
    return Match(why=FilingWhy.SEVERAL if theirs else FilingWhy.NO_RELATIONSHIP)


def relationships_of(agent: User, party: Party, unit: BusinessUnit | None = None) -> list[Relationship]:
    """The open relationships with a party, and with those that employ it, that `agent` may know of."""
    seen = Relationship.objects.visible_to(agent).open()
    whose = Q(party=party) | Q(party__in=_employers(party).values("source_party"))
    rows = seen.filter(whose, **({"business_unit": unit} if unit else {}))
    return list(rows.select_related("party", "owner").order_by("pk")[:20])


def _person(party: Party) -> Party | None:
    return party if party.kind == PartyKind.PERSON else None


def _was_written_to(mail: InboundMessage, case: Case) -> bool:
    """Whether it answers a mail of ours in the case, by the id that nobody guesses, and we wrote that to its sender."""
    ours = OutgoingMail.objects.about("case", case.pk)
    answered = ours.filter(message_id__in=[f"<{each}>" for each in mail.references], left_at__isnull=False)
    sender = compared_form(mail.sender)
    told = Delivery.objects.filter(message__outgoing__in=answered).values_list("recipient", flat=True)
    return any(compared_form(recipient) == sender for recipient in told)


def _employers(party: Party) -> "QuerySet[PartyLink]":
    return PartyLink.objects.filter(target_party=party, type__slug="employs", until_date=None)


def _is_of(party: Party, case: Case) -> bool:
    """Whether the case is a party's own: they raised it, or they belong to who did."""
    if party.pk in (case.person_id, case.relationship.party_id):
        return True
    return _employers(party).filter(source_party=case.relationship.party_id).exists()


def _first_of_doubles(case: Case | None) -> Case | None:
    """The case itself, or of a double the one that stands for it."""
    for _step in range(MOST_DOUBLES):
        if case is None or case.state != CaseState.DUPLICATE or case.duplicate_of is None:
            break
        case = case.duplicate_of
    return case
