"""A draft of the next version of a scorecard, changed component by component until it is checked."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict, Invalid
from health.enums import ScorecardStatus
from health.models import Component, Scorecard
from health.operations.scorecards import component_problems, next_version, require_configuring, tell_audit
from health.registry import measures
from health.transitions import SCORECARD
from relationships import kinds

COPIED = (
    "key", "group", "measure", "curve", "weight", "half_life_days", "min_evidence", "position", "prior",
)  # fmt: skip


@transaction.atomic
def draft_from(*, actor: User, scorecard: Scorecard, now: datetime) -> Scorecard:
    """The next version as a copy of another one. Raises NotAllowed, Conflict while another draft is being made."""
    require_configuring(actor)
    others = Scorecard.objects.filter(kind=scorecard.kind, business_unit=scorecard.business_unit_id)
    begun = others.filter(status__in=[ScorecardStatus.DRAFT, ScorecardStatus.VALIDATED]).first()
    if begun is not None:
        raise Conflict(
            _("Version %(version)s is being made; put it into force or retire it first.")
            % {"version": begun.version}
        )
    draft = Scorecard.objects.create(
        kind=scorecard.kind,
        business_unit=scorecard.business_unit,
        version=next_version(scorecard.kind, scorecard.business_unit),
        coverage_threshold=scorecard.coverage_threshold,
        created_at=now,
        created_by=actor,
    )
    Component.objects.bulk_create(
        Component(scorecard=draft, **{name: getattr(component, name) for name in COPIED})
        for component in scorecard.components.order_by("position", "id")
    )
    tell_audit(draft, "scorecard_drafted", actor, now)
    return draft


@transaction.atomic
def edit_component(
    *,
    actor: User,
    scorecard: Scorecard,
    key: str,
    weight: float,
    half_life_days: float,
    min_evidence: float,
    curve: Sequence[Sequence[float]],
    now: datetime,
) -> Component:
    """Changes a component of a draft. Raises Invalid naming the field and the component, Conflict for no draft."""
    held = _hold_draft(actor, scorecard)
    component = held.components.filter(key=key).first()
    if component is None:
        raise Invalid({"key": _("The draft has no component “%(key)s”.") % {"key": key[:40]}})
    component.weight, component.half_life_days, component.min_evidence = weight, half_life_days, min_evidence
    component.curve = [list(corner) for corner in curve]
    _refuse_bad(component)
    component.save(update_fields=["weight", "half_life_days", "min_evidence", "curve"])
    tell_audit(held, "scorecard_edited", actor, now, component=key)
    return component


@transaction.atomic
def add_component(*, actor: User, scorecard: Scorecard, measure: str, group: str, now: datetime) -> Component:
    """Adds a measure to a draft with a weight of 1 and a straight curve, to be changed from there.

    Raises Invalid for a measure or a group that does not exist or is in it already, Conflict for no draft.
    """
    held = _hold_draft(actor, scorecard)
    errors = {}
    if measure not in measures:
        errors["measure"] = _("There is no measure “%(measure)s”.") % {"measure": measure[:40]}
    elif held.components.filter(measure=measure).exists():
        errors["measure"] = _("This is measured in it already.")
    if group not in kinds.registry.get(held.kind).groups:
        errors["group"] = _("There is no group “%(group)s”.") % {"group": group[:40]}
    if errors:
        raise Invalid(errors)
    place = held.components.aggregate(Max("position"))["position__max"]
    in_points = measures.get(measure).unit == "points"
    component = Component.objects.create(
        scorecard=held,
        key=measure,
        group=group,
        measure=measure,
        curve=[[0.0, 0.0], [100.0 if in_points else 1.0, 100.0]],
        weight=1.0,
        half_life_days=90.0,
        min_evidence=1.0,
        position=0 if place is None else place + 1,
    )
    tell_audit(held, "scorecard_edited", actor, now, component=component.key)
    return component


@transaction.atomic
def remove_component(*, actor: User, scorecard: Scorecard, key: str, now: datetime) -> None:
    """Takes a component out of a draft. Raises Invalid where there is none or it is the last, Conflict for no draft."""
    held = _hold_draft(actor, scorecard)
    if not held.components.filter(key=key).exists():
        raise Invalid({"key": _("The draft has no component “%(key)s”.") % {"key": key[:40]}})
    if held.components.count() == 1:
        raise Invalid({"key": _("A scorecard needs at least one component.")})
    held.components.filter(key=key).delete()
    tell_audit(held, "scorecard_edited", actor, now, component=key)


@transaction.atomic
def retire_draft(*, actor: User, scorecard: Scorecard, now: datetime) -> Scorecard:
    """Gives a version up that was never in force. Raises Conflict for one that is: the next one retires it."""
    require_configuring(actor)
    held = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    move = SCORECARD.resolve("retire", held)
    if held.status == ScorecardStatus.ACTIVE:
        raise Conflict(_("The version in force is retired by putting another one into force."))
    held.status, held.retired_at = move.target, now
    held.save(update_fields=["status", "retired_at"])
    tell_audit(held, "scorecard_retired", actor, now)
    return held


def _hold_draft(actor: User, scorecard: Scorecard) -> Scorecard:
    require_configuring(actor)
    held = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    if held.status != ScorecardStatus.DRAFT:
        raise Conflict(_("Only a draft can be changed; make a new one from this version."))
    return held


def _refuse_bad(component: Component) -> None:
    found = component_problems(component)
    if found:
        label = measures.get(component.measure).label if component.measure in measures else component.key
        raise Invalid(
            {
                field: [_("%(component)s: %(words)s") % {"component": label, "words": text} for text in words]
                for field, words in found.items()
            }
        )
