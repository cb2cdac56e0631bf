"""The reviews that somebody may see, and one with what its facts say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import TeamMembership, User
from analytics.hysteresis import WATCH_FROM
from core import wording
from core.keyset import Order, Page, SortKey, page
from health.enums import ReviewState, ReviewVerdict
from health.models import Review
from health.queries.review_facts import GREAT_DROP, Rule, exit_rules, hash_of, propose

LIMIT = 25
IN_MONEY = {"value", "net_to_us"}
IN_UNIT_MONEY = {"hour_rate", "concessions", "write_offs", "cost_to_serve"}
WITH_SIGN = {"change": 1, "lopsidedness": 2}
SOONEST = Order(SortKey("due_date", date.fromisoformat))


@dataclass(frozen=True)
class Fact:
    """One fact in words, as it was frozen and as it was half a year later; `path` leads to the rows behind it."""

    label: str
    then: str
    later: str
    path: str


@dataclass(frozen=True)
class Told:
    """A review with its facts in words. `is_intact` says that the frozen facts are those that were hashed."""

    review: Review
    facts: list[Fact]
    rules: list[Rule]
    why: str
    is_intact: bool
    outcome: "Outcome | None" = None


@dataclass(frozen=True)
class Outcome:
    """What came of a verdict two quarters later: in words, and whether it came out as it was meant."""

    words: str
    is_as_meant: bool | None


def review_page(*, viewer: User, whose: str, status: str, cursor: str = "") -> Page[Review]:
    """A page of reviews, the soonest due first. `whose` is mine, team or all; `status` open, a state, or empty."""
    rows = Review.objects.visible_to(viewer)
    mine = Q(relationship__owner=viewer)
    if whose == "mine":
        rows = rows.filter(mine)
    elif whose == "team":
        member = TeamMembership.objects.filter(
            user_id=OuterRef("relationship__owner_id"), team_id__in=viewer.current_team_ids(), ended_at=None
        )
        rows = rows.filter(mine | Q(Exists(member)))
    if status == "open":
        rows = rows.exclude(state=ReviewState.CLOSED)
    elif status:
        rows = rows.filter(state=status)
    return page(rows.select_related("relationship__owner"), SOONEST, cursor=cursor, limit=LIMIT)


def told(review: Review, *, may_see_money: bool) -> Told:
    """The frozen facts in words; without money for who may not see it."""
    if not review.facts:
        return Told(review, [], [], "", is_intact=True)
    later: Mapping[str, Any] = review.later or {}
    found = [
        Fact(str(label), _words(key, review.facts), _words(key, later), path)
        for key, label, path, is_money in _facts()
        if may_see_money or not is_money
    ]
    rules = exit_rules(review.facts) if may_see_money else []
    why = propose(review.facts)[1]
    intact = hash_of(review.facts) == review.facts_hash
    return Told(review, found, rules, why, is_intact=intact, outcome=outcome_of(review))


def outcome_of(review: Review) -> Outcome | None:
    """The verdict against the facts of two quarters later; None until they are there.

    An exit is meant to end it; a repair to bring health out of at risk or eight points up; to keep and to grow are
    meant not to lose eight points. Where health is not known on both days nothing is said of it.
    """
    later: Mapping[str, Any] = review.later or {}
    if not later:
        return None
    if review.verdict == ReviewVerdict.EXIT:
        ended = bool(later.get("is_closed"))
        return Outcome(_("It has ended.") if ended else _("It goes on all the same."), ended)
    then, now = review.facts.get("health"), later.get("health")
    if then is None or now is None:
        return Outcome(_("Health is not known on both days, so nothing can be said."), None)
    words = _("Health went from %(then)d to %(now)d.") % {"then": round(then), "now": round(now)}
    if review.verdict == ReviewVerdict.REPAIR:
        return Outcome(words, (then < WATCH_FROM <= now) or now - then >= -GREAT_DROP)
    return Outcome(words, now - then > GREAT_DROP)


def _words(key: str, facts: Mapping[str, Any]) -> str:
    """A frozen fact as one reads it; a dash for what was not known."""
    value = facts.get(key)
    if value is None or value == "":
        return "–"
    if key in IN_MONEY:
        return wording.money_words(value, facts.get("currency", ""), whole=True)
    if key in IN_UNIT_MONEY:
        return wording.money_words(value, facts.get("unit_currency", ""), whole=True)
    if key in WITH_SIGN:
        return wording.signed(value, WITH_SIGN[key])
    return wording.figure(value, 1) if isinstance(value, float) else str(value)


def _facts() -> list[tuple[str, str, str, bool]]:
    """Key, label, where the rows are below the record, and whether it shows money."""
    return [
        ("health", _("Health"), "why/", False),
        ("change", _("Change in 30 days"), "why/#changed", False),
        ("weeks_below", _("Weeks under 45 without a break"), "why/", False),
        ("tier", _("Value tier"), "about/", False),
        ("value", _("Value a year"), "benefit/", True),
        ("net_to_us", _("Net to us in four quarters"), "benefit/", True),
        ("hours", _("Hours logged in four quarters"), "timeline/", False),
        ("hour_rate", _("Cost of an hour"), "benefit/", True),
        ("concessions", _("Concessions in four quarters"), "benefit/", True),
        ("write_offs", _("Write-offs in four quarters"), "benefit/", True),
        ("cost_to_serve", _("Cost to serve in four quarters"), "benefit/", True),
        ("lopsidedness", _("Lopsidedness, + is ours"), "benefit/", True),
        ("open_commitments", _("Open promises"), "commitments/", False),
        ("missed", _("Promises missed in a year"), "commitments/", False),
        ("open_problems", _("Open problems"), "timeline/?group=problems", False),
        ("alerts", _("Alerts in a year"), "", False),
        ("repairs_without_effect", _("Repairs without effect in a year"), "timeline/?group=changes", False),
    ]
