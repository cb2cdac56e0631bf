"""What we mean to do next: planned, put off, done, or let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from core.refusals import Conflict, Missing
from relationships.enums import Channel, Verb
from relationships.models import Event, FollowUp, Interaction, Party, Relationship
from relationships.operations.access import (
    check_colleague,
    check_parties,
    hold_relationship,
    hold_relationships,
    require,
)
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems
from relationships.operations.meetings import InvitationDraft, check_invitation, invite_guests
from relationships.operations.notices import tell_planned
from relationships.operations.state import settle_states
from relationships.operations.submissions import first_of, fulfil
from relationships.transitions import FOLLOW_UP


@dataclass(frozen=True)
class FollowUpDraft:
    """A follow-up as it is asked for together with something else."""

    what: str
    due_date: date
    assignee: User | None = None
    due_time: time | None = None
    person: Party | None = None
    channel: str = ""


@transaction.atomic
def plan_follow_up(
    *,
    actor: User,
    relationship: Relationship,
    what: str,
    due_date: date,
    now: datetime,
    assignee: User | None = None,
    due_time: time | None = None,
    person: Party | None = None,
    channel: str = "",
    planned_in: Interaction | None = None,
    invitation: InvitationDraft | None = None,
    idempotency_key: str = "",
) -> FollowUp:
    """Plans one follow-up, for the actor unless somebody else is named; a meeting with guests has an `invitation`.

    The same `idempotency_key` gives the first one again.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_FOLLOW_UPS)
    first = first_of(actor, idempotency_key, FollowUp, now)
    if first is not None:
        return first
    draft = FollowUpDraft(what, due_date, assignee, due_time, person, channel)
    if invitation is not None:
        problems = Problems()
        check_invitation(
            actor=actor, held=held, draft=invitation, channel=channel, due_time=due_time, problems=problems
        )
        problems.refuse()
    follow_up, told = write_follow_up(actor=actor, held=held, draft=draft, now=now, planned_in=planned_in)
    record_events([told])
    if invitation is not None:
        invite_guests(actor=actor, follow_up=follow_up, draft=invitation, now=now)
    fulfil(actor, idempotency_key, follow_up)
    settle([held.pk], now=now)
    return follow_up


def write_follow_up(
    *,
    actor: User,
    held: Relationship,
    draft: FollowUpDraft,
    now: datetime,
    planned_in: Interaction | None = None,
    field: str = "",
) -> tuple[FollowUp, Event]:
    """Writes the follow-up of a relationship that is held; gives the line that tells of it, not yet written.

    The caller writes the line, with others of the same moment, and settles counts and next touch after. `field` is
    put before the names of wrong fields, where the draft came with something else.
    """
    problems = Problems()
    assignee = draft.assignee or actor
    _check(draft, problems, field)
    if assignee.pk != actor.pk:
        check_colleague(f"{field}assignee", assignee, [held], problems)
    if draft.person is not None:
        check_parties(actor, f"{field}person", [draft.person], problems, near=held)
    problems.refuse()
    follow_up = _built(held, draft, assignee, actor, now, planned_in)
    follow_up.save(force_insert=True)
    tell_planned([follow_up], actor=actor, now=now)
    return follow_up, follow_up_event(follow_up, held, Verb.FOLLOW_UP_PLANNED, actor, now)


@transaction.atomic
def plan_follow_ups(
    *,
    actor: User,
    relationship_ids: Sequence[int],
    what: str,
    due_date: date,
    now: datetime,
    assignee: User | None = None,
    channel: str = "",
) -> list[FollowUp]:
    """Plans the same follow-up in many relationships, for each one's owner unless somebody is named.

    Gives what was planned. All or none: a relationship that is out of sight, closed or without the right refuses
    the whole.
    """
    held = hold_relationships(actor, relationship_ids, Permission.MANAGE_FOLLOW_UPS)
    problems = Problems()
    _check(FollowUpDraft(what, due_date, channel=channel), problems)
    if assignee is not None and assignee.pk != actor.pk:
        check_colleague("assignee", assignee, held, problems)
    problems.refuse()
    draft = FollowUpDraft(what, due_date, channel=channel)
    planned = FollowUp.objects.bulk_create(
        _built(relationship, draft, assignee or _at_work(relationship.owner, actor), actor, now)
        for relationship in held
    )
    record_events(
        [
            follow_up_event(follow_up, follow_up.relationship, Verb.FOLLOW_UP_PLANNED, actor, now)
            for follow_up in planned
        ]
    )
    tell_planned(planned, actor=actor, now=now)
    settle([relationship.pk for relationship in held], now=now)
    return planned


def _check(draft: FollowUpDraft, problems: Problems, field: str = "") -> None:
    problems.text(f"{field}what", draft.what, most=300, required=True)
    problems.day(f"{field}due_date", draft.due_date)
    problems.choice(f"{field}channel", draft.channel, ["", *Channel.values])


def _at_work(owner: User, actor: User) -> User:
    """The owner, or the actor where the owner has left."""
    return owner if owner.is_active else actor


def _built(
    held: Relationship,
    draft: FollowUpDraft,
    assignee: User,
    actor: User,
    now: datetime,
    planned_in: Interaction | None = None,
) -> FollowUp:
    """A checked follow-up, not yet written; raises Conflict for a closed relationship."""
    if held.closed_at is not None:
        raise Conflict(
            _("“%(name)s” is closed; open it again to plan a follow-up.") % {"name": held.party_name}
        )
    return FollowUp(
        relationship=held,
        person=draft.person,
        what=draft.what.strip(),
        channel=draft.channel,
        due_date=draft.due_date,
        due_time=draft.due_time,
        assignee=assignee,
        planned_in=planned_in,
        created_at=now,
        created_by=actor,
    )


