"""The cheapest repair: the single step on one component that brings most points, named by the rows it is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.curves import Curve
from analytics.explain import shown
from core.wording import day_words
from health.measures.trust import MONTH_DAYS
from health.queries.parts import StoredPart
from health.queries.words import measure_of, reading_of
from health.registry import Step
from relationships.enums import Channel, CommitmentDirection, Direction
from relationships.models import Commitment, Interaction
from relationships.queries.kept import ROW, VIEWER, KeptRows, anyone_like, kept
from relationships.querysets import rights_of

MESSAGES = (Channel.EMAIL, Channel.LETTER, Channel.MESSAGE, Channel.SOCIAL)
LEAST_POINTS = 0.1


@dataclass(frozen=True)
class Repair:
    """What to do, in words, and the points of the score that it brings, to a tenth.

    `before` and `after` are the component's own points, 0 to 100; `within_days` says by when they come (0: at once).
    """

    key: str
    act: str
    words: str
    points: Decimal
    before: Decimal
    after: Decimal
    within_days: int
    count: int

    @property
    def by_when(self) -> str:
        """“within a month”, “within three months”; empty where the points come at once."""
        if not self.within_days:
            return ""
        return _("within a month") if self.within_days <= MONTH_DAYS else _("within three months")


@dataclass(frozen=True)
class Candidate:
    """A step on one component with the points of the whole score that it brings, and the component's own points."""

    key: str
    step: Step
    points: float
    before: float
    after: float


@dataclass(frozen=True)
class Weighing:
    """What a step on a component depends on: the curve from its value to points, and how fast talk fades from it."""

    key: str
    curve: list[list[float]]
    half_life_days: float


@dataclass
class Rows:
    """What the acts are about, by relationship: an unanswered message, an open problem, promises still owed."""

    waiting: dict[int, Interaction] = field(default_factory=dict)
    problems: dict[int, Interaction] = field(default_factory=dict)
    promises: dict[int, list[Commitment]] = field(default_factory=dict)


def candidates(
    parts: Sequence[StoredPart], components: Mapping[str, Weighing], *, scored_at: datetime, now: datetime
) -> list[Candidate]:
    """One step per used component that can improve, most points first, in scorecard order on a tie.

    The points are w·(s′ − s)/Σ_A w, s′ by the component's own curve at the value after the step: other components
    are held as they are, though a call improves several.
    """
    used = [part for part in parts if part["used"]]
    total = sum(part["weight"] for part in used)
    found = []
    for part in used:
        component, measure = components[part["key"]], measure_of(part)
        reading = reading_of(part, scored_at=scored_at, now=now, half_life=component.half_life_days)
        step = measure.step(reading) if measure and measure.step and reading else None
        if step is not None:
            after = Curve.from_lists(component.curve).value(step.value)
            points = part["weight"] * (after - part["points"]) / total
            found.append(Candidate(part["key"], step, points, part["points"], after))
    return sorted(
        (candidate for candidate in found if candidate.points >= LEAST_POINTS),
        key=lambda candidate: -candidate.points,
    )


def cheapest(chosen: Mapping[int, Sequence[Candidate]], *, viewer: User, now: datetime) -> dict[int, Repair]:
    """The first candidate of each relationship in words; at most two queries, however many relationships."""
    best = {pk: found[:1] for pk, found in chosen.items() if found}
    return {pk: repairs[0] for pk, repairs in in_words(best, viewer=viewer, now=now).items()}


def in_words(
    chosen: Mapping[int, Sequence[Candidate]], *, viewer: User, now: datetime
) -> dict[int, list[Repair]]:
    """The candidates of each relationship in words, in their order; at most two queries."""
    rows = fetch_rows(chosen, viewer=viewer)
    today = now.astimezone(ZoneInfo(viewer.time_zone)).date()
    return {
        pk: [
            Repair(
                key=candidate.key,
                act=candidate.step.act,
                words=_words(candidate.step, pk, rows, today),
                points=shown(candidate.points),
                before=shown(candidate.before),
                after=shown(candidate.after),
                within_days=candidate.step.within_days,
                count=candidate.step.count,
            )
            for candidate in found
        ]
        for pk, found in chosen.items()
    }


