"""How relationships went over eighteen weeks: seeded stories that become dated acts, not yet carried out."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from exchange.operations.demo.talk import REPLIES_IN, REPLIES_OUT, Line

WEEKS = 18
SHORT_WEEKS = 3
"""A phase as short as this is a crisis or its end: people talk often, whoever they are."""


@dataclass(frozen=True)
class Phase:
    """A stretch of a story: which lines are drawn, how often, how fast both sides answer, how promises fare."""

    lines: str
    weeks: float
    gap_days: float
    our_reply_hours: float = 3.0
    their_reply_hours: float = 6.0
    kept: float = 0.92


@dataclass(frozen=True)
class Act:
    """One thing to carry out at a time: `verb` is log, deliver, finish or close; `of` is the act it belongs to."""

    at: datetime
    verb: str
    number: int
    of: int = -1
    line: Line | None = None
    words: dict[str, str] = field(default_factory=dict)
    due: datetime | None = None
    person: int = 0


STORIES: dict[str, tuple[Phase, ...]] = {
    "steady": (Phase("steady", 18, 14),),
    "devoted": (Phase("steady", 18, 9, 1.5, 3, 0.98),),
    "recovered": (
        Phase("steady", 7, 13),
        Phase("complaint", 1, 5, 20, 6),
        Phase("chasing", 2, 6, 30, 4, 0.5),
        Phase("resolving", 2, 5, 1.5, 4),
        Phase("steady", 6, 11, 2, 4),
    ),
    "complaint_open": (
        Phase("steady", 9, 13, 4),
        Phase("cooling", 4, 10, 20, 12, 0.4),
        Phase("complaint", 2, 5, 40, 5, 0.1),
        Phase("chasing", 3, 5, 60, 4, 0.1),
    ),
    "cooling": (Phase("steady", 9, 12), Phase("cooling", 9, 19, 12, 40, 0.5)),
    "silent": (Phase("steady", 9, 12), Phase("cooling", 2, 8, 12, 60, 0.4)),
    "promises_broken": (Phase("steady", 9, 12), Phase("steady", 9, 12, 18, 8, 0.12)),
    "warming": (Phase("cooling", 7, 15, 12, 30, 0.8), Phase("resolving", 2, 6), Phase("steady", 9, 10, 2, 3)),
    "prospect": (Phase("", 16, 0), Phase("prospect", 2, 12)),
    "not_met": (Phase("", 18, 0),),
}
CUSTOMER_MIX = (
    ("steady", 26), ("devoted", 12), ("recovered", 13), ("complaint_open", 9), ("cooling", 11),
    ("silent", 7), ("promises_broken", 8), ("warming", 9), ("prospect", 5), ("not_met", 3),
)  # fmt: skip
SUPPLIER_MIX = (
    ("steady", 34), ("devoted", 10), ("recovered", 14), ("complaint_open", 12), ("cooling", 8),
    ("promises_broken", 14), ("warming", 8), ("not_met", 3),
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def choose_story(rng: random.Random, mix: Sequence[tuple[str, int]]) -> str:
    """One story's name, by weight."""
    names, weights = zip(*mix, strict=True)
    return str(rng.choices(names, weights)[0])


def in_working_hours(moment: datetime) -> datetime:
    """`moment` moved to a working day between half past eight and half past five, never backwards."""
    if moment.weekday() >= 5:
        moment += timedelta(days=7 - moment.weekday())
    opening = moment.replace(hour=8, minute=30, second=0, microsecond=0)
    closing = moment.replace(hour=17, minute=30, second=0, microsecond=0)
    if moment > closing:
        return in_working_hours(opening + timedelta(days=1))
    return max(moment, opening).replace(second=0, microsecond=0)


