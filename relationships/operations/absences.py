"""The end of an absence: what was handed over for a time comes back from whoever looked after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.enums import Verb
from relationships.models import Commitment, FollowUp, Handover, HandoverPack, Relationship
from relationships.operations.commitments import settle
from relationships.operations.events import event_of, record_events
from relationships.operations.passing_on import locked_in, pass_on_follow_ups, pass_on_promises
from relationships.registry import PassedOn, registry

AT_A_TIME = 20


@transaction.atomic
def return_books(*, now: datetime, limit: int = AT_A_TIME) -> int:
    """Gives back every book whose absence is over where its owner lives; returns how many. Run again it gives none.

    Somebody who left meanwhile gets nothing back: it stays with those who look after it.
    """
    due = Handover.objects.filter(
        returned_at=None, returns_date__lte=(now + timedelta(days=1)).date()
    ).select_related("leaver")
    found = list(due.order_by("returns_date", "pk").select_for_update(of=("self",), skip_locked=True)[:limit])
    over = [each for each in found if _is_over(each, now)]
    actor = system_actor()
    for handover in over:
        _give_back(handover, actor, now)
    return len(over)


def _is_over(handover: Handover, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(handover.leaver.time_zone)).date()
    return handover.returns_date is not None and today >= handover.returns_date


@transaction.atomic
def end_absence(*, actor: User, handover: Handover, now: datetime) -> int:
    """Gives a book back before its day, by its owner or who handed it over; returns how many relationships came back.

    Raises Missing, NotAllowed, and Conflict for a book that does not come back or has come back.
    """
    seen = Handover.objects.visible_to(actor).filter(pk=handover.pk)
    found = seen.select_related("leaver").select_for_update(of=("self",)).first()
    if found is None:
        raise Missing(_("There is no such handover."))
    if actor.pk not in (found.leaver_id, found.handed_by_id):
        raise NotAllowed(_("Only whose book it is, or who handed it over, ends the absence."))
    if found.returns_date is None or found.returned_at is not None:
        raise Conflict(_("This book does not come back, or has come back already."))
    return _give_back(found, actor, now)


def _give_back(handover: Handover, actor: User, now: datetime) -> int:
    """What is still with its deputy goes to whose it was, as far as they may still know of it; nothing is orphaned."""
    handover.returned_at = now
    handover.save(update_fields=["returned_at"])
    leaver = handover.leaver
    if not leaver.is_active:
        return 0
    held = _hold(handover)
    back = _own_again(handover, held, actor, now)
    here = {each.pk: each for each in held}
    seen = set(Relationship.objects.visible_to(leaver).filter(pk__in=here).values_list("pk", flat=True))
    near = {pk: each for pk, each in here.items() if pk in seen}
    promised = Commitment.objects.open().filter(_theirs(handover, "promises", "owner", back))
    planned = FollowUp.objects.open().filter(_theirs(handover, "follow_ups", "assignee", back))
    promises = locked_in(promised.select_related("owner", "made_in"), near)
    plans = locked_in(planned.select_related("assignee", "planned_in"), near)
    others = {
        key: locked_in(_others(work, handover, back).select_related("owner", "team"), near)
        for key, work in registry.passed_on.items()
    }
    words = _("Back from absence")
    pass_on_promises(promises, lambda _held: leaver, actor=actor, now=now, reason=words)
    pass_on_follow_ups(plans, lambda _held: leaver, actor=actor, now=now, reason=words)
    for key, work in registry.passed_on.items():
        work.give(others[key], lambda _held: leaver, actor=actor, now=now, reason=words)
    settle(sorted(here), now=now)
    _assert_all_back(handover, back)
    more = {key: len(rows) for key, rows in others.items() if rows}
    counts = {"relationships": len(back), "promises": len(promises), "follow_ups": len(plans), **more}
    _audit(handover, actor, now, **counts)
    return len(back)


def _audit(handover: Handover, actor: User, now: datetime, **counts: int) -> None:
    record_audit(
        actor_id=actor.pk,
        verb="book_given_back",
        now=now,
        subject_type="handover",
        subject_id=handover.pk,
        data=counts,
    )


def _hold(handover: Handover) -> list[Relationship]:
    """Every relationship that something went from, locked in the order of ids."""
    moved = handover.moved
    promised = Commitment.objects.filter(pk__in=[pk for pk, _taker in moved.get("promises", [])])
    planned = FollowUp.objects.filter(pk__in=[pk for pk, _taker in moved.get("follow_ups", [])])
    wanted = Q(handover_packs__handover=handover) | Q(commitments__in=promised) | Q(follow_ups__in=planned)
    ids = set(Relationship.objects.filter(wanted).values_list("pk", flat=True))
    for key, work in registry.passed_on.items():
        went = work.rows().filter(pk__in=[pk for pk, _taker in moved.get(key, [])])
        ids |= set(went.values_list("relationship_id", flat=True))
    return list(
        Relationship.objects.filter(pk__in=ids)
        .select_related("party", "business_unit", "owner", "team")
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    )


def _own_again(
    handover: Handover, held: Sequence[Relationship], actor: User, now: datetime
) -> list[HandoverPack]:
    """Makes the leaver the owner of what is open, still their deputy's and in their sight; the packs of these."""
    here = {each.pk: each for each in held}
    packs = [
        pack
        for pack in handover.packs.select_related("receiver").order_by("id")
        if here[pack.relationship_id].owner_id == pack.receiver_id
        and here[pack.relationship_id].closed_at is None
    ]
    ids = [pack.relationship_id for pack in packs]
    Relationship.objects.filter(pk__in=ids).update(owner=handover.leaver)
    seen = set(
        Relationship.objects.visible_to(handover.leaver).filter(pk__in=ids).values_list("pk", flat=True)
    )
    back = [pack for pack in packs if pack.relationship_id in seen]
    for pack in packs:
        if pack.relationship_id not in seen:
            Relationship.objects.filter(pk=pack.relationship_id).update(owner=pack.receiver)
    for pack in back:
        here[pack.relationship_id].owner = handover.leaver
    record_events(
        [
            event_of(
                relationship=here[pack.relationship_id], party=here[pack.relationship_id].party,
                verb=Verb.HANDED_OVER, actor=actor, now=now, reason=_("Back from absence"),
                data={"from": pack.receiver.name, "to": handover.leaver.name},
            )
            for pack in back
        ]
    )  # fmt: skip
    return back


