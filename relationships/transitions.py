"""The moves of a promise, declared. Buttons, tests and later the API are made from this table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.transitions import Transition, TransitionTable
from relationships.enums import CommitmentState as S
from relationships.enums import Materiality


def evidence_when_material(commitment: Any) -> list[str]:
    """A promise on which much hangs needs evidence before it is called delivered."""
    return ["evidence"] if commitment.materiality == Materiality.HIGH and not commitment.evidence else []


def _move(name: str, sources: set[str], target: str, label: Any, **options: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_COMMITMENTS, label, **options)


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