@transaction.atomic
def finish_follow_up(*, actor: User, follow_up: FollowUp, now: datetime) -> FollowUp:
    """It is done."""
    found, held = hold_follow_up(actor, follow_up, "finish")
    found.done_at, found.done_by = now, actor
    found.save(update_fields=["done_at", "done_by"])
    return _changed(found, held, Verb.FOLLOW_UP_DONE, actor, now)


@transaction.atomic
def cancel_follow_up(*, actor: User, follow_up: FollowUp, now: datetime, reason: str = "") -> FollowUp:
    """It is not needed any more."""
    found, held = hold_follow_up(actor, follow_up, "cancel")
    problems = Problems()
    words = problems.text("reason", reason, most=400)
    problems.refuse()
    found.cancelled_at, found.cancelled_by = now, actor
    found.save(update_fields=["cancelled_at", "cancelled_by"])
    return _changed(found, held, Verb.FOLLOW_UP_CANCELLED, actor, now, reason=words)


@transaction.atomic
def reopen_follow_up(*, actor: User, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Takes back that it was done or cancelled."""
    found, held = hold_follow_up(actor, follow_up, "reopen")
    if held.closed_at is not None:
        raise Conflict(
            _("“%(name)s” is closed; open it again to plan a follow-up.") % {"name": held.party_name}
        )
    found.done_at = found.done_by = found.cancelled_at = found.cancelled_by = None
    found.save(update_fields=["done_at", "done_by", "cancelled_at", "cancelled_by"])
    return _changed(found, held, Verb.FOLLOW_UP_REOPENED, actor, now)


@transaction.atomic
def snooze_follow_up(
    *, actor: User, follow_up: FollowUp, due_date: date, now: datetime, due_time: time | None = None
) -> FollowUp:
    """Puts it off; how often is counted."""
    found, held = hold_follow_up(actor, follow_up, "snooze")
    problems = Problems()
    problems.day("due_date", due_date)
    if (due_date, due_time) == (found.due_date, found.due_time):
        problems.add("due_date", _("It is due then already."))
    problems.refuse()
    before = found.due_date
    found.due_date, found.due_time, found.snoozes = due_date, due_time, found.snoozes + 1
    found.save(update_fields=["due_date", "due_time", "snoozes"])
    data = {"from_date": before.isoformat(), "to_date": due_date.isoformat()}
    return _changed(found, held, Verb.FOLLOW_UP_SNOOZED, actor, now, data=data)


@transaction.atomic
def edit_follow_up(
    *,
    actor: User,
    follow_up: FollowUp,
    now: datetime,
    what: str,
    due_date: date,
    assignee: User,
    due_time: time | None = None,
    person: Party | None = None,
    channel: str = "",
) -> FollowUp:
    """Rewrites an open follow-up: everything that can be planned can be planned anew."""
    found, held = hold_follow_up(actor, follow_up, "edit")
    problems = Problems()
    found.what = problems.text("what", what, most=300, required=True)
    problems.day("due_date", due_date)
    problems.choice("channel", channel, ["", *Channel.values])
    if assignee.pk not in (actor.pk, found.assignee_id):
        check_colleague("assignee", assignee, [held], problems)
    if person is not None:
        check_parties(actor, "person", [person], problems)
    problems.refuse()
    found.due_date, found.due_time, found.channel = due_date, due_time, channel
    is_anothers = found.assignee_id != assignee.pk
    found.assignee, found.person = assignee, person
    found.save(update_fields=["what", "due_date", "due_time", "channel", "assignee", "person"])
    tell_planned([found] if is_anothers else [], actor=actor, now=now)
    return _changed(found, held, Verb.FOLLOW_UP_EDITED, actor, now)


def settle(relationship_ids: Sequence[int], *, now: datetime) -> None:
    """Brings open counts and the next touch of these relationships up to date."""
    settle_states(relationship_ids)


def hold_follow_up(actor: User, follow_up: FollowUp, move: str) -> tuple[FollowUp, Relationship]:
    """The follow-up and its relationship, both locked, when `move` is possible; else Missing or Conflict."""
    seen = FollowUp.objects.visible_to(actor).filter(pk=follow_up.pk).first()
    if seen is None:
        raise Missing(_("There is no such follow-up."))
    held = hold_relationship(actor, seen.relationship_id, None)
    if seen.assignee_id != actor.pk:
        require(actor, Permission.MANAGE_FOLLOW_UPS, held)
    locked = FollowUp.objects.select_related("planned_in", "assignee").select_for_update(of=("self",))
    found = locked.get(pk=follow_up.pk)
    FOLLOW_UP.resolve(move, found)
    return found, held


def _changed(
    follow_up: FollowUp,
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    reason: str = "",
    data: dict[str, str] | None = None,
) -> FollowUp:
    settle([held.pk], now=now)
    follow_up_event(follow_up, held, verb, actor, now, reason=reason, data=data).save()
    return follow_up


def follow_up_event(
    follow_up: FollowUp,
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """The line that tells of a follow-up, not yet written; as confidential as the talk it was planned in."""
    said_in = follow_up.planned_in
    facts = {
        "what": follow_up.what,
        "due_date": follow_up.due_date.isoformat(),
        "assignee": follow_up.assignee.name,
        "said_in": follow_up.planned_in_id,
        **(data or {}),
    }
    return event_of(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        happened_at=said_in.happened_at if said_in and verb == Verb.FOLLOW_UP_PLANNED else None,
        subject=follow_up,
        reason=reason,
        data=facts,
        confidentiality=said_in.confidentiality if said_in else Confidentiality.INTERNAL,
    )
