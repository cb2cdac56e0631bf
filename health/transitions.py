"""The life of a scorecard version, declared."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.transitions import Transition, TransitionTable
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