def fetch_rows(chosen: Mapping[int, Sequence[Candidate]], *, viewer: User) -> Rows:
    """The rows that the acts are about, as far as the viewer may know of them."""
    rows = Rows()
    waiting, alone = _whose(chosen, "contact"), _whose(chosen, "close_problems", count=1)
    owing = _whose(chosen, "keep_promise", "deliver_late")
    if waiting or alone:
        for interaction in _asked(viewer, _talk, waiting, alone):
            if interaction.waits:
                rows.waiting[interaction.relationship_id] = interaction
            if interaction.is_open:
                rows.problems[interaction.relationship_id] = interaction
    if owing:
        for promise in _asked(viewer, _promises_of, owing):
            rows.promises.setdefault(promise.relationship_id, []).append(promise)
    return rows


def _asked(viewer: User, make: Callable[..., "QuerySet[Any]"], *whose: list[int]) -> list[Any]:
    """What `make` finds for the viewer; its SQL is kept where it is about one relationship, as on a record."""
    all_of_them = {pk for ids in whose for pk in ids}
    if len(all_of_them) > 1:
        return list(make(viewer, *whose))
    stand_ins = tuple([ROW] * len(ids) for ids in whose)
    key = ("repair", make.__name__, *map(len, whose), rights_of(viewer))
    rows: KeptRows[Any] = kept(key, lambda: KeptRows(make(anyone_like(viewer), *stand_ins)))
    return rows.ask({ROW: all_of_them.pop(), VIEWER: viewer.pk})


def _talk(viewer: User, waiting: Sequence[int], alone: Sequence[int]) -> "QuerySet[Any]":
    """Their messages that wait for an answer, and single open problems, each with which of the two it is."""
    whether = {"waits": _unanswered(waiting), "is_open": _open_problem(alone)}
    told = {name: ExpressionWrapper(is_so, BooleanField()) for name, is_so in whether.items()}
    talk = Interaction.objects.visible_to(viewer).current()
    found = talk.filter(_unanswered(waiting) | _open_problem(alone)).annotate(**told)
    return found.order_by("happened_at", "id")


def _promises_of(viewer: User, owing: Sequence[int]) -> "QuerySet[Any]":
    """What we still owe."""
    ours = [CommitmentDirection.OURS, CommitmentDirection.MUTUAL]
    promises = Commitment.objects.open().visible_to(viewer)
    promises = promises.filter(relationship_id__in=owing, direction__in=ours).exclude(state="proposed")
    return promises.order_by("original_due_date", "id")


def _whose(chosen: Mapping[int, Sequence[Candidate]], *acts: str, count: int | None = None) -> list[int]:
    """The relationships with a step of such an act, about `count` things where that is given."""
    return [
        pk
        for pk, found in chosen.items()
        if any(one.step.act in acts and count in (None, one.step.count) for one in found)
    ]


def _unanswered(relationship_ids: Sequence[int]) -> Q:
    """Their last message, when nothing of ours came after it."""
    no_answer = Q(relationship__state__last_outbound_at=None) | Q(
        relationship__state__last_outbound_at__lt=F("happened_at")
    )
    return no_answer & Q(
        relationship_id__in=relationship_ids,
        direction=Direction.IN,
        channel__in=MESSAGES,
        happened_at=F("relationship__state__last_inbound_at"),
    )


def _open_problem(relationship_ids: Sequence[int]) -> Q:
    return Q(relationship_id__in=relationship_ids, problem_severity__isnull=False, problem_closed_at=None)


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
        case "close_problems":
            words = _close(step.count, rows.problems.get(pk), today)
        case _:
            words = _promise(rows.promises.get(pk, []), today, late=step.act == "deliver_late")
    return words


def _close(count: int, problem: Interaction | None, today: date) -> str:
    if count > 1:
        return _("Close the %(n)s open complaints") % {"n": count}
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
