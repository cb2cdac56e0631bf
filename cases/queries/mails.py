"""Answers that go by mail: those of a case, and whom the next one goes to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cases.models import Case, MailFiling
from messaging.models import Delivery, InboundMessage, OutgoingMail
from messaging.queries.outgoing_mail import Thread, thread_about
from relationships.enums import ContactPointKind
from relationships.models import ContactPoint


@dataclass(frozen=True)
class Mailed:
    """A mail of a case with what became of it at each recipient.

    `said_in` is the message of the case that it became when it left; None for one that has not.
    """

    mail: OutgoingMail
    said_in: int | None
    outcomes: Sequence[Delivery]


def thread_of(case: Case) -> Thread:
    """What the next mail in a case goes on from; empty where none was written yet, by them or by us."""
    return thread_about("case", case.pk, _last_heard(case))


def _last_heard(case: Case) -> InboundMessage | None:
    """The last mail that stands in a case, be it what opened it."""
    filed = MailFiling.objects.filter(case=case, message__isnull=False).select_related("mail__mailbox")
    last = filed.order_by("-mail__taken_in_at", "-pk").first()
    return last.mail if last else None


def addressed(case: Case) -> Thread:
    """The thread with whom the next mail would go to: who took part last, else whoever raised the case."""
    thread = thread_of(case)
    return thread if thread.to else replace(thread, to=_address_of(case))


def _address_of(case: Case) -> Sequence[str]:
    """The address by which whoever raised it is reached first, if one is known that may be used."""
    points = ContactPoint.objects.filter(
        party_id=case.person_id or case.relationship.party_id,
        kind=ContactPointKind.EMAIL,
        do_not_use_since=None,
    )
    return list(points.order_by("-is_preferred", "pk").values_list("value", flat=True)[:1])


def mailed_in(case: Case) -> list[Mailed]:
    """The mails of a case with what became of each, oldest first."""
    rows = Delivery.objects.filter(message__outgoing__case_answer__case=case).select_related(
        "message__outgoing__written_by", "message__outgoing__case_answer"
    )
    by_mail = groupby(rows.order_by("message_id", "pk"), key=lambda each: each.message_id)
    found = [list(outcomes) for _message_id, outcomes in by_mail]
    mails = [(outcomes[0].message.outgoing, outcomes) for outcomes in found]
    return [Mailed(mail, mail.case_answer.message_id, outcomes) for mail, outcomes in mails]
