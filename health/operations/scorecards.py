"""Scorecards as data: a draft is checked, tried, put into force, and retired by the next version."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from accounts.operations.audit import record_audit
from analytics.curves import Curve, CurveError
from core.refusals import Invalid, NotAllowed
from core.wording import figure, shortest
from health.enums import ScorecardStatus
from health.models import Component, Scorecard
from health.operations.locks import lock_scorecards
from health.operations.planning import planned_for
from health.queries.compiled import compile_trial
from health.registry import measures
from health.transitions import SCORECARD
from relationships import kinds
from relationships.kinds import ScorecardComponent

_CURVE_WORDS = {
    "too_few_points": gettext_lazy("The curve needs at least two corners [x, points]."),
    "not_a_number": gettext_lazy("Corner %(corner)s of the curve is not two finite numbers."),
    "x_not_increasing": gettext_lazy(
        "The curve's x must rise from corner to corner; corner %(corner)s does not."
    ),
    "points_out_of_range": gettext_lazy(
        "The curve's points must lie between 0 and 100; corner %(corner)s does not."
    ),
}

_BOUND_WORDS = {
    "weight": gettext_lazy("The weight must be from %(least)s to %(most)s, not %(given)s."),
    "half_life_days": gettext_lazy("The half-life must be from %(least)s to %(most)s days, not %(given)s."),
    "min_evidence": gettext_lazy("The least evidence must be from %(least)s to %(most)s, not %(given)s."),
}


class Bounds(NamedTuple):
    """The least and the most that a number of a component may be."""

    least: float
    most: int


BOUNDS = {
    "weight": Bounds(0.001, 1_000_000),
    "half_life_days": Bounds(0.01, 1_000_000),
    "min_evidence": Bounds(0.001, 1_000_000),
}
"""Within them anything can be measured; further out, shares of a score round to nothing and powers overflow."""

MOST_CORNERS = 50
FURTHEST = 1_000_000_000
"""No corner of a curve lies further from 0 than this."""

TRIAL_SIZE = 1_000
"""A version is tried on this many relationships, or on all of them, before it may be put into force."""


def component_problems(component: ScorecardComponent | Component) -> dict[str, list[str]]:
    """What is wrong with one component, in words by field; nothing when it can be compiled."""
    errors: dict[str, list[str]] = {}
    if component.measure not in measures:
        errors["measure"] = [_("There is no measure “%(measure)s”.") % {"measure": component.measure}]
    for field, bounds in BOUNDS.items():
        given = getattr(component, field)
        if not bounds.least <= given <= bounds.most:  # neither holds for what is no number
            told = {"least": shortest(bounds.least), "most": figure(bounds.most), "given": shortest(given, 9)}
            errors[field] = [_BOUND_WORDS[field] % told]
    if wrong := _curve_errors(component.curve):
        errors["curve"] = wrong
    return errors


def component_errors(component: ScorecardComponent | Component) -> list[str]:
    """The same as one list."""
    return [words for found in component_problems(component).values() for words in found]


def _curve_errors(curve: Sequence[Sequence[float]]) -> list[str]:
    if len(curve) > MOST_CORNERS:
        return [_("The curve may have at most %(most)s corners.") % {"most": MOST_CORNERS}]
    try:
        drawn = Curve.from_lists(curve)
    except CurveError as error:
        return [_CURVE_WORDS[error.code] % {"corner": error.position + 1}]
    if not drawn.lies_within(FURTHEST):
        ends = {"least": figure(-FURTHEST), "most": figure(FURTHEST)}
        return [_("The curve must lie between %(least)s and %(most)s.") % ends]
    return [] if drawn.is_monotone else [_("The curve must only rise or only fall.")]


@transaction.atomic
def draft_scorecard(
    *,
    actor: User,
    kind: str,
    components: Sequence[ScorecardComponent],
    now: datetime,
    business_unit: BusinessUnit | None = None,
    coverage_threshold: float = 0.5,
) -> Scorecard:
    """A new version, not yet in force. Raises Invalid naming every component that cannot be."""
    require_configuring(actor)
    _refuse_bad(kind, components, coverage_threshold)
    scorecard = Scorecard.objects.create(
        kind=kind,
        business_unit=business_unit,
        version=next_version(kind, business_unit),
        coverage_threshold=str(coverage_threshold),
        created_at=now,
        created_by=actor,
    )
    Component.objects.bulk_create(
        Component(
            scorecard=scorecard,
            key=component.key,
            group=component.group,
            measure=component.measure,
            curve=[list(corner) for corner in component.curve],
            weight=component.weight,
            half_life_days=component.half_life_days,
            min_evidence=component.min_evidence,
            position=position,
        )
        for position, component in enumerate(components)
    )
    return scorecard


def next_version(kind: str, business_unit: BusinessUnit | None) -> int:
    """The number after the last one."""
    latest = Scorecard.objects.filter(kind=kind, business_unit=business_unit).aggregate(Max("version"))
    return int(latest["version__max"] or 0) + 1


def tell_audit(scorecard: Scorecard, verb: str, actor: User, now: datetime, component: str = "") -> None:
    """Writes down what somebody did to a version; the system putting defaults into force is no news."""
    if actor.is_system:
        return
    record_audit(
        actor_id=actor.pk,
        verb=verb,
        now=now,
        subject_type="scorecard",
        subject_id=scorecard.pk,
        data={"kind": scorecard.kind, "version": scorecard.version, "component": component},
    )


def require_configuring(actor: User) -> None:
    """Raises NotAllowed unless the actor is the system or configures health."""
    if not (actor.is_system or actor.may(Permission.CONFIGURE_HEALTH)):
        raise NotAllowed(_("Only people who configure health may change how it is measured."))


def _refuse_bad(kind: str, components: Sequence[ScorecardComponent], coverage_threshold: float) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in kinds.registry:
        errors["kind"] = [_("There is no kind “%(kind)s”.") % {"kind": kind}]
    if not 0 < coverage_threshold <= 1:
        errors["coverage_threshold"] = [_("The coverage must be above 0 and at most 1.")]
    if not components:
        errors["components"] = [_("A scorecard needs at least one component.")]
    seen: set[str] = set()
    for component in components:
        found = component_errors(component)
        if component.key in seen:
            found.append(_("Two components have this key."))
        seen.add(component.key)
        if found:
            errors[component.key] = found
    if errors:
        raise Invalid(errors)


@transaction.atomic
def validate_scorecard(*, actor: User, scorecard: Scorecard, now: datetime) -> int:
    """Checks a draft and tries it on real relationships; returns on how many it was tried.

    Raises Invalid naming the component, Conflict when it is no draft.
    """
    require_configuring(actor)
    move = SCORECARD.resolve("validate", scorecard)
    components = list(scorecard.components.order_by("position", "id"))
    wrong = {component.key: errors for component in components if (errors := component_errors(component))}
    if wrong:
        raise Invalid(wrong)
    trial = compile_trial(scorecard, components, size=TRIAL_SIZE)
    with planned_for(everybody=True), connection.cursor() as cursor:
        cursor.execute(trial.sql, trial.params | {"as_of": now})
        (tried,) = cursor.fetchone()
    scorecard.status = move.target
    scorecard.save(update_fields=["status"])
    tell_audit(scorecard, "scorecard_validated", actor, now)
    return int(tried)


@transaction.atomic
def activate_scorecard(*, actor: User, scorecard: Scorecard, now: datetime) -> Scorecard:
    """Puts a checked version into force and retires the one before it; a run then scores by it.

    Where there was one before it, the weeks that are past are due to be scored anew, so that the trend has no step.
    """
    require_configuring(actor)
    move = SCORECARD.resolve("activate", scorecard)
    replaced = Scorecard.objects.filter(
        kind=scorecard.kind, business_unit=scorecard.business_unit_id, status=ScorecardStatus.ACTIVE
    ).update(status=ScorecardStatus.RETIRED, retired_at=now, history_due_at=None)
    scorecard.status = move.target
    scorecard.activated_at, scorecard.activated_by = now, actor
    scorecard.history_due_at = now if replaced else None
    scorecard.save(update_fields=["status", "activated_at", "activated_by", "history_due_at"])
    tell_audit(scorecard, "scorecard_activated", actor, now)
    return scorecard


@transaction.atomic
def install_default(*, actor: User, kind: str, now: datetime) -> Scorecard:
    """The scorecard that the kind declares, drafted, checked and put into force."""
    if kind not in kinds.registry:
        raise Invalid({"kind": _("There is no kind “%(kind)s”.") % {"kind": kind}})
    scorecard = draft_scorecard(
        actor=actor, kind=kind, components=kinds.registry.get(kind).components, now=now
    )
    validate_scorecard(actor=actor, scorecard=scorecard, now=now)
    return activate_scorecard(actor=actor, scorecard=scorecard, now=now)


@transaction.atomic
def ensure_scorecards(*, actor: User, now: datetime) -> list[Scorecard]:
    """Every kind with components has a scorecard in force: installs the missing ones and returns them."""
    lock_scorecards()
    return [
        install_default(actor=actor, kind=kind.slug, now=now)
        for kind in kinds.registry
        if kind.components and not has_active(kind.slug)
    ]


def has_active(kind: str) -> bool:
    """Whether a general scorecard of the kind is in force."""
    return Scorecard.objects.filter(kind=kind, business_unit=None, status=ScorecardStatus.ACTIVE).exists()
