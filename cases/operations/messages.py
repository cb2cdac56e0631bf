"""What is said in a case: by them, by us, and among ourselves."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.enums import CHANNELS, ENDED, CaseState, CaseTells, ClockType, MessageSort
from cases.models import Case, CaseMessage, Question
from cases.operations.access import hold_case
from cases.operations.clocks import open_clocks, start_clocks, stop_clocks, waits_since
from cases.operations.lines import tell_owner
from cases.operations.moves import ANSWERS, carry_move, refuse_late, resolve_move
from cases.operations.questions import answer_questions, propose_questions
from cases.operations.talks import MOST_TEXT, Words, write_talk
from core.refusals import Conflict
from relationships.enums import CommitmentDirection
from relationships.models import Party, Relationship
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.inputs import Problems
from relationships.operations.submissions import first_of, fulfil

ANSWERED = (ClockType.ACKNOWLEDGE, *ANSWERS)
"""What a public answer of ours is waited for by."""


@transaction.atomic
def note_in_case(
    *, actor: User, case: Case, body: str, now: datetime, idempotency_key: str = ""
) -> CaseMessage:
    """Writes a note to ourselves: it is never sent, stops no clock and stands on no timeline.

    Of this and of what was said, the same `idempotency_key` gives the first one again and writes nothing.
    """
    found, _held = hold_case(actor, case)
    if (first := first_of(actor, idempotency_key, CaseMessage, now)) is not None:
        return first
    problems = Problems()
    words = problems.text("body", body, most=MOST_TEXT, required=True)
    problems.refuse()
    note = CaseMessage.objects.create(
        case=found, sort=MessageSort.NOTE, cycle=found.cycle, body=words, at=now, actor=actor
    )
    fulfil(actor, idempotency_key, note)
    return note


@transaction.atomic
def answer_case(
    *,
    actor: User,
    case: Case,
    body: str,
    channel: str,
    now: datetime,
    said_at: datetime | None = None,
    promise: str = "",
    promise_due_date: date | None = None,
    answers: Collection[Question] = (),
    idempotency_key: str = "",
) -> CaseMessage:
    """Writes down what we told them, what we promised with it, and which questions it answers.

    Whoever waited for an answer waits no longer, though a question may be left open.
    """
    found, held = hold_case(actor, case)
    if (first := first_of(actor, idempotency_key, CaseMessage, now)) is not None:
        return first
    words = check_words(found, body, channel, said_at or now, now)
    draft = check_promise(found, promise, promise_due_date)
    given: dict[str, Any] = {"actor": actor, "now": now, "commitments": [draft] if draft else []}
    message = write_talk(found, held, MessageSort.OURS, words, **given)
    answer_questions(found, held, answers, message, actor=actor, now=now)
    stop_clocks(found, ANSWERED, at=words.at, now=now)
    found.save(update_fields=["next_due_at"])
    fulfil(actor, idempotency_key, message)
    return message


@transaction.atomic
def hear_case(
    *,
    actor: User,
    case: Case,
    body: str,
    channel: str,
    now: datetime,
    said_at: datetime | None = None,
    wants_answer: bool = True,
    idempotency_key: str = "",
    person: Party | None = None,
) -> CaseMessage:
    """Writes down what they told us. Where it wants an answer they wait for one, and what was closed opens again.

    `person` of theirs said it, or whoever raised the case. A mere thank-you neither opens a case nor has
    anybody wait. Raises Conflict for one that is over for good, or was closed too long ago.
    """
    found, held = hold_case(actor, case)
    if (first := first_of(actor, idempotency_key, CaseMessage, now)) is not None:
        return first
    words = replace(check_words(found, body, channel, said_at or now, now), person=person)
    if wants_answer:
        _open_for(found, held, words.at, actor, now)
    message = write_talk(found, held, MessageSort.THEIRS, words, actor=actor, now=now)
    if wants_answer and _is_unanswered(found, words.at):
        start_clocks(found, [ClockType.NEXT_RESPONSE], at=words.at, now=now)
        found.save(update_fields=["next_due_at"])
    if found.is_open:
        propose_questions(found, message, actor=actor, now=now)
    tell_owner(CaseTells.HEARD, found, actor=actor, now=now)
    fulfil(actor, idempotency_key, message)
    return message


def _open_for(case: Case, held: Relationship, at: datetime, actor: User, now: datetime) -> None:
    """What it means for the state that they wrote: a closed case opens again, one that waited for them goes on.

    What they wrote before the case was closed, and is only written down now, was known when it was closed; nor is
    it what the case waits for if it came before that.
    """
    given: dict[str, Any] = {"actor": actor, "now": now, "reason": "", "since": at}
    if case.state == CaseState.CLOSED:
        if case.closed_at is not None and at < case.closed_at:
            return
        refuse_late(case, at)
        carry_move(case, held, resolve_move(case, "reopen"), **given)
    elif case.state in ENDED:
        raise Conflict(_("%(ref)s is over; open a new case.") % {"ref": case.ref})
    elif case.state == CaseState.WAITING_COMPLAINANT and waits_since(case, at):
        carry_move(case, held, resolve_move(case, "resume"), **given)


def _is_unanswered(case: Case, at: datetime) -> bool:
    """Whether nobody has answered since then, in a case that is open, and no clock waits for an answer already."""
    later = case.messages.filter(sort=MessageSort.OURS, at__gt=at)
    return case.is_open and not open_clocks(case, ANSWERS) and not later.exists()


def check_words(case: Case, body: str, channel: str, at: datetime, now: datetime) -> Words:
    """What was said, as it is kept; raises Invalid with everything that is wrong with it."""
    problems = Problems()
    kept = problems.text("body", body, most=MOST_TEXT, required=True)
    problems.choice("channel", channel, [value for value, _label in CHANNELS])
    problems.past_moment("said_at", at, now)
    if at < case.opened_at:
        problems.add("said_at", _("This lies before the case was opened."))
    problems.refuse()
    return Words(kept, channel, at)


def check_promise(case: Case, promise: str, due_date: date | None) -> CommitmentDraft | None:
    """The promise that goes with an answer; raises Invalid for one without a day."""
    what = promise.strip()
    problems = Problems()
    if what and due_date is None:
        problems.add("promise_due_date", _("Say by when."))
    problems.refuse()
    if not what or due_date is None:
        return None
    return CommitmentDraft(CommitmentDirection.OURS, what, due_date, owner=case.owner, person=case.person)
