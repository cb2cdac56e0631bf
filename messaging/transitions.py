"""The life of a message on its way out, and of its outcome for one recipient, declared."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.transitions import Transition, TransitionTable
from messaging.enums import DeliveryOutcome as D
from messaging.enums import MessageState as S


def _move(name: str, sources: Collection[str], target: str, label: Any) -> Transition:
    """A move that a sender makes, or whoever may speak for what the mail is about."""
    return Transition(name, frozenset(sources), target, "", label)


MESSAGE = TransitionTable(
    entity="OutboxMessage",
    initial=S.QUEUED,
    transitions=(
        _move("claim", {S.QUEUED}, S.SENDING, _("Take up")),
        _move("postpone", {S.SENDING}, S.QUEUED, _("Try again later")),
        _move("send", {S.SENDING}, S.SENT, _("Sent")),
        _move("keep", {S.SENDING}, S.KEPT, _("Kept here")),
        _move("fail", {S.SENDING}, S.FAILED, _("Failed")),
        _move("stop", {S.SENDING}, S.STOPPED, _("Not sent")),
        _move("take_back", {S.QUEUED}, S.STOPPED, _("Take back")),
    ),
    final=frozenset({S.SENT, S.KEPT, S.FAILED, S.STOPPED}),
)

OPEN = frozenset({D.HELD_BACK, D.WAITING})
"""Before a recipient has an outcome."""

DELIVERY = TransitionTable(
    entity="Delivery",
    initial=D.HELD_BACK,
    transitions=(
        _move("leave", {D.HELD_BACK}, D.WAITING, _("Leave")),
        _move("accept", {D.WAITING}, D.ACCEPTED, _("Accepted by the mail server")),
        _move("refuse", {D.WAITING}, D.REFUSED, _("Refused by the mail server")),
        _move("keep", {D.WAITING}, D.KEPT, _("Kept here")),
        _move("suppress", OPEN, D.SUPPRESSED, _("Not sent")),
        _move("stop", OPEN, D.STOPPED, _("Not sent")),
        _move("take_back", {D.HELD_BACK}, D.TAKEN_BACK, _("Take back")),
        _move("bounce", {D.ACCEPTED}, D.BOUNCED, _("Came back")),
    ),
    final=frozenset({D.REFUSED, D.KEPT, D.SUPPRESSED, D.STOPPED, D.TAKEN_BACK, D.BOUNCED}),
)
