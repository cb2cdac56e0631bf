"""The facts that a review rests on, plain enough to freeze, and the verdict that visible rules propose from them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from analytics.hysteresis import HEALTHY_FROM, WATCH_FROM
from core.wording import figure
from health.enums import ReviewVerdict
from health.models import Alert, ScoreSnapshot
from health.queries.benefit import balance_of, entries_of
from health.queries.cost_to_serve import cost_to_serve
from health.registry import indispensable
from relationships.enums import RunEffect, ValueSide
from relationships.models import PlaybookRun, Relationship, ValueEntry

EXIT_BELOW = 45.0
EXIT_WEEKS = 26
"""Two quarters."""

GREAT_DROP = -8.0


@dataclass(frozen=True)
class Rule:
    """One condition of the proposal with whether the facts meet it, in words that name them."""

    words: str
    is_met: bool


def gather_facts(relationship: Relationship, *, now: datetime) -> dict[str, Any]:
    """What is known of it today, as JSON. `relationship` comes with its state and its business unit."""
    state, today = relationship.state, now.astimezone(UTC).date()
    entries = entries_of(relationship, today=today)
    balance = balance_of(relationship, entries)
    since = now - timedelta(days=365)
    return _cost(relationship, now) | {
        "is_closed": relationship.closed_at is not None,
        "health": _number(state.health),
        "status": state.health_status,
        "change": _number(state.health_change),
        "weeks_below": _weeks_below(relationship, now),
        "tier": state.value_tier,
        "value": _number(state.value_amount),
        "currency": state.value_currency,
        "net_to_us": _net_to_us(relationship, now),
        "lopsidedness": balance.assessment.lopsidedness if balance.assessment else None,
        "is_lopsided": balance.is_flagged,
        "open_commitments": state.open_commitments,
        "open_problems": state.open_problems,
        "missed": relationship.commitments.filter(missed_at__gte=since).count(),
        "alerts": Alert.objects.filter(relationship=relationship, opened_at__gte=since).count(),
        "repairs_without_effect": PlaybookRun.objects.filter(
            relationship=relationship, effect=RunEffect.NONE, closed_at__gte=since
        ).count(),
        "needed": [
            str(reason.words)
            for reason in indispensable.for_kind(relationship.kind)
            if not reason.path
            or Relationship.objects.filter(pk=relationship.pk, **{reason.path: True}).exists()
        ],
    }


def _cost(relationship: Relationship, now: datetime) -> dict[str, Any]:
    found = cost_to_serve(relationship, now=now)
    return {
        "unit_currency": relationship.business_unit.currency_id,
        "hours": found.hours,
        "timed": found.timed,
        "talks": found.talks,
        "hour_rate": _number(found.rate),
        "concessions": _number(found.concessions),
        "write_offs": _number(found.write_offs),
        "cost_to_serve": _number(found.total),
    }


def hash_of(facts: Mapping[str, Any]) -> str:
    """The hash of the facts, the same for the same facts."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def exit_rules(facts: Mapping[str, Any]) -> list[Rule]:
    """All of these must hold before an exit is proposed."""
    net, below = facts["net_to_us"], facts["weeks_below"]
    return [
        Rule(
            _("Health was under %(edge)d for two quarters: %(n)d of %(all)d weeks")
            % {"edge": EXIT_BELOW, "n": below, "all": EXIT_WEEKS},
            below >= EXIT_WEEKS,
        ),
        Rule(
            _("It cost us more than it brought over four quarters: %(net)s")
            % {"net": _("not known") if net is None else figure(net, 2)},
            net is not None and net < 0,
        ),
        Rule(
            _("A repair was tried and closed without effect: %(n)d") % {"n": facts["repairs_without_effect"]},
            facts["repairs_without_effect"] > 0,
        ),
        Rule(
            _("Nothing makes it indispensable: %(why)s")
            % {"why": ", ".join(facts["needed"]) or _("nothing does")},
            not facts["needed"],
        ),
    ]


def propose(facts: Mapping[str, Any]) -> tuple[ReviewVerdict, str]:
    """The verdict that the rules propose, and why in one sentence."""
    health, change = facts["health"], facts["change"]
    if all(rule.is_met for rule in exit_rules(facts)):
        return ReviewVerdict.EXIT, _("Every condition for an exit is met.")
    if health is None:
        return ReviewVerdict.KEEP, _("There is not enough evidence to propose a change.")
    if health < WATCH_FROM or (change is not None and change <= GREAT_DROP):
        return ReviewVerdict.REPAIR, _("It is at risk, or fell by eight points or more in 30 days.")
    if health >= HEALTHY_FROM and facts["tier"] in ("A", "B") and not facts["is_lopsided"]:
        return ReviewVerdict.GROW, _("It is healthy, worth more than most, and serves both sides.")
    return ReviewVerdict.KEEP, _("Nothing asks for a change.")


def _weeks_below(relationship: Relationship, now: datetime) -> int:
    """For how many weeks without a break, up to now, the score was known to be under 45; at most 26."""
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    first = monday - timedelta(weeks=EXIT_WEEKS)
    below = 0
    until = monday + timedelta(weeks=1)
    rows = ScoreSnapshot.objects.filter(relationship=relationship, week__lte=monday).order_by("-week")
    for week, score in rows.values_list("week", "score"):
        if score is None or score >= EXIT_BELOW:
            break
        start = max(week, first + timedelta(weeks=1))
        below += (until - start).days // 7
        until = start
        if week <= first + timedelta(weeks=1):
            break
    return min(below, EXIT_WEEKS)


def _net_to_us(relationship: Relationship, now: datetime) -> float | None:
    """What four quarters brought us, costs off; None without entries or with several currencies."""
    today = now.astimezone(UTC).date()
    rows = (
        ValueEntry.objects.filter(
            relationship=relationship,
            side=ValueSide.TO_US,
            value_date__gt=today - timedelta(days=365),
            value_date__lte=today,
        )
        .order_by("currency")
        .values_list("currency")
        .annotate(net=Sum("amount"))
    )
    sums = list(rows)
    return float(sums[0][1]) if len(sums) == 1 else None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
