"""A proposal from draft to answer: its lines, the gate before it is sent, and the approval that binds to its lines."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import Currency, User
from analytics.dates import add_months
from core.refusals import Conflict, Missing, NotAllowed
from core.transitions import Transition
from health.enums import BenefitKind, ProposalState
from health.models import BenefitLine, LookBack, Proposal
from health.operations.notices import ask_second_person, tell_approved
from health.queries.benefit import weigh_proposal
from health.transitions import PROPOSAL
from relationships.enums import ValueBasis, ValueCategory, ValueSide
from relationships.models import Relationship, ValueEntry
from relationships.operations.access import hold_relationship, require
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems, local_day

MOVED = "health.proposal_moved"
CATEGORIES = {BenefitKind.TIME: ValueCategory.WORK, BenefitKind.RISK: ValueCategory.RELIABILITY}
LARGEST = Decimal(10) ** 12
LOOK_BACK_MONTHS = 6


@dataclass(frozen=True)
class Estimate:
    """What a line says: whose, what, and between which amounts."""

    side: str
    what: str
    low: Decimal
    likely: Decimal
    high: Decimal
    kind: str = BenefitKind.MONEY
    is_cost: bool = False
    evidence: str = ""


@transaction.atomic
def draft_proposal(
    *, actor: User, relationship: Relationship, title: str, currency: str, now: datetime
) -> Proposal:
    """An empty draft."""
    held = _may(actor, relationship.pk)
    problems = Problems()
    words = problems.text("title", title, most=200, required=True)
    if not Currency.objects.filter(code=currency).exists():
        problems.add("currency", _("The currency “%(code)s” is not kept here.") % {"code": currency})
    problems.refuse()
    return Proposal.objects.create(
        relationship=held, title=words, currency=currency, created_at=now, created_by=actor
    )


@transaction.atomic
def add_line(*, actor: User, proposal: Proposal, estimate: Estimate) -> BenefitLine:
    """One more line of a draft, estimated by the actor."""
    found = _draft(actor, proposal)
    problems = Problems()
    problems.choice("side", estimate.side, ValueSide.values)
    problems.choice("kind", estimate.kind, BenefitKind.values)
    what = problems.text("what", estimate.what, most=200, required=True)
    evidence = problems.text("evidence", estimate.evidence, most=300)
    if not 0 <= estimate.low <= estimate.likely <= estimate.high < LARGEST:
        problems.add(
            "likely", _("Low, likely and high must rise, from nought; a cost is ticked, not negative.")
        )
    problems.refuse()
    return BenefitLine.objects.create(
        proposal=found,
        side=estimate.side,
        kind=estimate.kind,
        is_cost=estimate.is_cost,
        what=what,
        low=estimate.low,
        likely=estimate.likely,
        high=estimate.high,
        evidence=evidence,
        estimated_by=actor,
    )


@transaction.atomic
def remove_line(*, actor: User, line: BenefitLine) -> None:
    """Takes a line out of a draft."""
    _draft(actor, line.proposal)
    line.delete()


@transaction.atomic
def confirm_line(*, actor: User, line: BenefitLine, now: datetime) -> BenefitLine:
    """Somebody else than its estimator stands by a guess. Raises NotAllowed for the estimator."""
    _hold(actor, line.proposal)
    if line.estimated_by_id == actor.pk:
        raise NotAllowed(_("Somebody else has to confirm what you estimated."))
    if line.confirmed_at is None:
        line.confirmed_at, line.confirmed_by = now, actor
        line.save(update_fields=["confirmed_at", "confirmed_by"])
    return line


@transaction.atomic
def ask_approval(*, actor: User, proposal: Proposal, reason: str, now: datetime) -> Proposal:
    """Asks a manager to let a flagged proposal out, saying why it should."""
    found, move = _resolve(actor, proposal, "ask")
    found.reason = _words("reason", reason)
    found.asked_at, found.asked_by = now, actor
    ask_second_person(found, actor=actor, besides=[found.created_by_id], now=now)
    return _moved(found, move, actor=actor, now=now, reason=found.reason)


@transaction.atomic
def approve_proposal(*, actor: User, proposal: Proposal, reason: str, now: datetime) -> Proposal:
    """A manager other than who asked approves the lines as they are. Raises NotAllowed for the same person."""
    found, move = _resolve(actor, proposal, "approve")
    require(actor, Permission.MANAGE_RELATIONSHIPS, found.relationship)
    if actor.pk in (found.asked_by_id, found.created_by_id):
        raise NotAllowed(_("Somebody else has to approve a proposal of yours."))
    found.approved_reason = _words("reason", reason)
    found.approved_at, found.approved_by = now, actor
    found.approved_hash = content_hash(found)
    tell_approved(found, asked_by=found.asked_by_id, actor=actor, now=now)
    return _moved(found, move, actor=actor, now=now, reason=found.approved_reason)


@transaction.atomic
def revise_proposal(*, actor: User, proposal: Proposal, now: datetime) -> Proposal:
    """Back to draft, which voids an approval."""
    found, move = _resolve(actor, proposal, "revise")
    found.approved_at = found.approved_by = None
    found.approved_reason = found.approved_hash = ""
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def send_proposal(*, actor: User, proposal: Proposal, now: datetime) -> Proposal:
    """Marks it as sent. Raises Conflict for a flagged one that nobody else has approved as it stands."""
    found, move = _resolve(actor, proposal, "send")
    if not found.lines.exists():
        raise Conflict(_("A proposal without lines says nothing of either side."), missing=["lines"])
    approved = found.state == ProposalState.APPROVED and found.approved_hash == content_hash(found)
    today = local_day(now, found.relationship.business_unit)
    gate = [] if approved else weigh_proposal(found, today=today).gate
    if gate:
        raise Conflict(
            _("It needs somebody else's approval first. %(reasons)s") % {"reasons": " ".join(gate)},
            missing=["approval"],
        )
    found.sent_at, found.sent_by = now, actor
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def settle_proposal(*, actor: User, proposal: Proposal, outcome: str, now: datetime) -> Proposal:
    """They accepted or declined, or we withdrew it (`outcome` is the move's name).

    What is accepted joins the running balance: each line becomes a value entry with its range; and half a year
    later it is compared with what came of it.
    """
    found, move = _resolve(actor, proposal, outcome)
    found.settled_at = now
    if move.target == ProposalState.ACCEPTED:
        day = local_day(now, found.relationship.business_unit)
        ValueEntry.objects.bulk_create(
            _entry(found, line, actor, now, day) for line in found.lines.order_by("pk")
        )
        LookBack.objects.create(proposal=found, due_date=add_months(day, LOOK_BACK_MONTHS))
    return _moved(found, move, actor=actor, now=now)


def content_hash(proposal: Proposal) -> str:
    """What an approval binds to: currency and every line, amounts and all."""
    fields = ("side", "kind", "is_cost", "what", "low", "likely", "high")
    rows = proposal.lines.order_by("pk").values_list(*fields)
    text = "\n".join([proposal.currency, *("\t".join(str(value) for value in row) for row in rows)])
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(proposal: Proposal, line: BenefitLine, actor: User, now: datetime, day: date) -> ValueEntry:
    sign = -1 if line.is_cost else 1
    low, high = sorted((sign * line.low, sign * line.high))
    return ValueEntry(
        relationship=proposal.relationship,
        side=line.side,
        category=CATEGORIES.get(BenefitKind(line.kind), ValueCategory.OTHER),
        amount=sign * line.likely,
        low=low,
        high=high,
        currency=proposal.currency,
        value_date=day,
        basis=ValueBasis.ESTIMATE,
        estimator=line.estimated_by,
        note=f"{proposal.title}: {line.what}"[:300],
        created_at=now,
        created_by=actor,
    )


def _may(actor: User, relationship_id: int) -> Relationship:
    held = hold_relationship(actor, relationship_id, Permission.MANAGE_COMMITMENTS)
    require(actor, Permission.VIEW_MONEY, held)
    return held


def _hold(actor: User, proposal: Proposal) -> Proposal:
    seen = Proposal.objects.visible_to(actor).filter(pk=proposal.pk).first()
    if seen is None:
        raise Missing(_("There is no such proposal."))
    held = _may(actor, seen.relationship_id)
    found = Proposal.objects.get(pk=seen.pk)
    found.relationship = held
    return found


def _resolve(actor: User, proposal: Proposal, name: str) -> tuple[Proposal, Transition]:
    found = _hold(actor, proposal)
    return found, PROPOSAL.resolve(name, found)


def _draft(actor: User, proposal: Proposal) -> Proposal:
    found = _hold(actor, proposal)
    if found.state != ProposalState.DRAFT:
        allowed = [move.name for move in PROPOSAL.allowed(found.state)]
        raise Conflict(_("Only a draft's lines can change; take it back to draft first."), allowed=allowed)
    return found


def _words(field: str, text: str) -> str:
    problems = Problems()
    words = problems.text(field, text, most=400, required=True)
    problems.refuse()
    return words


def _moved(found: Proposal, move: Transition, *, actor: User, now: datetime, reason: str = "") -> Proposal:
    found.state = move.target
    found.save()
    record_event(
        relationship=found.relationship,
        party=found.relationship.party,
        verb=MOVED,
        actor=actor,
        now=now,
        subject=found,
        reason=reason,
        data={"title": found.title, "state": found.state},
    )
    return found
