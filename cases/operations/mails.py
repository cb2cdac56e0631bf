"""Answers that go by mail: written and held for a moment, counted as an answer when they leave, told when they fail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.queries.actors import system_actor
from cases.enums import CaseTells, Verb
from cases.models import Case, MailedAnswer, Question
from cases.operations.access import hold_case
from cases.operations.lines import tell_about, write_line
from cases.operations.messages import answer_case, check_promise, check_words
from cases.operations.questions import check_waiting
from cases.queries.mails import thread_of
from cases.queries.questions import unanswered_in
from messaging.models import OutgoingMail
from messaging.operations.outgoing_mail import Letter, write_mail
from relationships.enums import Channel
from relationships.operations.inputs import Problems


@dataclass(frozen=True)
class Answer:
    """What is answered by mail, to whom, what is promised with it, and which questions it answers.

    `send_at` left out is at once.
    """

    body: str
    to: Sequence[str]
    cc: Sequence[str] = ()
    send_at: datetime | None = None
    promise: str = ""
    promise_due_date: date | None = None
    answers: Collection[Question] = ()


@transaction.atomic
def mail_answer(*, actor: User, case: Case, answer: Answer, now: datetime, key: str = "") -> OutgoingMail:
    """Queues an answer to exactly those whom it names, in the thread of the case; the same `key` queues it once.

    Nothing is answered yet: it counts when it leaves. Raises Invalid for what cannot be used.
    """
    found, held = hold_case(actor, case)
    words = check_words(found, answer.body, Channel.EMAIL, now, now)
    problems = Problems()
    promise = problems.text("promise", answer.promise, most=300)
    problems.day("promise_due_date", answer.promise_due_date)
    problems.refuse()
    check_promise(found, promise, answer.promise_due_date)
    answers = [question.pk for question in check_waiting(found, answer.answers)]
    thread = thread_of(found)
    letter = Letter(
        subject_type="case",
        subject_id=found.pk,
        subject=subject_of(found),
        text=words.body,
        to=answer.to,
        cc=answer.cc,
        ref=found.ref,
        send_at=answer.send_at,
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        reply_to=thread.reply_to,
    )
    mail = write_mail(actor=actor, letter=letter, now=now, key=f"case-{found.pk}-{key}" if key else "")
    given = {"promise": promise, "promise_due_date": answer.promise_due_date, "answers": answers}
    _row, is_new = MailedAnswer.objects.get_or_create(mail=mail, defaults={"case": found, **given})
    if is_new:
        write_line(found, held, Verb.MAIL_WRITTEN, actor, now, data={"mail": mail.pk})
    return mail


def subject_of(case: Case) -> str:
    """The subject of mails in a case: it names the case, so that what they answer is found to belong to it."""
    return f"Re: {case.subject} [{case.ref}]"


def count_answer(mail: OutgoingMail, now: datetime) -> None:
    """The mail leaves now: it is an answer of the case like every other, in the name and with the rights of its writer.

    Of the questions that it answers it settles those that still wait. Raises a Refusal when it may not be given any
    more.
    """
    row = MailedAnswer.objects.select_related("case", "mail__written_by").get(mail=mail)
    found, _held = hold_case(row.mail.written_by, row.case)
    row.message = answer_case(
        actor=row.mail.written_by,
        case=found,
        body=mail.outbox.body_text,
        channel=Channel.EMAIL,
        now=now,
        promise=row.promise,
        promise_due_date=row.promise_due_date,
        answers=[question for question in unanswered_in(found) if question.pk in row.answers],
    )
    row.save(update_fields=["message"])


def note_taken_back(actor: User, mail: OutgoingMail, now: datetime) -> None:
    """Somebody took it back before it left; raises NotAllowed for who may not answer in the case."""
    found, held = hold_case(actor, Case.objects.get(pk=mail.subject_id))
    write_line(found, held, Verb.MAIL_TAKEN_BACK, actor, now, data={"mail": mail.pk})


def tell_failed(mail: OutgoingMail, now: datetime) -> None:
    """Somebody does not get it, or it came back: that stands on the timeline; whoever looks after the case and whoever
    wrote it hear of it.
    """
    case = Case.objects.select_related("relationship__party").get(pk=mail.subject_id)
    write_line(case, case.relationship, Verb.MAIL_FAILED, system_actor(), now, data={"mail": mail.pk})
    key = f"case_mail_failed:{mail.pk}"
    for user_id in sorted({case.owner_id, mail.written_by_id}):
        tell_about(CaseTells.MAIL_FAILED, case, user_id, actor=system_actor(), now=now, key=key)
