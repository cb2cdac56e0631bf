"""Promises, ours and theirs: made, moved through their states, and dated anew only with the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from core.refusals import Conflict, Missing
from core.transitions import Transition
from relationships.enums import (
    OPEN_COMMITMENT_STATES,
    CommitmentDirection,
    CommitmentState,
    Materiality,
    Verb,
)
from relationships.models import Commitment, Event, Interaction, Party, Relationship, Renegotiation
from relationships.operations.access import check_colleague, check_parties, hold_relationship
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems, local_day
from relationships.operations.notices import tell_promised
from relationships.operations.state import settle_states
from relationships.operations.submissions import first_of, fulfil
from relationships.transitions import COMMITMENT

BORN_IN = (CommitmentState.AGREED, CommitmentState.PROPOSED, CommitmentState.IN_PROGRESS)


@dataclass(frozen=True)
class CommitmentDraft:
    """A promise as it is given together with something else."""

    direction: str
    what: str
    due_date: date
    owner: User | None = None
    person: Party | None = None
    materiality: str = Materiality.NORMAL
    state: str = CommitmentState.AGREED


@dataclass(frozen=True)
class Agreement:
    """A new date and who on the other side agreed to it; `field` is what the date was called when asked for."""

    to_date: date
    agreed_with: str
    reason: str
    party: Party | None = None
    field: str = "to_date"


@transaction.atomic
def make_commitment(
    *,
    actor: User,
    relationship: Relationship,
    direction: str,
    what: str,
    due_date: date,
    now: datetime,
    owner: User | None = None,
    person: Party | None = None,
    made_in: Interaction | None = None,
    made_at: datetime | None = None,
    materiality: str = Materiality.NORMAL,
    state: str = CommitmentState.AGREED,
    idempotency_key: str = "",
) -> Commitment:
    """Puts a promise in the ledger; its original date never changes.

    The actor owns it unless another is named. The same `idempotency_key` gives the first one again.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_COMMITMENTS)
    first = first_of(actor, idempotency_key, Commitment, now)
    if first is not None:
        return first
    draft = CommitmentDraft(direction, what, due_date, owner, person, materiality, state)
    commitment, told = write_commitment(
        actor=actor, held=held, draft=draft, now=now, made_in=made_in, made_at=made_at or now
    )
    record_events([told])
    fulfil(actor, idempotency_key, commitment)
    settle([held.pk], now=now)
    return commitment


def write_commitment(
    *,
    actor: User,
    held: Relationship,
    draft: CommitmentDraft,
    now: datetime,
    made_at: datetime,
    made_in: Interaction | None = None,
    field: str = "",
) -> tuple[Commitment, Event]:
    """Writes the promise in a relationship that is held; gives the line that tells of it, not yet written.

    The caller writes the line, with others of the same moment, and settles counts and next touch after. `field` is
    put before the names of wrong fields, where the draft came with something else.
    """
    if held.closed_at is not None:
        raise Conflict(_("The relationship is closed; open it again to make a promise."))
    what = _checked(actor, held, draft, now, made_at, field)
    commitment = Commitment.objects.create(
        relationship=held,
        direction=draft.direction,
        what=what,
        person=draft.person,
        made_in=made_in,
        made_at=made_at,
        original_due_date=draft.due_date,
        current_due_date=draft.due_date,
        owner=draft.owner or actor,
        materiality=draft.materiality,
        state=draft.state,
        created_at=now,
        created_by=actor,
    )
    tell_promised([commitment], actor=actor, now=now)
    return commitment, commitment_event(
        commitment, held, Verb.COMMITMENT_MADE, actor, now, happened_at=made_at
    )


