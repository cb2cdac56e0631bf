"""Relationships: opened, described, handed on, closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Confidentiality, Permission
from accounts.models import BusinessUnit, Team, User
from accounts.operations.audit import record_audit
from core.refusals import Conflict, Invalid
from relationships import kinds
from relationships.enums import RevenueType, Verb
from relationships.models import Event, Party, Relationship, RelationshipState
from relationships.operations.access import (
    check_colleague,
    hold_relationship,
    hold_relationships,
    refuse_stale,
    require,
    see_party,
)
from relationships.operations.custom_values import settle_values, tell_values
from relationships.operations.events import event_of, record_event, record_events
from relationships.operations.inputs import Problems
from relationships.operations.next_touch import refresh_next_touch
from relationships.operations.notices import tell_assigned
from relationships.operations.state import mark_stale, settle_states
from relationships.operations.submissions import first_of, fulfil
from relationships.registry import Unfinished, registry

PROMISES = Unfinished(
    "promises",
    lambda held: held.commitments.open().order_by("current_due_date", "id"),
    gettext_lazy("“%(name)s” still has open promises. Settle or transfer them first: %(promises)s."),
)
FREE = {"objective", "sensitivity_note", "cadence_days", "revenue_type", "stage", "confidentiality"}


class Terms(TypedDict, total=False):
    """How a relationship is described when it is opened; the kind gives stage and rhythm when they are not."""

    team: Team | None
    stage: str
    cadence_days: int
    objective: str
    sensitivity_note: str
    revenue_type: str
    confidentiality: int
    source: str
    external_ref: str
    is_sample: bool


@transaction.atomic
def open_relationship(
    *,
    actor: User,
    party: Party,
    kind: str,
    now: datetime,
    business_unit: BusinessUnit | None = None,
    owner: User | None = None,
    opened_at: datetime | None = None,
    profile: Mapping[str, Any] | None = None,
    custom: Mapping[str, Any] | None = None,
    idempotency_key: str = "",
    **terms: Unpack[Terms],
) -> Relationship:
    """Opens a relationship of a kind with a party, with its profile and its state.

    Without them: our default business unit, the actor as owner, the kind's first stage and its rhythm. At
    most one is open per party, kind and unit.
    """
    first = first_of(actor, idempotency_key, Relationship, now)
    if first is not None:
        return first
    relationship, line = write_relationship(
        actor=actor,
        party=see_party(actor, party),
        kind=kind,
        now=now,
        business_unit=business_unit or BusinessUnit.objects.get(is_default=True),
        owner=owner,
        opened_at=opened_at,
        profile=profile,
        custom=custom,
        **terms,
    )
    record_events([line])
    fulfil(actor, idempotency_key, relationship)
    return relationship


def write_relationship(
    *,
    actor: User,
    party: Party,
    kind: str,
    now: datetime,
    business_unit: BusinessUnit,
    owner: User | None = None,
    opened_at: datetime | None = None,
    profile: Mapping[str, Any] | None = None,
    custom: Mapping[str, Any] | None = None,
    is_first: bool = False,
    **terms: Unpack[Terms],
) -> tuple[Relationship, Event]:
    """A relationship with a party that the actor may know of, and the line that tells of it, not yet written.

    `is_first` says that the party is new, so that nothing can be open with it.
    """
    declared = _declared(kind)
    relationship = Relationship(
        party=party,
        party_name=party.name,
        kind=kind,
        business_unit=business_unit,
        owner=owner or actor,
        opened_at=opened_at or now,
        created_at=now,
        created_by=actor,
        **(_usual(declared, party) | terms),
    )
    require(actor, Permission.MANAGE_RELATIONSHIPS, relationship)
    _check_opening(relationship, now)
    if not is_first:
        _refuse_second(relationship)
    _save_new(relationship, profile or {}, now)
    settle_values(relationship, custom or {}, actor, entered=True)
    tell_assigned([relationship], actor=actor, now=now)
    return relationship, _opened(relationship, actor, now)


def _usual(declared: kinds.Kind, party: Party) -> Terms:
    """How a relationship of the kind is looked after when nothing else is said."""
    return {
        "stage": declared.first_stage,
        "cadence_days": declared.cadence_days,
        "confidentiality": max(Confidentiality.INTERNAL, party.confidentiality),
    }


def _declared(kind: str) -> kinds.Kind:
    if kind not in kinds.registry:
        raise Invalid(
            {
                "kind": _("“%(kind)s” is not a kind of relationship. Possible: %(known)s.")
                % {"kind": kind, "known": ", ".join(kinds.registry.slugs)}
            }
        )
    return kinds.registry.get(kind)


def _check_opening(relationship: Relationship, now: datetime) -> None:
    problems = Problems()
    _check_fields(relationship, problems)
    problems.past_moment("opened_at", relationship.opened_at, now)
    relationship.source = problems.text("source", relationship.source, most=60)
    relationship.external_ref = problems.text("external_ref", relationship.external_ref, most=120)
    declared = kinds.registry.get(relationship.kind)
    if relationship.party.kind not in declared.party_kinds:
        problems.add(
            "party",
            _("“%(name)s” is of a kind that cannot be among %(kind)s.")
            % {"name": relationship.party_name, "kind": declared.label_plural},
        )
    team = relationship.team
    if team is not None and team.business_unit_id != relationship.business_unit_id:
        problems.add("team", _("The team belongs to another business unit."))
    if not relationship.owner.is_active:
        problems.add("owner", _("%(name)s no longer works here.") % {"name": relationship.owner.name})
    problems.refuse()


def _check_fields(relationship: Relationship, problems: Problems) -> None:
    """What opening and editing ask alike; texts are put in the form in which they are kept."""
    relationship.objective = problems.text("objective", relationship.objective, most=300)
    relationship.sensitivity_note = problems.text("sensitivity_note", relationship.sensitivity_note, most=400)
    problems.whole_number("cadence_days", relationship.cadence_days, least=1, most=3650)
    problems.choice("revenue_type", relationship.revenue_type, RevenueType.values)
    problems.choice("confidentiality", relationship.confidentiality, Confidentiality.values)
    least = relationship.party.confidentiality
    if relationship.confidentiality < least and least >= Confidentiality.CONFIDENTIAL:
        problems.add("confidentiality", _("The party itself is for named people only."))
    stages = [stage.slug for stage in kinds.registry.get(relationship.kind).stages]
    problems.choice("stage", relationship.stage, stages)


def _refuse_second(relationship: Relationship) -> None:
    others = Relationship.objects.filter(
        party_id=relationship.party_id,
        kind=relationship.kind,
        business_unit_id=relationship.business_unit_id,
        closed_at=None,
    )
    if others.exclude(pk=relationship.pk).exists():
        label = kinds.registry.get(relationship.kind).label
        raise Conflict(
            _("“%(name)s” is already open as %(kind)s of %(unit)s.")
            % {"name": relationship.party_name, "kind": label, "unit": relationship.business_unit.name}
        )


def _save_new(relationship: Relationship, profile: Mapping[str, Any], now: datetime) -> None:
    relationship.save()
    RelationshipState.objects.create(
        relationship=relationship, kind=relationship.kind, owner_id=relationship.owner_id, stale_at=now
    )
    _save_profile(profile_model(relationship.kind)(relationship=relationship), profile, created=True)
    refresh_next_touch([relationship.pk], now=now)


def _opened(relationship: Relationship, actor: User, now: datetime) -> Event:
    return event_of(
        relationship=relationship,
        party=relationship.party,
        verb=Verb.RELATIONSHIP_OPENED,
        actor=actor,
        now=now,
        happened_at=relationship.opened_at,
        data={"kind": relationship.kind},
    )


def profile_model(kind: str) -> type[models.Model]:
    """The table that holds what only this kind has."""
    return apps.get_model(kinds.registry.get(kind).profile)


def _save_profile(profile: models.Model, values: Mapping[str, Any], *, created: bool = False) -> None:
    """Sets and checks the profile's fields; raises Invalid under their names, TypeError for one it lacks."""
    known = {field.name for field in profile._meta.fields} - {"relationship"}
    unknown = set(values) - known
    if unknown:
        raise TypeError(f"{profile._meta.label} has no field {', '.join(sorted(unknown))}")
    for field, value in values.items():
        setattr(profile, field, value)
    try:
        profile.full_clean(exclude=["relationship"], validate_unique=False)
    except ValidationError as error:
        raise Invalid({f"{field}": words for field, words in error.message_dict.items()}) from None
    profile.save(force_insert=created)


