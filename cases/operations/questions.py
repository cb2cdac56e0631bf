"""The questions of a case: proposed from what was said, noted, said anew, answered, or found to have no answer."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality
from accounts.models import User
from analytics.questions import find_questions
from cases.enums import CaseTells, MessageSort, QuestionState, Verb
from cases.models import Case, CaseMessage, Question
from cases.operations.access import hold_case
from cases.operations.lines import tell_about, write_line
from cases.queries.questions import answer_clock, unanswered_in
from cases.transitions import QUESTION
from core.refusals import Conflict, Missing
from relationships.models import Relationship
from relationships.operations.access import check_colleague
from relationships.operations.inputs import Problems

MOST_WORDS = 500


def propose_questions(case: Case, message: CaseMessage, *, actor: User, now: datetime) -> list[Question]:
    """Writes the questions that a program finds in what they said, for somebody to look at; of a held case.

    They count as unanswered until somebody has: a question that was overlooked is what this is about.
    """
    clock = answer_clock(case)
    return Question.objects.bulk_create(
        Question(
            case=case,
            message=message,
            text=text,
            asked_by_id=case.person_id,
            asked_at=message.at,
            clock=clock,
            owner_id=case.owner_id,
            noted_at=now,
            noted_by=actor,
        )
        for text in find_questions(message.text)
    )


@transaction.atomic
def note_question(
    *,
    actor: User,
    case: Case,
    text: str,
    now: datetime,
    message: CaseMessage | None = None,
    owner: User | None = None,
) -> Question:
    """Notes a question of theirs that no program found; asked in what they said last, unless `message` says where.

    Raises Missing, NotAllowed, Invalid by field, and Conflict in a case that is over.
    """
    found, held = hold_case(actor, case)
    _refuse_over(found)
    problems = Problems()
    words = problems.text("text", text, most=MOST_WORDS, required=True)
    holder = owner or found.owner
    _check_holder(found, held, holder, problems)
    theirs = CaseMessage.objects.filter(case=found, sort=MessageSort.THEIRS)
    if message is not None and not theirs.filter(pk=message.pk).exists():
        problems.add("message", _("They did not say that in this case."))
    problems.refuse()
    source = message or theirs.order_by("-at", "-id").first()
    question = Question.objects.create(
        case=found,
        message=source,
        text=words,
        asked_by_id=found.person_id,
        asked_at=source.at if source else now,
        clock=answer_clock(found),
        owner=holder,
        state=QuestionState.OPEN,
        noted_at=now,
        noted_by=actor,
    )
    write_line(found, held, Verb.ASKED, actor, now, data={"question": words})
    _tell_holder(question, found, actor, now)
    return question


@transaction.atomic
def edit_question(
    *, actor: User, question: Question, now: datetime, text: str | None = None, owner: User | None = None
) -> Question:
    """Says a question anew, or gives it to somebody; whoever says one anew that was proposed says that it is one."""
    found, case, held = _hold_question(actor, question)
    _refuse_over(case)
    if found.state not in (QuestionState.PROPOSED, QuestionState.OPEN):
        raise Conflict(_("This question is settled; open it again first."))
    problems = Problems()
    words = problems.text("text", found.text if text is None else text, most=MOST_WORDS, required=True)
    holder = owner or found.owner
    _check_holder(case, held, holder, problems)
    problems.refuse()
    is_given = holder.pk != found.owner_id
    if words == found.text and not is_given:
        return found
    found.text, found.owner = words, holder
    if found.state == QuestionState.PROPOSED:
        found.state = QuestionState.OPEN
        write_line(case, held, Verb.ASKED, actor, now, data={"question": words})
    found.save()
    if is_given:
        _tell_holder(found, case, actor, now)
    return found


@transaction.atomic
def move_question(
    *,
    actor: User,
    question: Question,
    transition: str,
    now: datetime,
    reason: str = "",
    message: CaseMessage | None = None,
) -> Question:
    """Takes a question through one move of its table; `message` is what answers it, else what we told them last.

    Raises Conflict for a move that is not possible and in a case that is over, Invalid for a missing reason or answer.
    """
    found, case, held = _hold_question(actor, question)
    _refuse_over(case)
    move = QUESTION.resolve(transition, found)
    problems = Problems()
    why = problems.text("reason", reason, most=400, required=move.target == QuestionState.IMPOSSIBLE)
    answer = _answer(case, found, message, problems) if move.target == QuestionState.ANSWERED else None
    problems.refuse()
    return _settle(found, case, held, move.target, actor=actor, now=now, reason=why, answer=answer)


def answer_questions(
    case: Case,
    held: Relationship,
    questions: Collection[Question],
    message: CaseMessage,
    *,
    actor: User,
    now: datetime,
) -> None:
    """What we just told them answers these questions of a held case; raises Invalid for any that does not wait."""
    for question in check_waiting(case, questions):
        _settle(question, case, held, QuestionState.ANSWERED, actor=actor, now=now, answer=message)


def check_waiting(case: Case, questions: Collection[Question]) -> list[Question]:
    """These questions, as they wait in a held case; raises Invalid for any that does not."""
    waiting = {question.pk: question for question in unanswered_in(case)}
    problems = Problems()
    if any(question.pk not in waiting for question in questions):
        problems.add("answers", _("One of these questions does not wait for an answer here."))
    problems.refuse()
    return [waiting[question.pk] for question in questions]


def pass_on_questions(case: Case, before: User) -> None:
    """The case went to somebody else: what its owner had to answer goes along."""
    Question.objects.unanswered().filter(case=case, owner=before).update(owner=case.owner)


def check_answered(case: Case, problems: Problems) -> None:
    """Notes each question of a case that nobody has answered."""
    for question in unanswered_in(case):
        problems.add("questions", _("Not answered yet: “%(question)s”") % {"question": question.text})


def _settle(
    question: Question,
    case: Case,
    held: Relationship,
    state: str,
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    answer: CaseMessage | None = None,
) -> Question:
    before, question.state = question.state, state
    is_settled = state not in (QuestionState.PROPOSED, QuestionState.OPEN)
    question.settled_at, question.settled_by = (now, actor) if is_settled else (None, None)
    question.answered_in, question.reason = answer, reason
    question.save()
    facts = {"question": question.text, "from": before, "to": state}
    write_line(case, held, Verb.QUESTION_MOVED, actor, now, reason=reason, data=facts)
    return question


def _hold_question(actor: User, question: Question) -> tuple[Question, Case, Relationship]:
    """The question, its case and relationship, locked; raises Missing or NotAllowed."""
    seen = Question.objects.visible_to(actor).filter(pk=question.pk).select_related("case").first()
    if seen is None:
        raise Missing(_("There is no such question."))
    case, held = hold_case(actor, seen.case)
    found = Question.objects.select_related("owner", "clock").get(pk=seen.pk)
    found.case = case
    return found, case, held


def _answer(
    case: Case, question: Question, message: CaseMessage | None, problems: Problems
) -> CaseMessage | None:
    """What answers the question: said by us, after it was asked."""
    ours = CaseMessage.objects.filter(case=case, sort=MessageSort.OURS, at__gte=question.asked_at)
    if message is not None:
        ours = ours.filter(pk=message.pk)
    found = ours.order_by("-at", "-id").first()
    if found is None:
        problems.add("message", _("Nothing that we told them since answers it: note what they were told."))
    return found


def _refuse_over(case: Case) -> None:
    if not case.is_open:
        raise Conflict(_("%(ref)s is over; open it again first.") % {"ref": case.ref})


def _check_holder(case: Case, held: Relationship, holder: User, problems: Problems) -> None:
    """Notes when somebody could not see the question that they are given."""
    if holder.pk != case.owner_id:
        check_colleague("owner", holder, [held], problems)
    knowing = (case.owner_id, case.opened_by_id, held.owner_id)
    if case.confidentiality > Confidentiality.INTERNAL and holder.pk not in knowing:
        problems.add("owner", _("%(name)s may not know of this case.") % {"name": holder.name})


def _tell_holder(question: Question, case: Case, actor: User, now: datetime) -> None:
    """Whoever is to answer it hears of it, unless the case is theirs anyway."""
    if question.owner_id != case.owner_id:
        tell_about(CaseTells.QUESTION, case, question.owner_id, actor=actor, now=now)