def _checked(
    actor: User, held: Relationship, draft: CommitmentDraft, now: datetime, made_at: datetime, field: str
) -> str:
    """The promise's words, once everything about the draft has been found right; raises Invalid."""
    problems = Problems()
    what = problems.text(f"{field}what", draft.what, most=300, required=True)
    problems.choice(f"{field}direction", draft.direction, CommitmentDirection.values)
    problems.choice(f"{field}materiality", draft.materiality, Materiality.values)
    problems.choice(f"{field}state", draft.state, BORN_IN)
    problems.day(f"{field}due_date", draft.due_date)
    problems.past_moment(f"{field}made_at", made_at, now)
    problems.span(f"{field}due_date", local_day(made_at, held.business_unit), draft.due_date)
    if draft.owner is not None and draft.owner.pk != actor.pk:
        check_colleague(f"{field}owner", draft.owner, [held], problems)
    if draft.person is not None:
        check_parties(actor, f"{field}person", [draft.person], problems, near=held)
    problems.refuse()
    return what


@transaction.atomic
def move_commitment(
    *,
    actor: User,
    commitment: Commitment,
    transition: str,
    now: datetime,
    evidence: str = "",
    reason: str = "",
    new_due_date: date | None = None,
    agreed_with: str = "",
) -> Commitment:
    """Takes a promise through one move of its table; raises Conflict with the possible moves for any other.

    `withdraw` wants a reason; `re_promise` a new date and who on the other side agreed to it. A miss stays
    counted whatever comes after.
    """
    found, held = _hold(actor, commitment)
    problems = Problems()
    found.evidence = problems.text("evidence", evidence) or found.evidence
    words = problems.text("reason", reason, most=400, required=transition == "withdraw")
    move = COMMITMENT.resolve(transition, found)
    if transition == "re_promise" and new_due_date is None:
        problems.add("new_due_date", _("Promising again needs a new date."))
    problems.refuse()
    if transition == "re_promise" and new_due_date is not None:
        agreement = Agreement(new_due_date, agreed_with, words, field="new_due_date")
        _redate(found, held, agreement, actor, now)
    return _apply(found, held, move, actor, now, words)


@transaction.atomic
def renegotiate(
    *,
    actor: User,
    commitment: Commitment,
    to_date: date,
    agreed_with: str,
    reason: str,
    now: datetime,
    agreed_with_party: Party | None = None,
) -> Commitment:
    """Moves the date of an open promise, agreed by somebody on the other side. A missed one is promised again."""
    found, held = _hold(actor, commitment)
    if found.state not in OPEN_COMMITMENT_STATES:
        raise Conflict(
            _("This promise is over; its date cannot move."),
            allowed=[move.name for move in COMMITMENT.allowed(found.state)],
        )
    agreement = Agreement(to_date, agreed_with, reason, agreed_with_party)
    _redate(found, held, agreement, actor, now)
    if found.state == CommitmentState.MISSED:
        return _apply(found, held, COMMITMENT.resolve("re_promise", found), actor, now, reason)
    found.save(update_fields=["current_due_date"])
    settle([held.pk], now=now)
    return found


@transaction.atomic
def edit_commitment(
    *,
    actor: User,
    commitment: Commitment,
    now: datetime,
    what: str,
    owner: User,
    person: Party | None = None,
    materiality: str = Materiality.NORMAL,
) -> Commitment:
    """Changes the wording, the owner, the person or the weight of an open promise; never its dates."""
    found, held = _hold(actor, commitment)
    if found.state not in OPEN_COMMITMENT_STATES:
        raise Conflict(_("This promise is over; it cannot be changed."))
    problems = Problems()
    before = {"what": found.what, "owner": found.owner.name}
    found.what = problems.text("what", what, most=300, required=True)
    problems.choice("materiality", materiality, Materiality.values)
    if owner.pk not in (actor.pk, found.owner_id):
        check_colleague("owner", owner, [held], problems)
    if person is not None:
        check_parties(actor, "person", [person], problems)
    problems.refuse()
    is_anothers = found.owner_id != owner.pk
    found.owner, found.person, found.materiality = owner, person, materiality
    found.save(update_fields=["what", "owner", "person", "materiality"])
    data = {"before": before, "owner": owner.name}
    commitment_event(found, held, Verb.COMMITMENT_EDITED, actor, now, data=data).save()
    tell_promised([found] if is_anothers else [], actor=actor, now=now)
    settle([held.pk], now=now)
    return found