@transaction.atomic
def edit_relationship(
    *,
    actor: User,
    relationship: Relationship,
    version: int,
    now: datetime,
    profile: Mapping[str, Any] | None = None,
    custom: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Relationship:
    """Changes how a relationship is described and looked after; a stale form is refused.

    `owner` and `team` want the right to assign; `custom` are values of the workspace's own fields, by their keys.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    refuse_stale(held.version, version, held.party_name)
    unknown = set(fields) - FREE - {"owner", "team"}
    if unknown:
        raise TypeError(f"a relationship has no field {', '.join(sorted(unknown))} to edit")
    stage = held.stage
    changed = sorted(field for field in FREE & fields.keys() if getattr(held, field) != fields[field])
    for field in changed:
        setattr(held, field, fields[field])
    problems = Problems()
    _check_fields(held, problems)
    problems.refuse()
    owner, team = fields.get("owner", held.owner), fields.get("team", held.team)
    if (owner.pk, _pk(team)) != (held.owner_id, held.team_id):
        require(actor, Permission.ASSIGN, held)
        _assign([(held, team)], owner, actor, now)
    held.version += 1
    held.save(update_fields=[*changed, "version"])
    if profile is not None:
        model = profile_model(held.kind)
        _save_profile(model._default_manager.get(pk=held.pk), profile)
    changes = settle_values(held, custom or {}, actor, entered="stage" in changed)
    tell_values(held, changes, actor, now)
    _tell_edit(held, [*changed, *(["profile"] if profile else [])], stage, actor, now)
    return held


def _tell_edit(held: Relationship, changed: list[str], stage: str, actor: User, now: datetime) -> None:
    if "stage" in changed:
        data = {"from": _stage(held, stage), "to": _stage(held, held.stage)}
        _tell(held, Verb.STAGE_CHANGED, actor, now, data=data)
    others = [field for field in changed if field != "stage"]
    if others:
        _tell(held, Verb.RELATIONSHIP_EDITED, actor, now, data={"fields": others})
    if "confidentiality" in others:
        _keep_in_sight(held, actor)
        record_audit(
            actor_id=actor.pk,
            verb="confidentiality_changed",
            now=now,
            subject_type="relationship",
            subject_id=held.pk,
            data={"to": int(held.confidentiality)},
        )
    if "cadence_days" in others:
        refresh_next_touch([held.pk], now=now)
        mark_stale([held.pk], now=now)


@transaction.atomic
def assign_relationships(
    *,
    actor: User,
    relationship_ids: Sequence[int],
    owner: User,
    now: datetime,
    reason: str,
    team: Team | None = None,
) -> int:
    """Gives relationships to an owner, and to a team when one is named. Returns how many changed hands.

    All or none. Open follow-ups and promises stay with whoever has them.
    """
    problems = Problems()
    words = problems.text("reason", reason, most=400)
    problems.refuse()
    held = hold_relationships(actor, relationship_ids, Permission.ASSIGN)
    return _assign([(each, team or each.team) for each in held], owner, actor, now, reason=words)


def _assign(
    wanted: Sequence[tuple[Relationship, Team | None]],
    owner: User,
    actor: User,
    now: datetime,
    *,
    reason: str = "",
) -> int:
    """Gives each to the owner and its team; returns for how many that was a change.

    The new owner must be able to see them once they are theirs.
    """
    changing = [
        (held, team) for held, team in wanted if (held.owner_id, held.team_id) != (owner.pk, _pk(team))
    ]
    problems = Problems()
    if any(team and team.business_unit_id != held.business_unit_id for held, team in changing):
        problems.add("team", _("The team belongs to another business unit."))
    events = [_handed_on(held, team, owner, actor, now, reason) for held, team in changing]
    given = {held.pk for held, _team in changing if held.owner_id != owner.pk}
    for held, team in changing:
        held.owner, held.team = owner, team
    changed = [held for held, _team in changing]
    for new_team in {team for _held, team in changing}:
        ids = [held.pk for held, team in changing if team == new_team]
        Relationship.objects.filter(pk__in=ids).update(owner=owner, team=new_team)
    check_colleague("owner", owner, changed, problems)
    problems.refuse()
    record_events(events)
    tell_assigned([held for held in changed if held.pk in given], actor=actor, now=now)
    refresh_next_touch([held.pk for held in changed], now=now)
    mark_stale([held.pk for held in changed], now=now)
    return len(changed)


def _handed_on(
    held: Relationship, team: Team | None, owner: User, actor: User, now: datetime, reason: str
) -> Event:
    """The line that tells who has it now and who had it before, not yet written."""
    before = {"owner": held.owner.name, "team": held.team.name if held.team else ""}
    after = {"owner": owner.name, "team": team.name if team else ""}
    return event_of(
        relationship=held,
        party=held.party,
        verb=Verb.RELATIONSHIP_ASSIGNED,
        actor=actor,
        now=now,
        reason=reason,
        data={"from": before, "to": after},
    )


def _pk(team: Team | None) -> int | None:
    return team.pk if team else None


@transaction.atomic
def close_relationship(
    *, actor: User, relationship: Relationship, now: datetime, reason: str
) -> Relationship:
    """Ends a relationship; its history stays. Open follow-ups are let go with it.

    Open promises forbid it, and whatever upper apps know to be unfinished.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    if held.closed_at is not None:
        raise Conflict(_("This relationship is closed already."))
    _refuse_unfinished(held, actor)
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    let_go = held.follow_ups.open().update(cancelled_at=now, cancelled_by=actor)
    held.closed_at, held.closed_by, held.closed_reason = now, actor, words
    held.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    settle_states([held.pk])
    data = {"follow_ups_cancelled": let_go}
    _tell(held, Verb.RELATIONSHIP_CLOSED, actor, now, reason=words, data=data)
    return held


def _refuse_unfinished(held: Relationship, actor: User) -> None:
    """Raises Conflict with what is still open; what the actor may not know of is only counted."""
    for unfinished in (PROMISES, *registry.unfinished.values()):
        _refuse_open(held, actor, unfinished)


def _refuse_open(held: Relationship, actor: User, unfinished: Unfinished) -> None:
    rows = unfinished.rows(held)
    named = [str(each) for each in rows.visible_to(actor)]
    hidden = rows.count() - len(named)
    if hidden:
        words = ngettext("%(n)d that you may not see", "%(n)d that you may not see", hidden)
        named.append(words % {"n": hidden})
    if named:
        told = {"name": held.party_name, unfinished.key: "; ".join(named)}
        raise Conflict(str(unfinished.words) % told, missing=named)


@transaction.atomic
def reopen_relationship(
    *, actor: User, relationship: Relationship, now: datetime, reason: str
) -> Relationship:
    """Takes a closed relationship up again."""
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    if held.closed_at is None:
        raise Conflict(_("This relationship is open."))
    _refuse_second(held)
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    held.closed_at, held.closed_by, held.closed_reason = None, None, ""
    held.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    refresh_next_touch([held.pk], now=now)
    mark_stale([held.pk], now=now)
    _tell(held, Verb.RELATIONSHIP_REOPENED, actor, now, reason=words)
    return held


def _keep_in_sight(held: Relationship, actor: User) -> None:
    """Nobody hides a relationship from themselves: they could not undo it."""
    if not Relationship.objects.visible_to(actor).filter(pk=held.pk).exists():
        raise Invalid({"confidentiality": _("You would not see it any more. Name yourself first.")})


def _tell(
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    record_event(
        relationship=held, party=held.party, verb=verb, actor=actor, now=now, reason=reason, data=data
    )


def _stage(held: Relationship, slug: str) -> str:
    return str(kinds.registry.get(held.kind).stage_label(slug))
