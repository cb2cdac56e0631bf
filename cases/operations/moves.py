"""A case moves through the states of its table, and its clocks go along."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from cases.enums import ENDED, WAITING, CaseState, CaseType, CauseResult, ClockType, Verb
from cases.models import Case
from cases.operations.access import hold_case
from cases.operations.clocks import (
    call_off_clocks,
    open_clocks,
    pause_clocks,
    resume_clocks,
    start_clocks,
    stop_clocks,
)
from cases.operations.lines import write_line
from cases.operations.questions import check_answered
from cases.operations.talks import solve_problems
from cases.queries.problems import open_promises
from cases.transitions import moves_of
from core.refusals import Conflict
from core.transitions import Transition
from relationships.models import Relationship
from relationships.operations.inputs import Problems
from relationships.permissions import may_in

REOPENS_FOR = timedelta(days=14)
"""So long after it was closed, a case is opened again; later it is followed by another."""
NEED_REASON = frozenset({"withdraw", "reject"})
NEED_ANSWERS = frozenset({"answer", "close"})
"""Moves that say that all was answered: they wait until every question is."""
ANSWERS = (ClockType.FIRST_RESPONSE, ClockType.NEXT_RESPONSE)
SECOND_CLOCKS = (ClockType.NEXT_RESPONSE, ClockType.RESOLUTION)
"""What is owed once more when a case is opened again."""


@dataclass(frozen=True)
class Findings:
    """What is said with a move: of a complaint, what looking into it brought and what was decided.

    `other` is the case that this one is a double of. `override` is a manager's reason for closing though a promise
    is still open.
    """

    cause_result: str | None = None
    cause: str | None = None
    outcome: str | None = None
    other: Case | None = None
    override: str = ""


@transaction.atomic
def move_case(
    *,
    actor: User,
    case: Case,
    transition: str,
    now: datetime,
    reason: str = "",
    findings: Findings | None = None,
) -> Case:
    """Takes a case through one move of its table; raises Conflict with the possible moves for any other.

    Raises Invalid naming each thing that is missing: to close it, to take it back, to call it a double.
    """
    found, held = hold_case(actor, case)
    move = resolve_move(found, transition)
    given = findings or Findings()
    problems = Problems()
    why = problems.text("reason", _both(reason, given), most=400, required=transition in NEED_REASON)
    _take(found, given, problems)
    if transition == "mark_double":
        _check_double(actor, found, given.other, problems)
    if transition in NEED_ANSWERS:
        check_answered(found, problems)
    if transition == "close":
        _check_ready(actor, found, held, given, problems)
    problems.refuse()
    if transition == "reopen":
        refuse_late(found, now)
    return carry_move(found, held, move, actor=actor, now=now, reason=why)


def _both(reason: str, given: Findings) -> str:
    """Why it is moved, and why over an open promise: both are kept."""
    return "\n".join(words for words in (reason.strip(), given.override.strip()) if words)


def resolve_move(case: Case, transition: str) -> Transition:
    """The move called so, if the case can make it now; raises Conflict with those that it can make."""
    allowed = moves_of(case)
    for move in allowed:
        if move.name == transition:
            return move
    raise Conflict(
        _("%(ref)s is in the state “%(state)s”; that move is not possible from there.")
        % {"ref": case.ref, "state": case.get_state_display()},
        allowed=[move.name for move in allowed],
    )


def refuse_late(case: Case, at: datetime) -> None:
    """Raises Conflict when, at that moment, a case was closed too long ago to be opened again."""
    if case.closed_at is not None and case.closed_at < at - REOPENS_FOR:
        words = _("%(ref)s was closed more than %(days)d days ago; open a new case that follows it.")
        raise Conflict(words % {"ref": case.ref, "days": REOPENS_FOR.days})


def carry_move(
    case: Case,
    held: Relationship,
    move: Transition,
    *,
    actor: User,
    now: datetime,
    reason: str,
    since: datetime | None = None,
) -> Case:
    """Writes a move that is possible: the state, who and when, its clocks, the line that tells of it.

    Clocks that begin or go on by it do so from `since`, when what they wrote led to it.
    """
    before, case.state = case.state, move.target
    if move.target in ENDED:
        case.closed_at, case.closed_by, case.ended_reason = now, actor, reason
        solve_problems(case, held, actor=actor, now=now, words=case.outcome or reason or case.ref)
    elif before in ENDED:
        if held.closed_at is not None:
            raise Conflict(_("The relationship is closed; open it again to open a case."))
        case.closed_at, case.closed_by, case.ended_reason = None, None, ""
        case.cycle += 1
    _run_clocks(case, before, since or now, now)
    case.version += 1
    case.save()
    data = {"move": move.name, "from": before, "to": move.target, "cycle": case.cycle}
    write_line(case, held, Verb.MOVED, actor, now, reason=reason, data=data)
    return case


def _run_clocks(case: Case, before: str, since: datetime, now: datetime) -> None:
    """What the new state means for the clocks."""
    if before in WAITING:
        resume_clocks(case, at=since, now=now)
    if case.state == CaseState.CLOSED:
        stop_clocks(case, ClockType.values, at=now, now=now)
    elif case.state in ENDED:
        call_off_clocks(case, now=now)
    elif before in ENDED:
        start_clocks(case, SECOND_CLOCKS, at=since, now=now)
    elif before == CaseState.NEW:
        stop_clocks(case, [ClockType.ACKNOWLEDGE], at=now, now=now)
    if case.state in WAITING:
        pause_clocks(case, reason=case.state, now=now)


def _take(case: Case, given: Findings, problems: Problems) -> None:
    """Sets what was found and decided, where it is said."""
    if given.cause_result is not None:
        problems.choice("cause_result", given.cause_result, ["", *CauseResult.values])
        case.cause_result = given.cause_result
    if given.cause is not None:
        case.cause = problems.text("cause", given.cause, most=10_000)
    if given.outcome is not None:
        case.outcome = problems.text("outcome", given.outcome, most=10_000)
    if case.cause_result == CauseResult.FOUND and not case.cause:
        problems.add("cause", _("Say what the cause is."))


def _check_double(actor: User, case: Case, other: Case | None, problems: Problems) -> None:
    """Notes a missing other case; raises Conflict for one that this one cannot be a double of."""
    seen = Case.objects.visible_to(actor).filter(relationship=case.relationship_id)
    found = seen.filter(pk=other.pk).first() if other else None
    if found is None:
        problems.add("other", _("There is no such case in this relationship."))
        return
    if found.pk == case.pk:
        raise Conflict(_("A case is not a double of itself."))
    if found.confidentiality != case.confidentiality:
        raise Conflict(_("These two are not for the same people; neither can stand for the other."))
    if found.duplicate_of_id is not None:
        raise Conflict(_("%(ref)s is a double itself; name the case that it doubles.") % {"ref": found.ref})
    case.duplicate_of = found


def _check_ready(actor: User, case: Case, held: Relationship, given: Findings, problems: Problems) -> None:
    """Notes each thing without which the case is not closed."""
    if open_clocks(case, ANSWERS):
        problems.add("reply", _("They have not been answered yet: note what they were told."))
    if case.type == CaseType.COMPLAINT:
        if not case.cause_result:
            problems.add("cause_result", _("Say what the cause is, or that none was found."))
        if not case.outcome:
            problems.add("outcome", _("Say what was decided, as they were told."))
    if not open_promises(case).exists():
        return
    override = problems.text("override", given.override, most=400)
    if not override:
        problems.add("promises", _("A promise given here is still open: keep it, or a manager says why not."))
    elif not may_in(actor, Permission.MANAGE_RELATIONSHIPS, held):
        problems.add("override", _("Only who manages the relationship may close it over an open promise."))