class Teller:
    """Turns one story into acts between `start` and `now`.

    `pace` stretches the gaps of long phases, for those with whom one speaks less often.
    """

    def __init__(
        self,
        rng: random.Random,
        lines: Mapping[str, tuple[Line, ...]],
        products: Sequence[str],
        people: int,
        pace: float = 1.0,
    ):
        self.rng, self.lines, self.products, self.people = rng, lines, products, people
        self.pace = pace
        self.acts: list[Act] = []
        self.open_problem = -1

    def tell(self, story: str, start: datetime, now: datetime) -> list[Act]:
        """All acts of the story that happened before `now`, in order of time."""
        at = start
        for phase in STORIES[story]:
            end = at + timedelta(weeks=phase.weeks)
            if phase.lines:
                self._phase(phase, at, min(end, now), now)
            at = end
        return sorted((act for act in self.acts if act.at < now), key=lambda act: (act.at, act.number))

    def _phase(self, phase: Phase, start: datetime, end: datetime, now: datetime) -> None:
        gap_days = phase.gap_days * (self.pace if phase.weeks > SHORT_WEEKS else 1)
        at = start + timedelta(days=self.rng.uniform(0.1, gap_days / 2))
        last = ""
        while at < end:
            moment = in_working_hours(at + timedelta(hours=self.rng.uniform(-6, 6)))
            line = self.rng.choice([line for line in self.lines[phase.lines] if line.subject != last])
            last = line.subject
            self._say(line, moment, phase, now)
            at += timedelta(days=max(1.0, self.rng.gauss(gap_days, gap_days / 4)))

    def _say(self, line: Line, moment: datetime, phase: Phase, now: datetime) -> None:
        rng, number = self.rng, len(self.acts)
        words = {
            "product": rng.choice(self.products),
            "number": str(rng.choice([4, 6, 8, 10, 12, 20, 24])),
            "day": rng.choice(WEEKDAYS),
        }
        due = (
            (moment + timedelta(days=rng.randint(3, 10)))
            if line.ours or line.theirs or line.follow_up
            else None
        )
        person = rng.randrange(self.people)
        self.acts.append(Act(moment, "log", number, line=line, words=words, due=due, person=person))
        if line.severity:
            self.open_problem = number
        elif phase.lines == "resolving" and self.open_problem >= 0:
            self.acts.append(
                Act(moment + timedelta(minutes=20), "close", len(self.acts), of=self.open_problem)
            )
            self.open_problem = -1
        if due and (line.ours or line.theirs):
            self._keep(number, due, phase, now)
        if due and line.follow_up and (due < now - timedelta(days=12) or rng.random() < 0.75):
            self.acts.append(Act(in_working_hours(due), "finish", len(self.acts), of=number))
        if line.channel in {"email", "message"} and line.who != "mutual":
            self._answer(line, moment, phase, person)

    def _keep(self, number: int, due: datetime, phase: Phase, now: datetime) -> None:
        rng = self.rng
        if rng.random() < phase.kept:
            at = in_working_hours(due - timedelta(days=rng.randint(1, 2)))
        elif due < now - timedelta(days=21) or rng.random() < 0.4:
            at = in_working_hours(due + timedelta(days=rng.randint(3, 9)))
        else:
            return
        self.acts.append(Act(at, "deliver", len(self.acts), of=number))

    def _answer(self, line: Line, moment: datetime, phase: Phase, person: int) -> None:
        ours = line.who == "in"
        if self.rng.random() > (0.85 if ours else 0.75):
            return
        hours = (phase.our_reply_hours if ours else phase.their_reply_hours) * self.rng.lognormvariate(0, 0.5)
        body, _thanks = self.rng.choice(REPLIES_OUT if ours else REPLIES_IN)
        at = in_working_hours(moment + timedelta(hours=hours * (1 if hours < 8 else 3)))
        reply = Line(line.channel, "out" if ours else "in", f"Re: {line.subject}", body)
        words = {"day": self.rng.choice(WEEKDAYS)}
        self.acts.append(Act(at, "log", len(self.acts), line=reply, words=words, person=person))
