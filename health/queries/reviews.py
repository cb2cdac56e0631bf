"""The reviews that somebody may see, and one with what its facts say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import TeamMembership, User
from core import wording
from health.enums import ReviewState
from health.models import Review
from health.queries.review_facts import Rule, exit_rules, hash_of, propose
from relationships.queries.keyset import Order, Page, SortKey, page

LIMIT = 25
IN_MONEY = {"value", "net_to_us"}
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
    return Told(review, found, rules, why, is_intact=hash_of(review.facts) == review.facts_hash)


def _words(key: str, facts: Mapping[str, Any]) -> str:
    """A frozen fact as one reads it; a dash for what was not known."""
    value = facts.get(key)
    if value is None or value == "":
        return "–"
    if key in IN_MONEY:
        return wording.money_words(value, facts.get("currency", ""), whole=True)
    if key in WITH_SIGN:
        return wording.signed(value, WITH_SIGN[key])
    return number_format(value, 1) if isinstance(value, float) else str(value)


def _facts() -> list[tuple[str, str, str, bool]]:
    """Key, label, where the rows are below the record, and whether it shows money."""
    return [
        ("health", _("Health"), "why/", False),
        ("change", _("Change in 30 days"), "why/#changed", False),
        ("weeks_below", _("Weeks under 45 without a break"), "why/", False),
        ("tier", _("Value tier"), "about/", False),
        ("value", _("Value a year"), "benefit/", True),
        ("net_to_us", _("Net to us in four quarters"), "benefit/", True),
        ("lopsidedness", _("Lopsidedness, + is ours"), "benefit/", True),
        ("open_commitments", _("Open promises"), "commitments/", False),
        ("missed", _("Promises missed in a year"), "commitments/", False),
        ("open_problems", _("Open problems"), "timeline/?group=problems", False),
        ("alerts", _("Alerts in a year"), "", False),
        ("repairs_without_effect", _("Repairs without effect in a year"), "timeline/?group=changes", False),
    ]
