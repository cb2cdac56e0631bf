"""How to approach them now: what stands behind the next touch, what to do first, and what not to raise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from relationships.enums import ICON_OF_CHANNEL, Channel, CommitmentDirection, Direction, Severity
from relationships.models import Commitment, FollowUp, HandoverPack, Interaction, Relationship
from relationships.queries.relationship_list import today_of
from relationships.queries.together import together

TOUCHES, MOST, EXCERPT = 3, 5, 160
PUSHED_DAYS = 7


@dataclass(frozen=True)
class Touch:
    """A talk by anybody of ours that the viewer may know of."""

    happened_at: datetime
    channel: Channel
    direction: str
    who: str
    words: str

    @property
    def icon(self) -> str:
        """Its glyph."""
        return ICON_OF_CHANNEL[self.channel]


@dataclass(frozen=True)
class OpenProblem:
    """A problem that is not solved."""

    words: str
    severity: Severity
    happened_at: datetime


@dataclass(frozen=True)
class OpenPromise:
    """A promise that is still owed."""

    id: int
    what: str
    is_ours: bool
    due_date: date
    is_late: bool


@dataclass(frozen=True)
class Approach:
    """What to know before the next touch. `first` is the one thing to do; `avoid` what not to raise or do."""

    objective: str
    sensitivity: str
    handed_note: str
    touches: list[Touch]
    problems: list[OpenProblem]
    promises: list[OpenPromise]
    first: str
    avoid: list[str]


def approach(*, viewer: User, relationship: Relationship, now: datetime) -> Approach:
    """The guide to a relationship that the viewer may know of, in one query."""
    today = today_of(viewer, now)
    found = together(**_parts(viewer, relationship))
    touches = [_touch(row) for row in found["touches"]]
    problems = [
        OpenProblem(_excerpt(row), Severity(row["problem_severity"]), row["happened_at"])
        for row in found["problems"]
    ]
    promises = [_promise(row, today) for row in found["promises"]]
    return Approach(
        objective=relationship.objective,
        sensitivity=relationship.sensitivity_note,
        handed_note=next((row["note"] for row in found["notes"]), ""),
        touches=touches,
        problems=problems,
        promises=promises,
        first=_first(problems, promises, found["plans"], relationship, now),
        avoid=_avoid(problems, promises, touches, now),
    )


def _parts(viewer: User, relationship: Relationship) -> dict[str, Any]:
    talk = Interaction.objects.visible_to(viewer).current().filter(relationship=relationship)
    return {
        "touches": talk.exclude(channel=Channel.NOTE)
        .order_by("-happened_at", "-id")
        .values("happened_at", "channel", "direction", "subject", "body", who=F("actor__name"))[:TOUCHES],
        "problems": talk.filter(problem_severity__isnull=False, problem_closed_at=None)
        .order_by("-problem_severity", "happened_at", "id")
        .values("subject", "body", "problem_severity", "happened_at")[:MOST],
        "promises": Commitment.objects.visible_to(viewer)
        .open()
        .filter(relationship=relationship)
        .order_by("current_due_date", "id")
        .values("id", "what", "direction", due_date=F("current_due_date"))[:MOST],
        "plans": FollowUp.objects.visible_to(viewer)
        .open()
        .filter(relationship=relationship)
        .order_by("due_date", "id")
        .values("what", "due_date")[:1],
        "notes": HandoverPack.objects.visible_to(viewer)
        .filter(relationship=relationship)
        .exclude(note="")
        .order_by("-id")
        .values("note")[:1],
    }  # fmt: skip


def _first(
    problems: Sequence[OpenProblem],
    promises: Sequence[OpenPromise],
    plans: Sequence[Mapping[str, Any]],
    relationship: Relationship,
    now: datetime,
) -> str:
    """The one thing to do first: a serious problem, our late word, what is planned, or what the rhythm asks."""
    serious = next((problem for problem in problems if problem.severity >= Severity.HIGH), None)
    if serious:
        return _("Say what is being done about “%(what)s” before anything else.") % {"what": serious.words}
    late = next((promise for promise in promises if promise.is_late and promise.is_ours), None)
    if late:
        return _("Keep “%(what)s”, or agree another day for it.") % {"what": late.what}
    if plans:
        return _("As planned: %(what)s") % {"what": plans[0]["what"]}
    last = relationship.state.last_interaction_at
    if last is None:
        return _("Make the first contact: nobody has talked with them yet.")
    days = {"days": (now - last).days, "rhythm": relationship.cadence_days}
    if (now - last).days > relationship.cadence_days:
        return _("Ask how they are: the last talk was %(days)d days ago, the rhythm is %(rhythm)d.") % days
    return _("Nothing presses: the last talk was %(days)d days ago, the rhythm is %(rhythm)d.") % days


def _avoid(
    problems: Sequence[OpenProblem], promises: Sequence[OpenPromise], touches: Sequence[Touch], now: datetime
) -> list[str]:
    """What not to raise, each with why."""
    found = []
    serious = next((problem for problem in problems if problem.severity >= Severity.HIGH), None)
    if serious:
        found.append(_("No offer while “%(what)s” is open.") % {"what": serious.words})
    late = next((promise for promise in promises if promise.is_late and promise.is_ours), None)
    if late:
        found.append(_("Ask them for nothing before “%(what)s” is kept.") % {"what": late.what})
    if _is_pushing(touches, now):
        found.append(_("Do not press: our last three contacts within a week had no answer."))
    return found


def _is_pushing(touches: Sequence[Touch], now: datetime) -> bool:
    since = now - timedelta(days=PUSHED_DAYS)
    return len(touches) == TOUCHES and all(
        touch.direction == Direction.OUT and touch.happened_at >= since for touch in touches
    )


def _touch(row: Mapping[str, Any]) -> Touch:
    return Touch(row["happened_at"], Channel(row["channel"]), row["direction"], row["who"], _excerpt(row))


def _promise(row: Mapping[str, Any], today: date) -> OpenPromise:
    ours = row["direction"] != CommitmentDirection.THEIRS
    return OpenPromise(row["id"], row["what"], ours, row["due_date"], row["due_date"] < today)


def _excerpt(row: Mapping[str, Any]) -> str:
    words: str = row["subject"] or row["body"]
    return words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…"
