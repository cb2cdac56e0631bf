"""The life of an outside issue, declared."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Permission
from core.transitions import Transition, TransitionTable
from dashboards.enums import OutsideState as S


def _move(name: str, sources: set[str], target: str, label: Any) -> Transition:
    return Transition(name, frozenset(sources), target, Permission.MANAGE_RELATIONSHIPS, label)


OUTSIDE_ISSUE = TransitionTable(
    entity="Outside issue",
    initial=S.NOTICED,
    transitions=(
        _move("watch", {S.NOTICED, S.ACTED_ON}, S.WATCHED, pgettext_lazy("action", "Watch")),
        _move("act", {S.NOTICED, S.WATCHED}, S.ACTED_ON, _("Act on it")),
        _move("end", {S.WATCHED, S.ACTED_ON}, S.OVER, _("It is over")),
        _move("dismiss", {S.NOTICED, S.WATCHED}, S.DISMISSED, _("Does not touch us")),
        _move("reopen", {S.OVER, S.DISMISSED}, S.WATCHED, _("Watch again")),
    ),
)
