"""Erasing a person: asked for by one of ours, confirmed by another, done once, and done again after a restore."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from accounts.queries.actors import system_actor
from core.append_only import unlock_append_only
from core.refusals import Conflict, Missing, NotAllowed
from oversight.enums import ErasureBasis, ErasureState
from oversight.models import Erasure, LegalHold
from oversight.operations.striking import strike_files, strike_out
from oversight.queries.identity import Identity, identity_of
from relationships.enums import ErasedKind
from relationships.models import Document, ErasedIdentity, Party, Relationship
from relationships.operations.inputs import Problems
from relationships.queries.erased import digest_of

LIST = "erasures.jsonl"
"""Beside the database, so that it outlives a restore: which rows were erased when, and nothing of whom."""


@transaction.atomic
def request_erasure(*, actor: User, party: Party, basis: str, now: datetime, reason: str = "") -> Erasure:
    """Asks for a person to be erased; nothing happens before somebody else confirms it.

    Raises NotAllowed, Missing, Invalid, and Conflict while a legal hold stands or one is asked for already.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    held = _seen(actor, party)
    problems = Problems()
    problems.choice("basis", basis, ErasureBasis.values)
    words = problems.text("reason", reason, most=400)
    if not held.is_person:
        problems.add("party", _("Only people are erased; “%(name)s” is none.") % {"name": held.name})
    problems.refuse()
    _refuse_held(held)
    if Erasure.objects.filter(
        party=held, state__in=[ErasureState.REQUESTED, ErasureState.CONFIRMED]
    ).exists():
        raise Conflict(_("This is asked for already."))
    erasure = Erasure.objects.create(
        party=held, basis=basis, reason=words, requested_at=now, requested_by=actor
    )
    _tell(actor.pk, "erasure_requested", held.pk, now)
    return erasure


@transaction.atomic
def confirm_erasure(*, actor: User, erasure: Erasure, now: datetime) -> Erasure:
    """The second person says yes; a worker carries it out. Raises NotAllowed for the first one, and Conflict."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = Erasure.objects.select_for_update().select_related("party").get(pk=erasure.pk)
    if held.state != ErasureState.REQUESTED:
        raise Conflict(_("This does not wait for anybody."))
    if held.requested_by_id == actor.pk:
        raise NotAllowed(_("Somebody else must confirm what you asked for."))
    _refuse_held(_seen(actor, held.party))
    held.state, held.confirmed_at, held.confirmed_by = ErasureState.CONFIRMED, now, actor
    held.save()
    _tell(actor.pk, "erasure_confirmed", held.party_id, now)
    return held


@transaction.atomic
def cancel_erasure(*, actor: User, erasure: Erasure, now: datetime) -> Erasure:
    """It is not done after all. Raises Conflict once it was confirmed."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if held.state != ErasureState.REQUESTED:
        raise Conflict(_("This does not wait for anybody."))
    held.state, held.cancelled_at, held.cancelled_by = ErasureState.CANCELLED, now, actor
    held.save()
    _tell(actor.pk, "erasure_cancelled", held.party_id, now)
    return held


