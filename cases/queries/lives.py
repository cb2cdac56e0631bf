"""The life of a case out of the steps that a log tells of it: where it stands, and when it was open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cases.enums import ENDED, WAITING, CaseState


@dataclass(frozen=True)
class Step:
    """One line of a log. Without a state it tells that something was done, and the case stays where it was."""

    at: datetime
    state: str = ""


@dataclass
class Turn:
    """One stretch from the raising, or the opening again, to the end; none while it is open."""

    started_at: datetime
    ended_at: datetime | None = None
    pauses: list[tuple[datetime, datetime | None, str]] = field(default_factory=list)


@dataclass
class Life:
    """What is known of a case after its last step. A moment that no step tells is none."""

    raised_at: datetime
    state: str = CaseState.NEW
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def closed_at(self) -> datetime | None:
        """When it ended; none while it is open."""
        return self.turns[-1].ended_at


def life_of(steps: Iterable[Step]) -> Life:
    """The life that the steps tell, in whatever order they come; of those of one moment the first given comes first.

    It begins with the first step. Acknowledged it is only where the log tells of the raising by itself: a case whose
    first step is another was raised before, nobody knows when. Raises ValueError where there is no step.
    """
    told = sorted(steps, key=lambda step: step.at)
    if not told:
        raise ValueError("a life without a step: there is nothing to tell")
    life = Life(told[0].at, turns=[Turn(told[0].at)])
    is_told_raised = told[0].state == CaseState.NEW
    for step in told:
        if step.state and step.state != life.state:
            if is_told_raised and life.state == CaseState.NEW:
                life.acknowledged_at = step.at
            _go_on(life, step)
    return life


def _go_on(life: Life, step: Step) -> None:
    before, life.state = life.state, step.state
    if before in ENDED and step.state not in ENDED:
        life.turns.append(Turn(step.at))
    turn = life.turns[-1]
    if before in WAITING:
        begun, _open, reason = turn.pauses.pop()
        turn.pauses.append((begun, step.at, reason))
    if step.state in WAITING:
        turn.pauses.append((step.at, None, step.state))
    if step.state in ENDED and before not in ENDED:
        turn.ended_at = step.at
    if step.state in (CaseState.COMMUNICATED, CaseState.ANSWERED) and life.answered_at is None:
        life.answered_at = step.at
