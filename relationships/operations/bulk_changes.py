"""Many relationships changed at once, and changed back: whatever their number, by a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import Team, User
from core.refusals import Conflict, Invalid, Missing
from relationships import kinds
from relationships.enums import BulkAction, Verb
from relationships.models import BulkChange, Event, FollowUp, Relationship
from relationships.operations.access import hold_relationships
from relationships.operations.bulk_custom import give_back_values, give_value
from relationships.operations.bulk_tags import TAGS, give_back_tags
from relationships.operations.custom_values import refuse_unready
from relationships.operations.events import event_of, record_events
from relationships.operations.follow_ups import follow_up_event, plan_follow_ups, settle
from relationships.operations.next_touch import refresh_next_touch
from relationships.operations.relationships import assign_relationships, profile_model
from relationships.operations.state import mark_stale
from relationships.permissions import may_in
from relationships.queries.custom_fields import CUSTOM

PROFILE = "profile."
FIELDS = ("stage", "cadence_days", "revenue_type")
"""The relationship's own fields that many can be given at once; the kind's own begin with `profile.`."""


@dataclass(frozen=True)
class Undone:
    """What became of a bulk change that was taken back.

    `changed_since` were changed by somebody after it and stay; `out_of_reach` are closed, gone, or no longer the
    actor's to change.
    """

    restored: int
    changed_since: int
    out_of_reach: int


@transaction.atomic
def change_many(
    *,
    actor: User,
    kind: str,
    relationship_ids: Sequence[int],
    field: str,
    value: Any,
    words: str,
    now: datetime,
) -> BulkChange:
    """Gives one field of many relationships the same value; those that have it already are left alone.

    Fields that the workspace added are called `custom.<key>`.

    All or none. `words` say it in the list of what was done. Raises Invalid for a field or a value that cannot be.
    """
    held = hold_relationships(actor, relationship_ids, Permission.MANAGE_RELATIONSHIPS)
    if any(each.kind != kind for each in held):
        raise Missing(_("There is no such relationship."))
    if field.startswith(CUSTOM):
        before, after = give_value(actor=actor, held=held, field=field, value=value, now=now)
        return BulkChange.objects.create(
            kind=kind, action=BulkAction.FIELD, field=field, words=words, ids=list(before),
            before=list(before.values()), after={"value": after}, changed_at=now, changed_by=actor,
        )  # fmt: skip
    _check(kind, field, value)
    standing = _standing(kind, field, [each.pk for each in held])
    changing = [each for each in held if standing[each.pk] != value]
    if field == "stage":
        refuse_unready(kind, [each.pk for each in changing], value)
    _write(kind, field, [each.pk for each in changing], value)
    record_events([_told(each, field, standing[each.pk], value, actor=actor, now=now) for each in changing])
    _follow(field, [each.pk for each in changing], now)
    return BulkChange.objects.create(
        kind=kind, action=BulkAction.FIELD, field=field, words=words, ids=[each.pk for each in changing],
        before=[_plain(standing[each.pk]) for each in changing], after={"value": _plain(value)},
        changed_at=now, changed_by=actor,
    )  # fmt: skip


@transaction.atomic
def assign_many(
    *,
    actor: User,
    kind: str,
    relationship_ids: Sequence[int],
    owner: User,
    now: datetime,
    words: str,
    reason: str = "",
    team: Team | None = None,
) -> BulkChange:
    """`assign_relationships`, so that it can be taken back."""
    rows = Relationship.objects.visible_to(actor).filter(pk__in=relationship_ids, kind=kind).order_by("pk")
    standing = {
        pk: [owner_id, team_id] for pk, owner_id, team_id in rows.values_list("pk", "owner_id", "team_id")
    }
    assign_relationships(
        actor=actor, relationship_ids=relationship_ids, owner=owner, now=now, reason=reason, team=team
    )
    after = {pk: [owner.pk, team.pk if team else before[1]] for pk, before in standing.items()}
    changed = [pk for pk in standing if standing[pk] != after[pk]]
    return BulkChange.objects.create(
        kind=kind, action=BulkAction.OWNER, field="owner", words=words, ids=changed,
        before=[standing[pk] for pk in changed],
        after={"owner": owner.pk, "team": team.pk if team else None},
        changed_at=now, changed_by=actor,
    )  # fmt: skip


@transaction.atomic
def assign_each_kind(
    *,
    actor: User,
    relationship_ids: Sequence[int],
    owner: User,
    now: datetime,
    reason: str = "",
    team: Team | None = None,
) -> int:
    """`assign_many` for relationships of whatever kinds, all or none. Returns how many changed hands."""
    words = _("To %(name)s") % {"name": owner.name}
    given: dict[str, Any] = {"owner": owner, "reason": reason, "team": team, "words": words}
    made = [
        assign_many(actor=actor, kind=kind, relationship_ids=ids, now=now, **given)
        for kind, ids in _by_kind(actor, relationship_ids).items()
    ]
    return sum(len(change.ids) for change in made)


@transaction.atomic
def plan_each_kind(
    *,
    actor: User,
    relationship_ids: Sequence[int],
    what: str,
    due_date: date,
    now: datetime,
    assignee: User | None = None,
    channel: str = "",
) -> int:
    """`plan_many` for relationships of whatever kinds, all or none. Returns how many were planned."""
    given: dict[str, Any] = {"due_date": due_date, "assignee": assignee, "channel": channel, "what": what}
    made = [
        plan_many(actor=actor, kind=kind, relationship_ids=ids, now=now, words=what.strip()[:400], **given)
        for kind, ids in _by_kind(actor, relationship_ids).items()
    ]
    return sum(len(change.ids) for change in made)


def _by_kind(actor: User, relationship_ids: Sequence[int]) -> dict[str, list[int]]:
    """Those that the actor may know of, by kind. Raises Missing unless these are all of them."""
    wanted = set(relationship_ids)
    rows = Relationship.objects.visible_to(actor).filter(pk__in=wanted).order_by("kind", "pk")
    found: dict[str, list[int]] = {}
    for pk, kind in rows.values_list("pk", "kind"):
        found.setdefault(kind, []).append(pk)
    missing = len(wanted) - sum(map(len, found.values()))
    if missing:
        raise Missing(_("%(count)d of these relationships do not exist.") % {"count": missing})
    return found


@transaction.atomic
def plan_many(
    *,
    actor: User,
    kind: str,
    relationship_ids: Sequence[int],
    what: str,
    due_date: date,
    now: datetime,
    words: str,
    assignee: User | None = None,
    channel: str = "",
) -> BulkChange:
    """`follow_ups.plan_follow_ups`, so that it can be taken back."""
    planned = plan_follow_ups(
        actor=actor, relationship_ids=relationship_ids, what=what, due_date=due_date, now=now,
        assignee=assignee, channel=channel,
    )  # fmt: skip
    return BulkChange.objects.create(
        kind=kind, action=BulkAction.FOLLOW_UP, words=words, ids=[each.pk for each in planned],
        after={"what": what.strip(), "due_date": due_date.isoformat()}, changed_at=now, changed_by=actor,
    )  # fmt: skip


@transaction.atomic
def undo_bulk(*, actor: User, change_id: int, now: datetime) -> Undone:
    """Has everything be as it was before, but for what was changed since; only who did it undoes it.

    What the timeline said of it stays, and says that it was taken back.
    """
    change = BulkChange.objects.filter(pk=change_id, changed_by=actor).select_for_update(no_key=True).first()
    if change is None:
        raise Missing(_("There is no such change."))
    if change.undone_at is not None:
        raise Conflict(_("This is taken back already."))
    change.undone_at, change.undone_by = now, actor
    change.save(update_fields=["undone_at", "undone_by"])
    if change.action == BulkAction.FOLLOW_UP:
        return _cancel(change, actor, now)
    return _restore(change, actor, now)


def _restore(change: BulkChange, actor: User, now: datetime) -> Undone:
    is_owner = change.action == BulkAction.OWNER
    permission = Permission.ASSIGN if is_owner else Permission.MANAGE_RELATIONSHIPS
    reached = _reached(actor, change.ids, permission)
    was = dict(zip(change.ids, change.before, strict=True))
    if is_owner:
        here = [each for each in reached if _is_still_theirs(each, change, was[each.pk])]
        back = _give_back(here, was, actor, now)
    elif change.field == TAGS or change.field.startswith(CUSTOM):
        return _undone_apart(change, reached, was, actor, now)
    else:
        standing = _standing(change.kind, change.field, [each.pk for each in reached])
        here = [each for each in reached if _plain(standing[each.pk]) == change.after["value"]]
        back = _set_back(change, here, was, standing, actor, now)
    stay = len(here) - len(back)  # the former owner has left
    return Undone(len(back), len(reached) - len(here), len(change.ids) - len(reached) + stay)


def _undone_apart(
    change: BulkChange, reached: list[Relationship], was: Mapping[int, Any], actor: User, now: datetime
) -> Undone:
    """What stands in tables of its own: tags, and fields that the workspace added."""
    if change.field == TAGS:
        restored, since = give_back_tags(actor=actor, rows=reached, was=was, now=now)
    else:
        restored, since = give_back_values(
            actor=actor, rows=reached, field=change.field, was=was, after=change.after["value"], now=now
        )
    return Undone(restored, since, len(change.ids) - restored - since)


def _set_back(
    change: BulkChange,
    rows: list[Relationship],
    was: Mapping[int, Any],
    standing: Mapping[int, Any],
    actor: User,
    now: datetime,
) -> list[Relationship]:
    """Writes what stood there, a statement for each value."""
    for value in {str(was[row.pk]): was[row.pk] for row in rows}.values():
        _write(change.kind, change.field, [row.pk for row in rows if was[row.pk] == value], value)
    record_events(
        [
            _told(
                row, change.field, standing[row.pk], was[row.pk], actor=actor, now=now, reason=_("Taken back")
            )
            for row in rows
        ]
    )
    _follow(change.field, [row.pk for row in rows], now)
    return rows


def _is_still_theirs(row: Relationship, change: BulkChange, was: list[int | None]) -> bool:
    team = change.after["team"] if change.after["team"] is not None else was[1]
    return (row.owner_id, row.team_id) == (change.after["owner"], team)


def _give_back(
    rows: Sequence[Relationship], was: Mapping[int, Any], actor: User, now: datetime
) -> list[Relationship]:
    """Gives relationships to who had them, a statement for each; those whose owner has left stay."""
    owners = User.objects.filter(is_active=True).in_bulk({was[row.pk][0] for row in rows})
    teams = Team.objects.in_bulk({was[row.pk][1] for row in rows} - {None})
    back = [row for row in rows if was[row.pk][0] in owners]
    events = []
    for row in back:
        owner, team = owners[was[row.pk][0]], teams.get(was[row.pk][1])
        told = {"from": _holder(row.owner, row.team), "to": _holder(owner, team)}
        events.append(_event(row, Verb.RELATIONSHIP_ASSIGNED, actor, now, told, _("Taken back")))
    for owner_id, team_id in {tuple(was[row.pk]) for row in back}:
        ids = [row.pk for row in back if was[row.pk] == [owner_id, team_id]]
        Relationship.objects.filter(pk__in=ids).update(owner=owner_id, team=team_id)
    record_events(events)
    refresh_next_touch([row.pk for row in back], now=now)
    mark_stale([row.pk for row in back], now=now)
    return back


def _cancel(change: BulkChange, actor: User, now: datetime) -> Undone:
    """Lets go of the follow-ups that nobody touched since."""
    planned = FollowUp.objects.filter(pk__in=change.ids).select_related("assignee", "planned_in")
    planned = planned.select_for_update(of=("self",), no_key=True)
    found = {follow_up.relationship_id: follow_up for follow_up in planned.order_by("pk")}
    reached = _reached(actor, found, Permission.MANAGE_FOLLOW_UPS)
    due = date.fromisoformat(change.after["due_date"])
    back = [
        (row, follow_up)
        for row in reached
        if (follow_up := found[row.pk]).done_at is None
        and follow_up.cancelled_at is None
        and (follow_up.what, follow_up.due_date) == (change.after["what"], due)
    ]
    FollowUp.objects.filter(pk__in=[each.pk for _row, each in back]).update(
        cancelled_at=now, cancelled_by=actor
    )
    record_events(
        [
            follow_up_event(each, row, Verb.FOLLOW_UP_CANCELLED, actor, now, reason=_("Taken back"))
            for row, each in back
        ]
    )
    settle([row.pk for row, _each in back], now=now)
    return Undone(len(back), len(reached) - len(back), len(change.ids) - len(reached))


def _reached(actor: User, ids: Iterable[int], permission: Permission) -> list[Relationship]:
    """Those that are open, and that the actor may change now, locked."""
    rows = Relationship.objects.visible_to(actor).open().filter(pk__in=list(ids))
    held = rows.select_related("party", "owner", "team").order_by("pk")
    return [
        row for row in held.select_for_update(of=("self",), no_key=True) if may_in(actor, permission, row)
    ]


def _model(kind: str, field: str) -> tuple[type[models.Model], str]:
    """The table and column that a field stands in."""
    if field.startswith(PROFILE):
        return profile_model(kind), field.removeprefix(PROFILE)
    if field not in FIELDS:
        raise Invalid({"field": _("“%(field)s” is not set for many at once.") % {"field": field}})
    return Relationship, field


def _check(kind: str, field: str, value: Any) -> None:
    """Raises Invalid for a value that the field does not take."""
    model, name = _model(kind, field)
    if field == "stage":
        known = [stage.slug for stage in kinds.registry.get(kind).stages]
        if value not in known:
            raise Invalid({"value": _("There is no stage “%(value)s”.") % {"value": value}})
        return
    column: Any = next(
        (each for each in model._meta.fields if each.name == name and not each.is_relation), None
    )
    if column is None:
        raise Invalid({"field": _("“%(field)s” is not set for many at once.") % {"field": field}})
    try:
        column.clean(value, None)
    except ValidationError as error:
        raise Invalid({"value": error.messages}) from None


def _standing(kind: str, field: str, ids: Sequence[int]) -> dict[int, Any]:
    model, name = _model(kind, field)
    return dict(model._default_manager.filter(pk__in=ids).values_list("pk", name))


def _write(kind: str, field: str, ids: Sequence[int], value: Any) -> None:
    """The value into the rows, and a new version of the relationships: whoever is editing one is told."""
    model, name = _model(kind, field)
    if model is not Relationship:
        model._default_manager.filter(pk__in=ids).update(**{name: value})
    changed = {name: value} if model is Relationship else {}
    Relationship.objects.filter(pk__in=ids).update(version=F("version") + 1, **changed)


def _follow(field: str, ids: Sequence[int], now: datetime) -> None:
    if field == "cadence_days":
        refresh_next_touch(ids, now=now)
        mark_stale(ids, now=now)


def _told(
    row: Relationship, field: str, was: Any, value: Any, *, actor: User, now: datetime, reason: str = ""
) -> Event:
    if field != "stage":
        name = "profile" if field.startswith(PROFILE) else field
        return _event(row, Verb.RELATIONSHIP_EDITED, actor, now, {"fields": [name]}, reason)
    label = kinds.registry.get(row.kind).stage_label
    data = {"from": str(label(was)), "to": str(label(value))}
    return _event(row, Verb.STAGE_CHANGED, actor, now, data, reason)


def _event(
    row: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    data: Mapping[str, Any],
    reason: str,
) -> Event:
    return event_of(
        relationship=row, party=row.party, verb=verb, actor=actor, now=now, data=data, reason=reason
    )


def _holder(owner: User, team: Team | None) -> dict[str, str]:
    return {"owner": owner.name, "team": team.name if team else ""}


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
