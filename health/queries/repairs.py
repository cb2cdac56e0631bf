"""The cheapest repair: the single step on one component that brings most points, named by the rows it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.curves import Curve
from analytics.explain import shown
from core.wording import day_words
from health.queries.parts import StoredPart
from health.queries.words import measure_of, reading_of
from health.registry import Step
from relationships.enums import Channel, CommitmentDirection, Direction
from relationships.models import Commitment, Interaction

MESSAGES = (Channel.EMAIL, Channel.LETTER, Channel.MESSAGE, Channel.SOCIAL)
LEAST_POINTS = 0.1


@dataclass(frozen=True)
class Repair:
    """What to do, in words; the points it brings, to a tenth; and whether these take a month to come back."""

    key: str
    act: str
    words: str
    points: Decimal
    takes_a_month: bool


@dataclass(frozen=True)
class Candidate:
    """A step on one component with the points of the whole score that it brings."""

    key: str
    step: Step
    points: float


@dataclass
class Rows:
    """What the acts are about, by relationship: an unanswered message, open problems, promises still owed."""

    waiting: dict[int, Interaction] = field(default_factory=dict)
    problems: dict[int, Interaction] = field(default_factory=dict)
    promises: dict[int, list[Commitment]] = field(default_factory=dict)


def candidates(
    parts: Sequence[StoredPart], curves: Mapping[str, Curve], *, scored_at: datetime, now: datetime
) -> list[Candidate]:
    """One step per used component that can improve, most points first, in scorecard order on a tie.

    The points are w·(s′ − s)/Σ_A w: other components are held as they are, though a call improves several.
    """
    used = [part for part in parts if part["used"]]
    total = sum(part["weight"] for part in used)
    found = []
    for part in used:
        measure, reading = measure_of(part), reading_of(part, scored_at=scored_at, now=now)
        step = measure.step(reading) if measure and measure.step and reading else None
        if step is not None:
            gain = curves[part["key"]].value(step.value) - part["points"]
            found.append(Candidate(part["key"], step, part["weight"] * gain / total))
    return sorted(
        (candidate for candidate in found if candidate.points >= LEAST_POINTS),
        key=lambda candidate: -candidate.points,
    )


def cheapest(chosen: Mapping[int, Sequence[Candidate]], *, viewer: User, now: datetime) -> dict[int, Repair]:
    """The first candidate of each relationship in words; at most three queries, however many relationships."""
    best = {pk: found[0] for pk, found in chosen.items() if found}
    rows = fetch_rows(best, viewer=viewer)
    today = now.astimezone(ZoneInfo(viewer.time_zone)).date()
    return {
        pk: Repair(
            key=candidate.key,
            act=candidate.step.act,
            words=_words(candidate.step, pk, rows, today),
            points=shown(candidate.points),
            takes_a_month=candidate.step.takes_a_month,
        )
        for pk, candidate in best.items()
    }


def fetch_rows(best: Mapping[int, Candidate], *, viewer: User) -> Rows:
    """The rows that the acts are about, as far as the viewer may know of them."""

    def of(*acts: str) -> list[int]:
        return [pk for pk, candidate in best.items() if candidate.step.act in acts]

    rows = Rows()
    talk = Interaction.objects.visible_to(viewer).current()
    if ids := of("contact"):
        unanswered = Q(relationship__state__last_outbound_at=None) | Q(
            relationship__state__last_outbound_at__lt=F("happened_at")
        )
        waiting = talk.filter(
            unanswered,
            relationship_id__in=ids,
            direction=Direction.IN,
            channel__in=MESSAGES,
            happened_at=F("relationship__state__last_inbound_at"),
        )
        rows.waiting = _by_relationship(waiting.order_by("id"))
    if ids := of("close_problem"):
        problems = talk.filter(
            relationship_id__in=ids, problem_severity__isnull=False, problem_closed_at=None
        )
        rows.problems = _by_relationship(problems.order_by("problem_severity", "-happened_at", "-id"))
    if ids := of("keep_promise", "deliver_late"):
        promises = (
            Commitment.objects.open()
            .visible_to(viewer)
            .filter(
                relationship_id__in=ids, direction__in=[CommitmentDirection.OURS, CommitmentDirection.MUTUAL]
            )
        )
        for promise in promises.exclude(state="proposed").order_by("original_due_date", "id"):
            rows.promises.setdefault(promise.relationship_id, []).append(promise)
    return rows


def _by_relationship(talk: Iterable[Any]) -> dict[int, Interaction]:
    """The last one of each relationship."""
    return {interaction.relationship_id: interaction for interaction in talk}


def _words(step: Step, pk: int, rows: Rows, today: date) -> str:
    if step.words:
        return str(step.words)
    match step.act:
        case "contact":
            words = _answer(rows.waiting.get(pk), today)
        case "answer_sooner":
            words = _("Answer their next message within two hours")
        case "meet_decider":
            words = _("Talk to somebody who decides and has not been met")
        case "close_problem":
            words = _close(rows.problems.get(pk), today)
        case _:
            words = _promise(rows.promises.get(pk, []), today, late=step.act == "deliver_late")
    return words


def _close(problem: Interaction | None, today: date) -> str:
    if problem is None:
        return _("Close the open complaint")
    return _("Close the complaint of %(day)s") % {"day": _day(problem.happened_at.date(), today)}


def _promise(owed: Sequence[Commitment], today: date, *, late: bool) -> str:
    promise = next((p for p in owed if (p.original_due_date < today) == late), None)
    if promise is None:
        return _("Deliver the late promise") if late else _("Keep the next promise on time")
    named = {"what": promise.what, "day": _day(promise.original_due_date, today)}
    if late:
        return _("Deliver the late promise of %(day)s: %(what)s") % named
    return _("Keep the promise for %(day)s: %(what)s") % named


def _answer(waiting: Interaction | None, today: date) -> str:
    if waiting is None:
        return _("Get in touch with them")
    day = _day(waiting.happened_at.date(), today)
    if waiting.channel == Channel.EMAIL:
        return _("Answer their e-mail of %(day)s") % {"day": day}
    if waiting.channel == Channel.LETTER:
        return _("Answer their letter of %(day)s") % {"day": day}
    return _("Answer their message of %(day)s") % {"day": day}


def _day(day: date, today: date) -> str:
    return day_words(day, today, lower=True)
