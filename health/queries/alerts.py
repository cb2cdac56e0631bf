"""The inbox of alerts, what each says in words, and how often each rule was right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import TeamMembership, User
from core.keyset import Order, Page, SortKey, page
from core.wording import figure, in_a_sentence, shortest
from health.enums import AlertState, Rule
from health.measures.replies import working_time
from health.models import Alert, RuleRetirement
from relationships.enums import CommitmentDirection
from relationships.models import Party
from relationships.queries.kept import VIEWER, KeptRows, anyone_like, kept
from relationships.querysets import rights_of

LIMIT = 25
ON_A_PANEL = 5
JUDGED_TO_RETIRE = 50
LEAST_PRECISION = 0.2
NEWEST = Order(SortKey("opened_at", datetime.fromisoformat), descending=True)

ICONS = {
    Rule.FALL: "trending-down",
    Rule.SILENCE: "bell-off",
    Rule.CHAMPION_LEFT: "user-minus",
    Rule.PROBLEM: "life-buoy",
    Rule.MISSED_PROMISE: "handshake",
}
TONES = {AlertState.OPEN: "bad", AlertState.ACKNOWLEDGED: "warn", AlertState.ACTED: "info"}


@dataclass(frozen=True)
class AlertQuery:
    """What the inbox is asked for. `whose` is mine, team or all; `status` is unsettled, a state, or empty for all."""

    whose: str = "mine"
    status: str = "unsettled"
    rule: str = ""
    relationship_id: int | None = None


@dataclass(frozen=True)
class Line:
    """An alert in words: what, the figures behind it, and where the rows behind these are."""

    alert: Alert
    title: str
    words: str
    icon: str
    tone: str
    rows_url: str

    @property
    def here(self) -> str:
        """The record that it is about."""
        return f"/{self.alert.relationship.kind}/{self.alert.relationship_id}/"


@dataclass(frozen=True)
class Precision:
    """How a rule did: of those that people judged, how many were right."""

    rule: Rule
    raised: int
    unsettled: int
    confirmed: int
    false_alarms: int
    retirement: RuleRetirement | None

    @property
    def judged(self) -> int:
        """How many people have judged."""
        return self.confirmed + self.false_alarms

    @property
    def precision(self) -> float | None:
        """The share that was right; None before the first judgement."""
        return self.confirmed / self.judged if self.judged else None

    @property
    def should_retire(self) -> bool:
        """Fewer than a fifth of at least fifty were right, and it is still in force."""
        share = self.precision
        enough = self.judged >= JUDGED_TO_RETIRE and share is not None
        return self.retirement is None and enough and share < LEAST_PRECISION  # type: ignore[operator]  # not None when enough

    @property
    def percent(self) -> float:
        """The share that was right, out of 100; 0 before the first judgement."""
        return 100 * (self.precision or 0.0)


def alerts_for(*, viewer: User, query: AlertQuery) -> "QuerySet[Alert]":
    """The alerts asked for, in no order, with what their words need."""
    rows = Alert.objects.visible_to(viewer)
    if query.whose == "mine":
        rows = rows.filter(relationship__owner=viewer)
    elif query.whose == "team":
        member = TeamMembership.objects.filter(
            user_id=OuterRef("relationship__owner_id"), team_id__in=viewer.current_team_ids(), ended_at=None
        )
        rows = rows.filter(Q(relationship__owner=viewer) | Q(Exists(member)))
    if query.status == "unsettled":
        rows = rows.unsettled()
    elif query.status:
        rows = rows.filter(state=query.status)
    if query.rule:
        rows = rows.filter(rule=query.rule)
    if query.relationship_id:
        rows = rows.filter(relationship_id=query.relationship_id)
    return rows.select_related(
        "relationship__owner", "relationship__party", "interaction", "commitment", "follow_up",
        "link__source_party", "link__target_party",
    )  # fmt: skip


def inbox(*, viewer: User, query: AlertQuery, cursor: str = "") -> tuple[Page[Alert], list[Line]]:
    """A page of the inbox, the newest first, with its words."""
    found = page(alerts_for(viewer=viewer, query=query), NEWEST, cursor=cursor, limit=LIMIT)
    return found, lines(found.rows)


def newest(*, viewer: User, query: AlertQuery, limit: int = ON_A_PANEL) -> list[Line]:
    """The first few in words, for a panel."""

    def rows() -> KeptRows[Alert]:
        found = alerts_for(viewer=anyone_like(viewer), query=query)
        return KeptRows(found.order_by("-opened_at", "-pk")[:limit])

    if query.relationship_id:
        return lines(alerts_for(viewer=viewer, query=query).order_by("-opened_at", "-pk")[:limit])
    return lines(kept(("alerts", rights_of(viewer), query, limit), rows).ask({VIEWER: viewer.pk}))


def lines(alerts: Iterable[Alert]) -> list[Line]:
    """The alerts in words."""
    return [_line(alert) for alert in alerts]


def precisions(*, viewer: User) -> list[Precision]:
    """Every rule with what came of the alerts that the viewer may know of."""
    rows: Iterable[Mapping[str, Any]] = (
        Alert.objects.visible_to(viewer)
        .values("rule")
        .annotate(
            raised=Count("pk"),
            unsettled=Count("pk", filter=Q(judged_at=None)),
            confirmed=Count("pk", filter=Q(state=AlertState.CONFIRMED)),
            false_alarms=Count("pk", filter=Q(state=AlertState.FALSE_ALARM)),
        )
        .order_by("rule")
    )
    counted = {row["rule"]: row for row in rows}
    retired = {row.rule: row for row in RuleRetirement.objects.select_related("retired_by")}
    figures = ("raised", "unsettled", "confirmed", "false_alarms")
    return [
        Precision(
            rule=rule,
            retirement=retired.get(rule),
            **{name: counted[rule][name] if rule in counted else 0 for name in figures},
        )
        for rule in Rule
    ]


def _line(alert: Alert) -> Line:
    rule = Rule(alert.rule)
    title, words, rows = _WORDS[rule](alert)
    here = f"/{alert.relationship.kind}/{alert.relationship_id}/"
    tone = TONES.get(AlertState(alert.state), "good" if alert.state == AlertState.CONFIRMED else "")
    return Line(alert, title, words, ICONS[rule], tone, rows if rows.startswith("/") else here + rows)


def _fall(alert: Alert) -> tuple[str, str, str]:
    facts = alert.facts
    drop = facts["mean"] - facts["score"]
    title = _("Health fell slowly to %(score)s") % {"score": figure(facts["score"], 1)}
    words = _("usually %(mean)s, so %(drop)s points lower; the sum of falls is %(sum)s, the limit %(limit)s")
    told = {"mean": facts["mean"], "drop": drop, "sum": alert.statistic}
    given = {name: figure(value, 1) for name, value in told.items()} | {
        "limit": shortest(alert.threshold or 0)
    }
    return title, words % given, "why/"


def _silence(alert: Alert) -> tuple[str, str, str]:
    given = {"waiting": working_time(alert.facts["waiting"]), "usual": working_time(alert.facts["usual"])}
    title = _("No answer for %(waiting)s") % given
    words = _("they usually take %(usual)s; this is %(times)d times as long") % {
        **given,
        "times": int(alert.statistic or 0),
    }
    return title, words, "timeline/?group=messages"


def _left(alert: Alert) -> tuple[str, str, str]:
    link = alert.link
    person: Party | None = None
    if link is not None:
        person = link.source_party if link.source_party_id == alert.facts["person_id"] else link.target_party
    title = _("%(who)s left") % {"who": person.name if person else _("A deciding person")}
    return title, _("who decided or had great influence there"), "people/"


def _problem(alert: Alert) -> tuple[str, str, str]:
    told = alert.interaction
    what = (told.subject or told.body[:80]) if told else ""
    title = _("Serious problem: %(what)s") % {"what": what} if what else _("Serious problem")
    severity = told.get_problem_severity_display() if told else ""
    return (
        title,
        _("severity: %(severity)s") % {"severity": in_a_sentence(severity)},
        "timeline/?group=problems",
    )


def _missed(alert: Alert) -> tuple[str, str, str]:
    promise = alert.commitment
    theirs = alert.facts["direction"] == CommitmentDirection.THEIRS
    title = _("They missed: %(what)s") if theirs else _("We missed: %(what)s")
    days = (alert.opened_at.date() - datetime.fromisoformat(alert.facts["due"]).date()).days
    late = ngettext("%(n)d day after its date", "%(n)d days after its date", days) % {"n": days}
    return title % {"what": promise.what if promise else ""}, late, f"/commitments/{alert.commitment_id}/"


_WORDS = {
    Rule.FALL: _fall,
    Rule.SILENCE: _silence,
    Rule.CHAMPION_LEFT: _left,
    Rule.PROBLEM: _problem,
    Rule.MISSED_PROMISE: _missed,
}