def carry_out_confirmed(*, now: datetime) -> int:
    """Erases whom two people want erased, each in a transaction of its own; returns how many."""
    waiting = Erasure.objects.filter(state=ErasureState.CONFIRMED).order_by("pk")
    return sum(carry_out(erasure_id=pk, now=now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def carry_out(*, erasure_id: int, now: datetime) -> bool:
    """Erases one person whom two people want erased; False when it is done, or being done, or held back by now."""
    erasure = (
        Erasure.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("party", "confirmed_by")
        .filter(pk=erasure_id, state=ErasureState.CONFIRMED)
        .first()
    )
    if erasure is None or _is_held(erasure.party):
        return False
    counted = erase_person(party=erasure.party, actor=erasure.confirmed_by or system_actor(), now=now)
    erasure.refresh_from_db()
    erasure.state, erasure.done_at, erasure.summary = ErasureState.DONE, now, counted
    erasure.save()
    return True


def erase_again(*, now: datetime) -> int:
    """After a restore: erases whoever was erased since the backup was made; returns how many that were."""
    done = 0
    for line in _listed():
        made = datetime.fromisoformat(str(line["created_at"]))
        party = Party.objects.filter(pk=line["party"], created_at=made).first()
        if party is not None and party.name != f"Erased person {party.pk}":
            erase_person(party=party, actor=system_actor(), now=now, is_again=True)
            done += 1
    return done


@transaction.atomic
def hold_for_law(*, actor: User, party: Party, reason: str, now: datetime) -> LegalHold:
    """Nothing of the person may go from now on. Raises Conflict when that is so already."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = _seen(actor, party)
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    if _is_held(held):
        raise Conflict(_("Nothing of this person may go already."))
    hold = LegalHold.objects.create(party=held, reason=words, set_at=now, set_by=actor)
    _tell(actor.pk, "legal_hold_set", held.pk, now)
    return hold


@transaction.atomic
def lift_hold(*, actor: User, hold: LegalHold, reason: str, now: datetime) -> LegalHold:
    """It may go again. Raises Conflict when that is so already."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = LegalHold.objects.select_for_update().get(pk=hold.pk)
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    if held.lifted_at is not None:
        raise Conflict(_("This was lifted already."))
    held.lifted_at, held.lifted_by, held.lifted_reason = now, actor, words
    held.save()
    _tell(actor.pk, "legal_hold_lifted", held.party_id, now)
    return held


@transaction.atomic
def erase_person(
    *, party: Party, actor: User, now: datetime, is_again: bool = False
) -> dict[str, dict[str, int]]:
    """Everything of the person in one go, for operations that were asked for it.

    Hashes first, then rows, then files and the list that outlives a restore.
    """
    unlock_append_only("erase")
    held = Party.objects.select_for_update().get(pk=party.pk)
    identity = identity_of(held)
    _remember(identity, now)
    own = Relationship.objects.filter(party=held)
    papers = Document.objects.filter(relationship__in=own, removed_at=None)
    papers.update(removed_at=now, removed_by=actor, removed_reason=identity.token)
    Document.objects.filter(relationship__in=own, purged_at=None).update(purged_at=now, text_due_at=None)
    own.filter(closed_at=None).update(closed_at=now, closed_by=actor, closed_reason=identity.token)
    counted = strike_out(identity)
    counted["files"] = {"went": strike_files(identity), "changed": 0}
    _tell(actor.pk, "person_erased_again" if is_again else "person_erased", held.pk, now)
    if not is_again:
        line: dict[str, str | int] = {
            "party": held.pk,
            "created_at": held.created_at.isoformat(),
            "erased_at": now.isoformat(),
        }
        transaction.on_commit(lambda: _list(line))
    return counted


def _remember(identity: Identity, now: datetime) -> None:
    """Hashes by which the person is known when a list or a form brings them again."""
    values = [
        *((ErasedKind.NAME, name) for name in (*identity.names, *identity.shared)),
        *((ErasedKind.EMAIL, email) for email in identity.emails),
        *((ErasedKind.PHONE, phone) for phone in identity.phones),
    ]
    ErasedIdentity.objects.bulk_create(
        [
            ErasedIdentity(
                kind=kind, digest=digest_of(kind, value), party_number=identity.number, erased_at=now
            )
            for kind, value in values
        ],
        ignore_conflicts=True,
    )


def _listed() -> Iterator[dict[str, str | int]]:
    place = Path(settings.HOME) / LIST
    if place.exists():
        for line in place.read_text().splitlines():
            yield json.loads(line)


def _list(line: dict[str, str | int]) -> None:
    with (Path(settings.HOME) / LIST).open("a") as file:
        file.write(json.dumps(line) + "\n")


def _seen(actor: User, party: Party) -> Party:
    found = Party.objects.visible_to(actor).filter(pk=party.pk).first()
    if found is None:
        raise Missing(_("There is no such party."))
    return found


def _is_held(party: Party) -> bool:
    return LegalHold.objects.filter(party=party, lifted_at=None).exists()


def _refuse_held(party: Party) -> None:
    if _is_held(party):
        raise Conflict(_("A legal hold stands: nothing of this person may go."))


def _tell(actor_id: int, verb: str, party_id: int, now: datetime) -> None:
    record_audit(actor_id=actor_id, verb=verb, now=now, subject_type="party", subject_id=party_id)
