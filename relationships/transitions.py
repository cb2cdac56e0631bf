"""The moves of promises and follow-ups, declared. Buttons, tests and later the API are made from these tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.transitions import Transition, TransitionTable
from relationships.enums import CommitmentState as S
from relationships.enums import FollowUpState as F
from relationships.enums import Materiality


def evidence_when_material(commitment: Any) -> list[str]:
    """A promise on which much hangs needs evidence before it is called delivered."""
    return ["evidence"] if commitment.materiality == Materiality.HIGH and not commitment.evidence else []


def _move(name: str, sources: set[str], target: str, label: Any, **options: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_COMMITMENTS, label, **options)


def _plan(name: str, sources: set[str], target: str, label: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_FOLLOW_UPS, label)


COMMITMENT = TransitionTable(
    entity="Commitment",
    initial=S.PROPOSED,
    transitions=(
        _move("agree", {S.PROPOSED}, S.AGREED, _("Agree")),
        _move("start", {S.AGREED}, S.IN_PROGRESS, _("Start")),
        _move(
            "deliver",
            {S.AGREED, S.IN_PROGRESS, S.MISSED},
            S.DELIVERED,
            _("Mark delivered"),
            guard=evidence_when_material,
        ),
        _move("confirm", {S.DELIVERED}, S.CONFIRMED, _("Confirm")),
        _move("miss", {S.AGREED, S.IN_PROGRESS}, S.MISSED, _("Miss")),
        _move("re_promise", {S.MISSED}, S.IN_PROGRESS, _("Promise again")),
        _move("withdraw", {S.PROPOSED, S.AGREED, S.IN_PROGRESS, S.MISSED}, S.WITHDRAWN, _("Withdraw")),
    ),
    final=frozenset({S.CONFIRMED, S.WITHDRAWN}),
)

FOLLOW_UP = TransitionTable(
    entity="Follow-up",
    initial=F.OPEN,
    transitions=(
        _plan("finish", {F.OPEN}, F.DONE, _("Done")),
        _plan("snooze", {F.OPEN}, F.OPEN, _("Snooze")),
        _plan("edit", {F.OPEN}, F.OPEN, _("Edit")),
        _plan("cancel", {F.OPEN}, F.CANCELLED, _("Cancel")),
        _plan("reopen", {F.DONE, F.CANCELLED}, F.OPEN, _("Open again")),
    ),
)
