"""A book changes hands: everything somebody has in hand goes to others at one moment, and nothing is left over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.operations.teams import edit_team
from accounts.permissions import holds_everywhere
from accounts.queries.open_items import InHand, in_hand
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships import kinds
from relationships.enums import Verb
from relationships.models import Commitment, FollowUp, Handover, HandoverPack, Relationship
from relationships.operations.access import check_colleague, require
from relationships.operations.commitments import settle
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems
from relationships.operations.notices import tell_accepted, tell_handed_over
from relationships.operations.passing_on import (
    Taker,
    locked_in,
    pass_on_follow_ups,
    pass_on_promises,
)
from relationships.registry import registry


@dataclass(frozen=True)
class HandedOver:
    """What went, and what the leaver still has because it is not the actor's to give (empty: nothing at all)."""

    handover: Handover
    relationships: int
    promises: int
    follow_ups: int
    left: list[InHand]


@dataclass(frozen=True)
class _Book:
    """What somebody has in hand as far as the actor may know, locked; `touched` are all relationships of it.

    `others` is the work of upper apps, by its key.
    """

    owned: list[Relationship]
    promises: list[Commitment]
    follow_ups: list[FollowUp]
    others: dict[str, list[Any]]
    touched: list[Relationship]


@transaction.atomic
def hand_over(
    *,
    actor: User,
    leaver: User,
    receiver: User,
    reason: str,
    now: datetime,
    shares: Mapping[int, User] | None = None,
    returns_date: date | None = None,
) -> HandedOver:
    """Gives everything that the leaver has in hand to others: all or nothing.

    `shares` names, by relationship, who takes it over instead of the receiver. Promises, follow-ups and the open
    work of upper apps go with their relationship; those in other people's relationships go to these people. Whoever
    hands over needs the right to assign, except the leaver themself. Afterwards nothing that the actor may know of
    is left, which is asserted; what is for named people only is counted in `left`, to be handed over by them, as are
    teams that the leaver leads where the actor does not manage people. With `returns_date` it is for an absence:
    what is open comes back on that day, and teams keep their lead.
    """
    words = _checked_reason(leaver, [receiver, *(shares or {}).values()], reason)
    _check_return(leaver, returns_date, now)
    book = _hold_book(actor, leaver)
    takers = _takers(book.owned, receiver, shares or {})
    handover = Handover.objects.create(
        leaver=leaver, reason=words, handed_at=now, handed_by=actor, returns_date=returns_date
    )
    _give_relationships(book.owned, takers, handover, now)
    _check_sight(book.touched, takers, leaver, receiver)
    _pass_on(book, _taker(takers, leaver, receiver), actor=actor, now=now, reason=words)
    settle([held.pk for held in book.touched], now=now)
    if returns_date is None:
        _give_teams(actor, leaver, receiver, now)
    else:
        _remember(handover, book)
    counts = {
        "relationships": len(book.owned),
        "promises": len(book.promises),
        "follow_ups": len(book.follow_ups),
    }
    _audit(book, handover, now)
    _assert_nothing_left(actor, leaver)
    return HandedOver(handover, **counts, left=in_hand(of="user", owner_id=leaver.pk, viewer=actor))


def _pass_on(book: _Book, taker: Taker, *, actor: User, now: datetime, reason: str) -> None:
    pass_on_promises(book.promises, taker, actor=actor, now=now, reason=reason)
    pass_on_follow_ups(book.follow_ups, taker, actor=actor, now=now, reason=reason)
    for work in registry.passed_on.values():
        work.give(book.others[work.key], taker, actor=actor, now=now, reason=reason)


def _audit(book: _Book, handover: Handover, now: datetime) -> None:
    """Counts what went. What is of a closed kind is told apart, in an entry that only those who may see it read."""
    closed = [kind.slug for kind, _sight in kinds.registry.closed]
    hidden = {held.pk for held in book.touched if held.kind in closed}
    entries = {"user": handover.leaver_id, "handover": handover.pk}
    for subject_type, subject_id in entries.items():
        counts = {
            "relationships": _count([held.pk for held in book.owned], hidden, subject_type),
            "promises": _count([each.relationship_id for each in book.promises], hidden, subject_type),
            "follow_ups": _count([each.relationship_id for each in book.follow_ups], hidden, subject_type),
        }
        for key, rows in book.others.items():
            if more := _count([each.relationship_id for each in rows], hidden, subject_type):
                counts[key] = more
        if any(counts.values()) or (subject_type == "user" and not hidden):
            record_audit(
                actor_id=handover.handed_by_id,
                verb="book_handed_over",
                now=now,
                subject_type=subject_type,
                subject_id=subject_id,
                data=counts,
            )


