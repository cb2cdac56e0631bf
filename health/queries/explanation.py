"""Why a relationship's health is what it is: groups that add up to the score, reasons, and the cheapest repair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.explain import OTHER, Part, apportioned, groups, shown, shown_contributions, shown_groups
from core.wording import shortest
from health.models import Component, RelationshipScore
from health.queries.judgements import Judgement, judgement_of, with_overrides
from health.queries.parts import StoredPart, as_parts
from health.queries.repairs import Candidate, Repair, Weighing, candidates, cheapest
from health.queries.words import measure_of, part_words
from health.registry import measures
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.models import Relationship, RelationshipState
from relationships.queries.kept import ROW, KeptRows, kept

Text = str | Promise

TONES = {HealthStatus.HEALTHY: "good", HealthStatus.WATCH: "warn", HealthStatus.AT_RISK: "bad"}
MENTIONED_POINTS = 3
"""A component is named in the sentence of why when it costs this much."""


@dataclass(frozen=True)
class Group:
    """One of at most five parts of the ring: `points` of `weight`, its greatest; both sum over the groups."""

    key: str
    label: Text
    points: Decimal
    weight: Decimal
    reason: str


@dataclass(frozen=True)
class Line:
    """One component: what it found, in words; φ against the kind's usual in tenths; whether it counts at all.

    `points` are the component's own, 0 to 100, `reference` the kind's median of them, `share` its weight in
    the whole scorecard. Without enough evidence `contribution` is None.
    """

    key: str
    label: Text
    words: str
    n: int
    share: Decimal
    points: Decimal | None
    reference: Decimal
    contribution: Decimal | None
    evidence: str


@dataclass(frozen=True)
class Explanation:
    """Everything shown is in tenths and adds up: Σ groups = score, reference + Σ contributions = score.

    Without enough evidence there is no score, no status, no group and no line that counts; `needs` says what is
    missing. `judgement` is what people say beside all this; none of it is changed by that.
    """

    score: Decimal | None
    status: HealthStatus
    tone: str
    coverage: int
    change: Decimal | None
    sentence: str
    groups: list[Group]
    reference: Decimal | None
    lines: list[Line]
    repair: Repair | None
    candidates: list[Candidate]
    needs: list[Text]
    weeks: list[Decimal | None]
    scored_at: datetime | None
    judgement: Judgement | None = None


def explain(
    *,
    viewer: User,
    relationship: Relationship,
    now: datetime,
    stored: RelationshipScore | None = None,
) -> Explanation:
    """The explanation of a relationship that the viewer may see, as of its last scoring. At most two queries."""
    stored = stored or scores_of([relationship.pk]).get(relationship.pk)
    if stored is None:
        return _never_scored(relationship)
    state = stored.relationship.state
    if stored.score is None:
        return _without_score(stored, state, now)
    found = candidates_of(stored, now)
    repair = cheapest({relationship.pk: found}, viewer=viewer, now=now).get(relationship.pk)
    parts = as_parts(stored.parts)
    status = HealthStatus(state.health_status)
    reference, contributions = shown_contributions(parts)
    return Explanation(
        score=shown(stored.score),
        status=status,
        tone=TONES.get(status, ""),
        coverage=round(100 * stored.coverage),
        change=state.health_change,
        sentence=sentence(stored.parts, repair),
        groups=_groups(stored, parts, now),
        reference=reference,
        lines=_lines(stored, contributions, now),
        repair=repair,
        candidates=found,
        needs=[],
        weeks=list(state.health_weeks),
        scored_at=stored.as_of,
        judgement=judgement_of(stored, now=now),
    )


def scores_of(relationship_ids: Sequence[int]) -> dict[int, RelationshipScore]:
    """The scores of some relationships with their scorecards, what each weighs, states and overrides, in one query."""
    if len(relationship_ids) == 1:
        rows = kept("one score", lambda: KeptRows(_scores([ROW])))
        return {score.pk: score for score in rows.ask({ROW: relationship_ids[0]})}
    return {score.pk: score for score in _scores(relationship_ids)}


def _scores(relationship_ids: Sequence[int]) -> "QuerySet[RelationshipScore]":
    scores = RelationshipScore.objects.filter(pk__in=relationship_ids)
    weighing = Component.objects.filter(scorecard=OuterRef("scorecard_id")).order_by("position", "id")
    parts = JSONObject(key="key", curve="curve", half_life_days="half_life_days")
    told = scores.select_related("scorecard", "basis", "relationship__state")
    return with_overrides(told.annotate(weighing=ArraySubquery(weighing.values(json=parts))))


def candidates_of(stored: RelationshipScore, now: datetime) -> list[Candidate]:
    """The steps that would move a stored score from `scores_of`, best first."""
    components = {told["key"]: Weighing(**told) for told in vars(stored)["weighing"]}
    return candidates(stored.parts, components, scored_at=stored.as_of, now=now)


def sentence(parts: Sequence[StoredPart], repair: Repair | None) -> str:
    """One sentence of why, with the cheapest repair and what it brings."""
    lost = _lost(parts)
    costly = [part for part in lost if lost_points(part, parts) >= MENTIONED_POINTS][:2]
    weaknesses = [measure.weakness for part in costly if (measure := measure_of(part))]
    if len(weaknesses) == 2:
        why = _("Mostly %(first)s and %(second)s.") % {"first": weaknesses[0], "second": weaknesses[1]}
    elif weaknesses:
        why = _("Mostly %(first)s.") % {"first": weaknesses[0]}
    else:
        why = _("Nothing weighs on it.")
    if repair is None:
        return why
    points = {"why": why, "repair": repair.words, "points": shortest(float(repair.points))}
    if repair.within_days:
        points["by_when"] = repair.by_when
        return _("%(why)s %(repair)s and %(points)s points return %(by_when)s.") % points
    return _("%(why)s %(repair)s and %(points)s points return.") % points


def lost_points(part: StoredPart, parts: Sequence[StoredPart]) -> float:
    """What a used part costs of the 100: w·(100 − s)/Σ_A w."""
    total: float = sum(other["weight"] for other in parts if other["used"])
    return float(part["weight"] * (100 - part["points"]) / total)


def _lost(parts: Sequence[StoredPart]) -> list[StoredPart]:
    """The used parts, the costliest first."""
    return sorted((p for p in parts if p["used"]), key=lambda part: -lost_points(part, parts))


def _groups(stored: RelationshipScore, parts: Sequence[Part], now: datetime) -> list[Group]:
    labels = kinds.registry.get(stored.scorecard.kind).groups
    points = shown_groups(parts)
    full = [Part(p.key, p.group, p.weight, 100.0, used=p.used) for p in parts]
    weights = apportioned(groups(full), Decimal(100))
    reasons: dict[str, list[str]] = {}
    for part in _lost(stored.parts):
        key = part["group"] if part["group"] in points else OTHER
        words = part_words(part, scored_at=stored.as_of, now=now)
        if len(reasons.setdefault(key, [])) < 2:
            reasons[key].append(words)
    return [
        Group(key, labels.get(key, _("Other")), points[key], weights[key], ". ".join(reasons[key]))
        for key in points
    ]


def line_of(stored: RelationshipScore, key: str, *, now: datetime) -> Line | None:
    """One component of a stored score, as the explanation has it; none without such a component."""
    counted = {} if stored.score is None else shown_contributions(as_parts(stored.parts))[1]
    return next((line for line in _lines(stored, counted, now) if line.key == key), None)


def _lines(stored: RelationshipScore, contributions: Mapping[str, Decimal], now: datetime) -> list[Line]:
    every = sum(part["weight"] for part in stored.parts)
    return [_line(part, every, contributions.get(part["key"]), stored.as_of, now) for part in stored.parts]


def _line(
    part: StoredPart, every: float, contribution: Decimal | None, scored_at: datetime, now: datetime
) -> Line:
    measure = measure_of(part)
    return Line(
        key=part["key"],
        label=measure.label if measure else part["key"],
        words=part_words(part, scored_at=scored_at, now=now),
        n=round(part["n"]),
        share=shown(100 * part["weight"] / every),
        points=shown(part["points"]) if part["used"] else None,
        reference=shown(part["reference"]),
        contribution=contribution,
        evidence=measure.evidence if measure else "",
    )


def _without_score(stored: RelationshipScore, state: RelationshipState, now: datetime) -> Explanation:
    every = sum(part["weight"] for part in stored.parts)
    have = sum(part["weight"] for part in stored.parts if part["used"])
    threshold = float(stored.scorecard.coverage_threshold)
    needs: list[Text] = []
    for part in sorted((p for p in stored.parts if not p["used"]), key=lambda part: -part["weight"]):
        measure = measure_of(part)
        if have >= threshold * every:
            break
        have += part["weight"]
        if measure and measure.needs not in needs:
            needs.append(measure.needs)
    return _nothing(
        coverage=round(100 * stored.coverage),
        needs=needs,
        lines=_lines(stored, {}, now),
        weeks=list(state.health_weeks),
        scored_at=stored.as_of,
        judgement=judgement_of(stored, now=now),
    )


def _never_scored(relationship: Relationship) -> Explanation:
    wanted = sorted(kinds.registry.get(relationship.kind).components, key=lambda c: -c.weight)
    needs = dict.fromkeys(measures.get(c.measure).needs for c in wanted if c.measure in measures)
    return _nothing(coverage=0, needs=list(needs)[:3], lines=[], weeks=[], scored_at=None)


def _nothing(*, coverage: int, needs: list[Text], **facts: Any) -> Explanation:
    listed = ", ".join(str(need) for need in needs)
    words = _("Not enough evidence (%(coverage)s %%).") % {"coverage": coverage}
    if listed:
        words = _("Not enough evidence (%(coverage)s %%): needs %(needs)s.") % {
            "coverage": coverage, "needs": listed,
        }  # fmt: skip
    return Explanation(
        score=None, status=HealthStatus.NONE, tone="", coverage=coverage, change=None, sentence=words,
        groups=[], reference=None, repair=None, candidates=[], needs=needs, **facts,
    )  # fmt: skip