def settle(relationship_ids: Sequence[int], *, now: datetime) -> None:
    """Brings open counts, next touch and the stale mark up to date: promises are evidence."""
    settle_states(relationship_ids, stale_at=now)


def _hold(actor: User, commitment: Commitment) -> tuple[Commitment, Relationship]:
    """The promise and its relationship, locked; raises Missing or NotAllowed."""
    seen = Commitment.objects.visible_to(actor).filter(pk=commitment.pk).first()
    if seen is None:
        raise Missing(_("There is no such promise."))
    held = hold_relationship(actor, seen.relationship_id, Permission.MANAGE_COMMITMENTS)
    locked = Commitment.objects.select_related("owner", "made_in").select_for_update(of=("self",))
    return locked.get(pk=seen.pk), held


def _redate(
    commitment: Commitment, held: Relationship, agreement: Agreement, actor: User, now: datetime
) -> None:
    """Checks and writes a renegotiation, and sets the date on the instance; the caller saves it."""
    problems = Problems()
    problems.day(agreement.field, agreement.to_date)
    if agreement.to_date < local_day(now, held.business_unit):
        day = {"day": agreement.to_date.isoformat()}
        problems.add(agreement.field, _("%(day)s has already passed.") % day)
    elif agreement.to_date == commitment.current_due_date:
        problems.add(agreement.field, _("It is due on that day already."))
    who = problems.text("agreed_with", agreement.agreed_with, most=200, required=True)
    why = problems.text("reason", agreement.reason, most=400, required=True)
    if agreement.party is not None:
        check_parties(actor, "agreed_with_party", [agreement.party], problems)
    problems.refuse()
    from_date, commitment.current_due_date = commitment.current_due_date, agreement.to_date
    Renegotiation.objects.create(
        commitment=commitment,
        from_date=from_date,
        to_date=agreement.to_date,
        agreed_with=who,
        agreed_with_party=agreement.party,
        reason=why,
        at=now,
        actor=actor,
    )
    data = {
        "from_date": from_date.isoformat(),
        "to_date": agreement.to_date.isoformat(),
        "agreed_with": who,
    }
    verb = Verb.COMMITMENT_RENEGOTIATED
    commitment_event(commitment, held, verb, actor, now, reason=why, data=data).save()


def _apply(
    commitment: Commitment, held: Relationship, move: Transition, actor: User, now: datetime, reason: str
) -> Commitment:
    """Writes a move that is possible: the state, who and when, the event, and what follows from it."""
    before, commitment.state = commitment.state, move.target
    if move.target == CommitmentState.MISSED:
        commitment.missed_at = commitment.missed_at or now
    elif move.target == CommitmentState.DELIVERED:
        commitment.delivered_at, commitment.delivered_by = now, actor
    elif move.target == CommitmentState.CONFIRMED:
        commitment.confirmed_at, commitment.confirmed_by = now, actor
    elif move.target == CommitmentState.WITHDRAWN:
        commitment.withdrawn_at, commitment.withdrawn_by = now, actor
        commitment.withdrawn_reason = reason
    commitment.save()
    data = {"move": move.name, "from": before, "to": move.target}
    commitment_event(commitment, held, Verb.COMMITMENT_MOVED, actor, now, reason=reason, data=data).save()
    settle([held.pk], now=now)
    return commitment


def commitment_event(
    commitment: Commitment,
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    happened_at: datetime | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """The line that tells of a promise, not yet written; as confidential as the talk in which it was made."""
    said_in = commitment.made_in
    facts = {
        "what": commitment.what,
        "direction": commitment.direction,
        "due_date": commitment.current_due_date.isoformat(),
        "said_in": commitment.made_in_id,
        **(data or {}),
    }
    return event_of(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        happened_at=happened_at,
        subject=commitment,
        reason=reason,
        data=facts,
        confidentiality=said_in.confidentiality if said_in else Confidentiality.INTERNAL,
    )
