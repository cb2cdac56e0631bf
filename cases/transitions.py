"""The life of a case, declared: one table for what is investigated, a shorter one for what is only answered.

What closing wants is not in a guard: whoever closes is told each thing that is missing at once, field by field.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Permission
from cases.enums import ENDED, SHORT, CaseType
from cases.enums import CaseState as S
from cases.enums import QuestionState as Q
from core.transitions import Transition, TransitionTable


def _move(name: str, sources: Collection[str], target: str, label: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_CASES, label)


WORKED_ON = {S.ASSESSED, S.INVESTIGATING, S.RESPONSE_PROPOSED}
LONG_OPEN = {S.NEW, S.ACKNOWLEDGED, *WORKED_ON, S.WAITING_COMPLAINANT, S.WAITING_THIRD_PARTY, S.REOPENED}
WITHDRAW, DOUBLE = _("They take it back"), _("Double of another")

CASE = TransitionTable(
    entity="Case",
    initial=S.NEW,
    transitions=(
        _move("acknowledge", {S.NEW}, S.ACKNOWLEDGED, _("Acknowledge")),
        _move("assess", {S.ACKNOWLEDGED}, S.ASSESSED, _("Assess")),
        _move("investigate", {S.ASSESSED, S.REOPENED}, S.INVESTIGATING, _("Investigate")),
        _move("propose", {S.INVESTIGATING}, S.RESPONSE_PROPOSED, _("Propose an answer")),
        _move("communicate", {S.RESPONSE_PROPOSED}, S.COMMUNICATED, _("Decision told")),
        _move("close", {S.COMMUNICATED}, S.CLOSED, pgettext_lazy("case", "Close")),
        _move("wait_complainant", WORKED_ON, S.WAITING_COMPLAINANT, _("Wait for them")),
        _move("wait_third_party", WORKED_ON, S.WAITING_THIRD_PARTY, _("Wait for somebody else")),
        _move("resume", {S.WAITING_COMPLAINANT, S.WAITING_THIRD_PARTY}, S.INVESTIGATING, _("Go on")),
        _move("look_again", {S.RESPONSE_PROPOSED, S.COMMUNICATED}, S.INVESTIGATING, _("Look into it again")),
        _move("reject", {S.NEW, S.ACKNOWLEDGED, S.ASSESSED}, S.REJECTED, _("Not a complaint")),
        _move("withdraw", {*LONG_OPEN, S.COMMUNICATED}, S.WITHDRAWN, WITHDRAW),
        _move("mark_double", {*LONG_OPEN, S.COMMUNICATED}, S.DUPLICATE, DOUBLE),
        _move("reopen", {S.CLOSED}, S.REOPENED, pgettext_lazy("case", "Open again")),
    ),
    final=frozenset({S.WITHDRAWN, S.DUPLICATE, S.REJECTED}),
)

SHORT_CASE = TransitionTable(
    entity="Case",
    initial=S.NEW,
    transitions=(
        _move("answer", {S.NEW, S.REOPENED}, S.ANSWERED, _("Answered")),
        _move("close", {S.ANSWERED}, S.CLOSED, pgettext_lazy("case", "Close")),
        _move("withdraw", {S.NEW, S.ANSWERED, S.REOPENED}, S.WITHDRAWN, WITHDRAW),
        _move("mark_double", {S.NEW, S.ANSWERED, S.REOPENED}, S.DUPLICATE, DOUBLE),
        _move("reopen", {S.CLOSED}, S.REOPENED, pgettext_lazy("case", "Open again")),
    ),
    final=frozenset({S.WITHDRAWN, S.DUPLICATE}),
)

MOVES = {move.name: move for table in (SHORT_CASE, CASE) for move in table.transitions}
"""Every move of either table, by name."""

ENDS = frozenset(move.name for move in MOVES.values() if move.target in ENDED)


def moves_of(case: Any) -> list[Transition]:
    """The moves that a case can make now: only a complaint turns out to be none."""
    allowed = table_of(case.type).allowed(case.state)
    return [move for move in allowed if move.name != "reject" or case.type == CaseType.COMPLAINT]


def table_of(type: str) -> TransitionTable:
    """The table by which cases of a type move."""
    return SHORT_CASE if type in SHORT else CASE


QUESTION = TransitionTable(
    entity="Question",
    initial=Q.PROPOSED,
    transitions=(
        _move("confirm", {Q.PROPOSED}, Q.OPEN, _("It is a question")),
        _move("set_aside", {Q.PROPOSED}, Q.SET_ASIDE, pgettext_lazy("question", "Not a question")),
        _move("answer", {Q.PROPOSED, Q.OPEN}, Q.ANSWERED, pgettext_lazy("question", "Answered")),
        _move("rule_out", {Q.PROPOSED, Q.OPEN}, Q.IMPOSSIBLE, _("No answer is possible")),
        _move("ask_again", {Q.ANSWERED, Q.IMPOSSIBLE, Q.SET_ASIDE}, Q.OPEN, _("Not answered after all")),
    ),
)
"""The life of a question. Only what was found by a program can turn out to be none."""
