"""The lives of scorecard versions, alerts, proposals and reviews, declared."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.transitions import Transition, TransitionTable
from health.enums import AlertState as A
from health.enums import ProposalState as P
from health.enums import ReviewState as R
from health.enums import ReviewVerdict
from health.enums import ScorecardStatus as S


def _move(name: str, sources: set[str], target: str, label: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.CONFIGURE_HEALTH, label)


SCORECARD = TransitionTable(
    entity="Scorecard",
    initial=S.DRAFT,
    transitions=(
        _move("validate", {S.DRAFT}, S.VALIDATED, _("Check")),
        _move("activate", {S.VALIDATED}, S.ACTIVE, _("Put into force")),
        _move("retire", {S.DRAFT, S.VALIDATED, S.ACTIVE}, S.RETIRED, _("Retire")),
    ),
    final=frozenset({S.RETIRED}),
)


def _alert(name: str, sources: set[str], target: str, label: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_FOLLOW_UPS, label)


ALERT = TransitionTable(
    entity="Alert",
    initial=A.OPEN,
    transitions=(
        _alert("acknowledge", {A.OPEN}, A.ACKNOWLEDGED, _("I have seen it")),
        _alert("act", {A.OPEN, A.ACKNOWLEDGED}, A.ACTED, _("Act on it")),
        _alert("confirm", {A.ACTED}, A.CONFIRMED, _("It was right")),
        _alert("dismiss", {A.ACKNOWLEDGED, A.ACTED}, A.FALSE_ALARM, _("False alarm")),
    ),
    final=frozenset({A.CONFIRMED, A.FALSE_ALARM}),
)


def _proposal(
    name: str, sources: set[str], target: str, label: Any, permission: str = Permission.MANAGE_COMMITMENTS
) -> Transition:
    return Transition(name, frozenset(sources), target, permission, label)


PROPOSAL = TransitionTable(
    entity="Proposal",
    initial=P.DRAFT,
    transitions=(
        _proposal("ask", {P.DRAFT}, P.WAITING, _("Ask for approval")),
        _proposal("approve", {P.WAITING}, P.APPROVED, _("Approve"), Permission.MANAGE_RELATIONSHIPS),
        _proposal("revise", {P.WAITING, P.APPROVED}, P.DRAFT, _("Back to draft")),
        _proposal("send", {P.DRAFT, P.APPROVED}, P.SENT, _("Mark as sent")),
        _proposal("accept", {P.SENT}, P.ACCEPTED, _("They accepted")),
        _proposal("decline", {P.SENT}, P.DECLINED, _("They declined")),
        _proposal("withdraw", {P.DRAFT, P.WAITING, P.APPROVED, P.SENT}, P.WITHDRAWN, _("Withdraw")),
    ),
    final=frozenset({P.ACCEPTED, P.DECLINED, P.WITHDRAWN}),
)


def exit_is_approved(review: Any) -> list[str]:
    """An exit is the decision of two people."""
    return ["approval"] if review.verdict == ReviewVerdict.EXIT and review.approved_at is None else []


def _review(name: str, sources: set[str], target: str, label: Any, **options: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_RELATIONSHIPS, label, **options)


REVIEW = TransitionTable(
    entity="Review",
    initial=R.DUE,
    transitions=(
        _review("prepare", {R.DUE}, R.PREPARED, _("Prepare the facts")),
        _review("discuss", {R.PREPARED}, R.DISCUSSED, _("Note the discussion")),
        _review("decide", {R.DISCUSSED}, R.DECIDED, _("Decide")),
        _review("run", {R.DECIDED}, R.PLAN_RUNNING, _("Start the plan"), guard=exit_is_approved),
        _review("close", {R.DECIDED, R.PLAN_RUNNING}, R.CLOSED, _("Close"), guard=exit_is_approved),
    ),
    final=frozenset({R.CLOSED}),
)
