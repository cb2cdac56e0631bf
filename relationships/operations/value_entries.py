"""What a relationship is worth to each side, noted with its range; taken back by reversing, never by changing."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import Currency, User
from core.refusals import Conflict, Missing
from relationships.enums import ValueBasis, ValueCategory, ValueSide, Verb
from relationships.models import Relationship, ValueEntry
from relationships.operations.access import hold_relationship, require
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems
from relationships.operations.submissions import first_of, fulfil

LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Worth:
    """An amount, negative for a cost, with the range in which it is thought to lie."""

    amount: Decimal
    currency: str
    low: Decimal | None = None
    high: Decimal | None = None

    def check(self, problems: Problems) -> None:
        """Notes what cannot be: half a range, one without the amount, a currency that is not kept, too much."""
        if (self.low is None) != (self.high is None):
            missing = "low" if self.low is None else "high"
            problems.add(missing, _("A range has two ends; give both or none."))
        elif self.low is not None and self.high is not None and not self.low <= self.amount <= self.high:
            problems.add("low", _("The amount must lie between the low and the high end."))
        for field in ("amount", "low", "high"):
            if abs(getattr(self, field) or 0) >= LARGEST:
                problems.add(field, _("This is too large to be kept."))
        if not Currency.objects.filter(code=self.currency).exists():
            problems.add("currency", _("The currency “%(code)s” is not kept here.") % {"code": self.currency})


@transaction.atomic
def record_value(
    *,
    actor: User,
    relationship: Relationship,
    side: str,
    category: str,
    worth: Worth,
    value_date: date,
    now: datetime,
    basis: str = ValueBasis.ESTIMATE,
    note: str = "",
    idempotency_key: str = "",
) -> ValueEntry:
    """Notes value that went one way. An estimate is the actor's; what comes from the books has no range."""
    held = _may(actor, relationship.pk)
    first = first_of(actor, idempotency_key, ValueEntry, now)
    if first is not None:
        return first
    entry = ValueEntry(
        relationship=held,
        side=side,
        category=category,
        **vars(worth),
        value_date=value_date,
        basis=basis,
        estimator=actor if basis == ValueBasis.ESTIMATE else None,
        note=note.strip(),
        created_at=now,
        created_by=actor,
    )
    _check(entry, worth)
    entry.save(force_insert=True)
    fulfil(actor, idempotency_key, entry)
    _tell(entry, held, Verb.VALUE_RECORDED, actor, now)
    return entry


def _may(actor: User, relationship_id: int) -> Relationship:
    held = hold_relationship(actor, relationship_id, Permission.VIEW_MONEY)
    require(actor, Permission.MANAGE_COMMITMENTS, held)
    return held


def _check(entry: ValueEntry, worth: Worth) -> None:
    """Raises Invalid naming everything that cannot be."""
    problems = Problems()
    problems.choice("side", entry.side, ValueSide.values)
    problems.choice("category", entry.category, ValueCategory.values)
    problems.choice("basis", entry.basis, ValueBasis.values)
    problems.day("value_date", entry.value_date)
    problems.text("note", entry.note, most=300)
    worth.check(problems)
    if entry.basis == ValueBasis.LEDGER and worth.low is not None:
        problems.add("low", _("What comes from the books has no range."))
    problems.refuse()


@transaction.atomic
def reverse_value(*, actor: User, entry: ValueEntry, reason: str, now: datetime) -> ValueEntry:
    """Takes an entry back by one of the opposite amount; raises Conflict for one that is taken back or takes back."""
    seen = ValueEntry.objects.visible_to(actor).filter(pk=entry.pk).first()
    if seen is None:
        raise Missing(_("There is no such entry."))
    held = _may(actor, seen.relationship_id)
    problems = Problems()
    words = problems.text("reason", reason, most=300, required=True)
    problems.refuse()
    if seen.reverses_id is not None or ValueEntry.objects.filter(reverses=seen).exists():
        raise Conflict(_("This entry was taken back already."))
    reversal = ValueEntry.objects.create(
        relationship=held,
        side=seen.side,
        category=seen.category,
        amount=-seen.amount,
        low=None if seen.high is None else -seen.high,
        high=None if seen.low is None else -seen.low,
        currency=seen.currency,
        value_date=seen.value_date,
        basis=seen.basis,
        estimator=seen.estimator,
        note=words,
        reverses=seen,
        created_at=now,
        created_by=actor,
    )
    _tell(reversal, held, Verb.VALUE_REVERSED, actor, now, reason=words)
    return reversal


def _tell(
    entry: ValueEntry, held: Relationship, verb: Verb, actor: User, now: datetime, reason: str = ""
) -> None:
    """The timeline says that it was noted, never how much: not everybody who reads it may see money."""
    record_event(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        subject=entry,
        reason=reason,
        data={"side": entry.side, "category": entry.category},
    )
