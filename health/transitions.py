"""The lives of a scorecard version and of an alert, declared."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.transitions import Transition, TransitionTable
from health.enums import AlertState as A
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