def _count(relationship_ids: Sequence[int], hidden: set[int], subject_type: str) -> int:
    """How many are hidden, for the entry on the handover; how many are not, for the one on the leaver."""
    return sum((pk in hidden) is (subject_type == "handover") for pk in relationship_ids)


@transaction.atomic
def note_for_receiver(*, actor: User, pack: HandoverPack, note: str, now: datetime) -> HandoverPack:
    """What the receiver is to know and not to raise, from the leaver or from whoever handed over."""
    held = _hold_pack(actor, pack)
    if actor.pk not in (held.handover.leaver_id, held.handover.handed_by_id):
        raise NotAllowed(_("Only who had it, or who handed it over, writes this."))
    problems = Problems()
    held.note = problems.text("note", note, most=400)
    problems.refuse()
    held.noted_by = actor if held.note else None
    held.save(update_fields=["note", "noted_by"])
    return held


@transaction.atomic
def accept_packs(*, actor: User, packs: Sequence[HandoverPack], now: datetime) -> int:
    """The receiver has read these and takes them over; returns how many were still to be accepted."""
    waiting = list(
        HandoverPack.objects.visible_to(actor)
        .filter(pk__in=[pack.pk for pack in packs], receiver=actor, accepted_at=None)
        .select_related("relationship__party", "handover__leaver")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    for pack in waiting:
        pack.accepted_at = now
    HandoverPack.objects.bulk_update(waiting, ["accepted_at"])
    record_events(
        [
            event_of(
                relationship=pack.relationship,
                party=pack.relationship.party,
                verb=Verb.HANDOVER_ACCEPTED,
                actor=actor,
                now=now,
                data={"from": pack.handover.leaver.name},
            )
            for pack in waiting
        ]
    )
    tell_accepted(waiting, actor=actor, now=now)
    return len(waiting)


def _checked_reason(leaver: User, receivers: Sequence[User], reason: str) -> str:
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    if any(receiver.pk == leaver.pk for receiver in receivers):
        problems.add("receiver", _("%(name)s is the one who hands over.") % {"name": leaver.name})
    if any(not receiver.is_active or receiver.is_system for receiver in receivers):
        problems.add("receiver", _("Choose somebody who works here."))
    problems.refuse()
    return words


def _check_return(leaver: User, returns_date: date | None, now: datetime) -> None:
    if returns_date is not None and returns_date <= now.astimezone(ZoneInfo(leaver.time_zone)).date():
        raise Invalid({"returns_date": _("The day on which it comes back lies ahead.")})


def _remember(handover: Handover, book: _Book) -> None:
    """What went and to whom, so that it comes back from there."""
    handover.moved = {
        "promises": [[each.pk, each.owner_id] for each in book.promises],
        "follow_ups": [[each.pk, each.assignee_id] for each in book.follow_ups],
        **{key: [[each.pk, each.owner_id] for each in rows] for key, rows in book.others.items()},
    }
    handover.save(update_fields=["moved"])


def _hold_book(actor: User, leaver: User) -> _Book:
    """Everything that the actor may know of, locked in the order of ids; raises NotAllowed, or Conflict for none."""
    promised = Commitment.objects.visible_to(actor).open().filter(owner=leaver)
    planned = FollowUp.objects.visible_to(actor).open().filter(assignee=leaver)
    others = {
        key: work.rows().visible_to(actor).filter(owner=leaver) for key, work in registry.passed_on.items()
    }
    touched = _hold_touched(actor, leaver, [promised, planned, *others.values()])
    known = {held.pk: held for held in touched}
    return _Book(
        owned=[held for held in touched if held.owner_id == leaver.pk and held.closed_at is None],
        promises=locked_in(promised.select_related("owner", "made_in"), known),
        follow_ups=locked_in(planned.select_related("assignee", "planned_in"), known),
        others={key: locked_in(rows.select_related("owner", "team"), known) for key, rows in others.items()},
        touched=touched,
    )


def _hold_touched(actor: User, leaver: User, work: Sequence[QuerySet[Any]]) -> list[Relationship]:
    """The leaver's relationships and those in which they have work, locked."""
    elsewhere = {pk for rows in work for pk in rows.values_list("relationship_id", flat=True)}
    touched = list(
        Relationship.objects.visible_to(actor)
        .filter(Q(owner=leaver, closed_at=None) | Q(pk__in=elsewhere))
        .select_related("party", "business_unit", "owner", "team")
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    )
    if not touched:
        raise Conflict(_("%(name)s has nothing in hand that you may hand over.") % {"name": leaver.name})
    for held in touched:
        if actor.pk != leaver.pk:
            require(actor, Permission.ASSIGN, held)
    return touched


def _takers(owned: Sequence[Relationship], receiver: User, shares: Mapping[int, User]) -> dict[int, User]:
    takers = {held.pk: receiver for held in owned}
    if not shares.keys() <= takers.keys():
        raise Missing(
            _("%(count)d of these relationships do not exist.") % {"count": len(shares.keys() - takers)}
        )
    return takers | dict(shares)


def _give_relationships(
    owned: Sequence[Relationship], takers: Mapping[int, User], handover: Handover, now: datetime
) -> None:
    """New owners, a pack for each, and the line on each timeline."""
    events = []
    for held in owned:
        held.owner = takers[held.pk]
        events.append(
            event_of(
                relationship=held,
                party=held.party,
                verb=Verb.HANDED_OVER,
                actor=handover.handed_by,
                now=now,
                reason=handover.reason,
                data={"from": handover.leaver.name, "to": held.owner.name},
            )
        )
    Relationship.objects.bulk_update(owned, ["owner"])
    packs = HandoverPack.objects.bulk_create(
        HandoverPack(handover=handover, relationship=held, receiver=takers[held.pk]) for held in owned
    )
    record_events(events)
    tell_handed_over(packs, actor=handover.handed_by, now=now)


def _give_teams(actor: User, leaver: User, receiver: User, now: datetime) -> None:
    """The receiver leads what the leaver led, when the actor manages people; else that is left."""
    if holds_everywhere(actor, Permission.MANAGE_PEOPLE):
        for team in leaver.teams_led.filter(closed_at=None).order_by("id"):
            edit_team(actor=actor, team=team, name=team.name, lead=receiver, now=now)


def _taker(takers: Mapping[int, User], leaver: User, receiver: User) -> Taker:
    """Who takes over in a relationship: its new owner, in other people's relationships the owner there."""

    def of(relationship: Relationship) -> User:
        owner = relationship.owner
        stays = owner.is_active and not owner.is_system and owner.pk != leaver.pk
        return takers.get(relationship.pk) or (owner if stays else receiver)

    return of


def _check_sight(
    touched: Sequence[Relationship], takers: Mapping[int, User], leaver: User, receiver: User
) -> None:
    """Refuses when anybody would not see what they are given, now that it is theirs."""
    taker = _taker(takers, leaver, receiver)
    given: dict[User, list[Relationship]] = {}
    for held in touched:
        given.setdefault(taker(held), []).append(held)
    problems = Problems()
    for user, relationships in given.items():
        check_colleague("receiver", user, relationships, problems)
    problems.refuse()


def _assert_nothing_left(actor: User, leaver: User) -> None:
    """Zero orphans: after a handover nothing open that the actor may know of is the leaver's."""
    left = {
        "relationships": Relationship.objects.visible_to(actor).open().filter(owner=leaver).count(),
        "commitments": Commitment.objects.visible_to(actor).open().filter(owner=leaver).count(),
        "follow-ups": FollowUp.objects.visible_to(actor).open().filter(assignee=leaver).count(),
    } | {
        key: work.rows().visible_to(actor).filter(owner=leaver).count()
        for key, work in registry.passed_on.items()
    }
    if any(left.values()):
        raise Invalid(
            {"": _("Something is still in hand: %(left)s. Nothing was handed over.") % {"left": left}}
        )


def _hold_pack(actor: User, pack: HandoverPack) -> HandoverPack:
    found = (
        HandoverPack.objects.visible_to(actor)
        .filter(pk=pack.pk)
        .select_related("handover")
        .select_for_update(of=("self",))
        .first()
    )
    if found is None:
        raise Missing(_("There is no such handover."))
    return found