def _others(work: PassedOn, handover: Handover, back: Sequence[HandoverPack]) -> "QuerySet[Any]":
    """Open work of an upper app that comes back."""
    rows: QuerySet[Any] = work.rows().filter(_theirs(handover, work.key, "owner", back, work.since))
    return rows


def _theirs(
    handover: Handover, kind: str, holder: str, back: Sequence[HandoverPack], began: str = "created_at"
) -> Q:
    """What went and is still with whom it went to, and what the deputy took on since in what comes back."""
    found = Q(pk__in=[])
    for pk, taker in handover.moved.get(kind, []):
        found |= Q(pk=pk, **{f"{holder}_id": taker})
    for pack in back:
        since = {f"{began}__gte": handover.handed_at, f"{holder}_id": pack.receiver_id}
        found |= Q(relationship=pack.relationship_id, **since)
    return found


def _assert_all_back(handover: Handover, back: Sequence[HandoverPack]) -> None:
    """Zero orphans: of what comes back nothing open that had gone is left with the deputy."""
    ids = [pack.relationship_id for pack in back]
    promises = Commitment.objects.open().filter(_theirs(handover, "promises", "owner", back))
    plans = FollowUp.objects.open().filter(_theirs(handover, "follow_ups", "assignee", back))
    works: list[QuerySet[Any]] = [promises, plans]
    works += [_others(work, handover, back) for work in registry.passed_on.values()]
    left = sum(rows.filter(relationship__in=ids).count() for rows in works)
    if left:
        raise Invalid(
            {"": _("Something would be left with the deputy: %(n)d. Nothing came back.") % {"n": left}}
        )
