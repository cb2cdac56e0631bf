"""Whether a relationship serves both sides: what its last two years brought each, and what a proposal would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from analytics.balance import Assessment, Verdict, assess
from analytics.surplus import Levers, Line, Surplus, levers, surplus
from health.models import BenefitLine, Proposal
from relationships.enums import Severity, ValueSide
from relationships.models import Interaction, Relationship, ValueEntry

RUNNING_DAYS = 730
FLAGGED = (Verdict.FAVOURS_US, Verdict.FAVOURS_THEM, Verdict.LOSE_LOSE, Verdict.NO_VALUE)
UNFAIR_LOSS = 0.2
"""A proposal is looked at twice as well when a side loses by it in more than a fifth of the draws."""


@dataclass(frozen=True)
class Balance:
    """Both sides' surplus with the verdict. `currencies` has several where nothing can be added; then no numbers."""

    currencies: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    found: Surplus | None = None
    assessment: Assessment | None = None
    levers: Levers | None = None

    @property
    def is_flagged(self) -> bool:
        """Whether it is lopsided, or serves nobody."""
        return self.assessment is not None and self.assessment.verdict in FLAGGED

    @property
    def currency(self) -> str:
        """The one currency; empty for none or several."""
        return self.currencies[0] if len(self.currencies) == 1 else ""

    @property
    def sentence(self) -> str:
        """The verdict in one plain sentence."""
        if len(self.currencies) > 1:
            return _("Amounts in %(codes)s are not added without a rate.") % {
                "codes": ", ".join(self.currencies)
            }
        if self.assessment is None:
            return _("Nothing is noted yet of what it is worth to either side.")
        return str(_SENTENCES[self.assessment.verdict]())


_SENTENCES = {
    Verdict.BALANCED: lambda: _("Both sides gain in fair parts."),
    Verdict.FAVOURS_US: lambda: _("Lopsided in our favour: they may not stay long."),
    Verdict.FAVOURS_THEM: lambda: _("Lopsided in their favour: we give more than we get."),
    Verdict.LOSE_LOSE: lambda: _("Both sides lose by it."),
    Verdict.NO_VALUE: lambda: _("It destroys value: together both sides gain nothing."),
}


def weigh(lines: Sequence[Line], currencies: Sequence[str], *, seed: int) -> Balance:
    """The balance of some lines. The seed is the id of what they belong to, so that the range stands still."""
    known = tuple(dict.fromkeys(currencies))
    if len(known) != 1 or not lines:
        return Balance(known, tuple(lines))
    found = surplus(lines, currency=known[0], seed=seed)
    moved = levers(found.us.mid, found.them.mid)
    return Balance(known, tuple(lines), found, assess(found.us, found.them), moved)


def entries_of(relationship: Relationship, *, today: date) -> list[ValueEntry]:
    """What was noted of the last 24 months and stands: neither taken back nor a taking back. Newest first."""
    since = today - timedelta(days=RUNNING_DAYS)
    rows = ValueEntry.objects.filter(
        relationship=relationship,
        reverses=None,
        reversed_by=None,
        value_date__gt=since,
        value_date__lte=today,
    )
    return list(rows.select_related("estimator").order_by("-value_date", "-pk"))


def balance_of(relationship: Relationship, entries: Sequence[ValueEntry]) -> Balance:
    """What the entries come to for both sides."""
    return weigh(
        [_entry_line(entry) for entry in entries], [e.currency for e in entries], seed=relationship.pk
    )


@dataclass(frozen=True)
class Weighed:
    """A proposal by itself, what holds now, and what would hold with it; `gate` says why it needs approval."""

    proposal: Proposal
    lines: list[BenefitLine]
    alone: Balance
    before: Balance
    after: Balance
    gate: list[str]

    @property
    def change(self) -> tuple[float | None, float | None]:
        """L before and after, as far as either is known."""
        found = (self.before.assessment, self.after.assessment)
        return tuple(each.lopsidedness if each else None for each in found)  # type: ignore[return-value]  # of two


def weigh_proposal(
    proposal: Proposal, *, today: date, what_if: Mapping[int, Decimal] | None = None
) -> Weighed:
    """The proposal with its lines, in three queries. `what_if` gives lines, by id, another likely amount.

    The range of a line is moved along with it, so that it still rises.
    """
    lines = list(
        proposal.lines.select_related("estimated_by", "confirmed_by").order_by("-side", "is_cost", "pk")
    )
    drawn = [_moved(_line(line), (what_if or {}).get(line.pk)) for line in lines]
    entries = entries_of(proposal.relationship, today=today)
    alone = weigh(drawn, [proposal.currency] if drawn else [], seed=proposal.pk)
    before = balance_of(proposal.relationship, entries)
    after = weigh(
        [*before.lines, *drawn],
        [*before.currencies, *([proposal.currency] if drawn else [])],
        seed=proposal.relationship_id,
    )
    return Weighed(proposal, lines, alone, before, after, _gate(proposal, alone, after))


def _gate(proposal: Proposal, alone: Balance, after: Balance) -> list[str]:
    """Why it may not go out without somebody else's approval; nothing when it may."""
    reasons = []
    if alone.is_flagged:
        reasons.append(_("%(sentence)s (This proposal by itself.)") % {"sentence": alone.sentence})
    if after.is_flagged:
        reasons.append(_("%(sentence)s (With it, over 24 months.)") % {"sentence": after.sentence})
    if alone.found and max(alone.found.we_lose, alone.found.they_lose) > UNFAIR_LOSS:
        worse = max(alone.found.we_lose, alone.found.they_lose)
        words = (
            _("We lose by it in %(n)d %% of the cases.")
            if worse == alone.found.we_lose
            else _("They lose by it in %(n)d %% of the cases.")
        )
        reasons.append(words % {"n": round(100 * worse)})
    serious = Interaction.objects.filter(
        relationship=proposal.relationship_id,
        superseded_at=None,
        problem_severity__gte=Severity.HIGH,
        problem_closed_at=None,
    )
    if serious.exists():
        reasons.append(_("A serious problem of theirs is open."))
    return reasons


def _line(line: BenefitLine) -> Line:
    ours = line.side == ValueSide.TO_US
    return Line(ours, line.is_cost, float(line.low), float(line.likely), float(line.high))


def _moved(line: Line, likely: Decimal | None) -> Line:
    if likely is None or likely < 0:
        return line
    to = float(likely)
    scale = to / line.likely if line.likely else 1.0
    return replace(line, low=min(line.low * scale, to), likely=to, high=max(line.high * scale, to))


def _entry_line(entry: ValueEntry) -> Line:
    """A negative amount is a cost; its range is turned round with it."""
    low, high = (entry.amount if end is None else end for end in (entry.low, entry.high))
    is_cost = entry.amount < 0
    if is_cost:
        low, high = -high, -low
    middle = abs(entry.amount)
    return Line(entry.side == ValueSide.TO_US, is_cost, max(0.0, float(low)), float(middle), float(high))
