"""What needs somebody today: one look at everything that is due, at risk, open or slipping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from accounts.models import TeamMembership, User
from core.arrays import one_of
from health.queries.alerts import AlertQuery, Line, newest
from health.queries.movers import LEAST_DROP, Mover, dropped
from relationships.enums import OPEN_COMMITMENT_STATES, CommitmentDirection, Severity
from relationships.models import Commitment, CommitmentReminder, FollowUp, Interaction, Relationship
from relationships.queries.commitment_ledger import at_risk, is_at_risk
from relationships.queries.counts import FIGURE_CAP
from relationships.queries.kept import VIEWER, KeptRows, anyone_like, kept
from relationships.queries.relationship_list import today_of
from relationships.queries.reminders import reminders_of, with_reminded_at
from relationships.queries.together import Counted, KeptPieces, Part, pieces
from relationships.querysets import rights_of

SHOWN = 30
DROPPED_SHOWN = 5
WAITING_DAYS = 14
SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Urgent:
    """The one thing to do first. `what` is commitment, problem or follow_up; `thing` its row."""

    what: str
    thing: Any
    days_late: int
    due_at: datetime | None


@dataclass(frozen=True)
class Totals:
    """The figures at the top, up to `FIGURE_CAP`; each is the length of a list that can be opened."""

    follow_ups: int
    follow_ups_overdue: int
    commitments_at_risk: int
    commitments_open: int
    problems: int
    owned: int
    team_follow_ups: int
    dropped: int

    @property
    def dropped_shown(self) -> range:
        """One place for each of those that the panel of what dropped shows."""
        return range(min(self.dropped, DROPPED_SHOWN))


@dataclass(frozen=True)
class TeamMate:
    """A colleague of the viewer's teams with what is due and overdue in their day."""

    user: User
    due: int
    overdue: int


@dataclass(frozen=True)
class MyDay:
    """Everything on the page except what health has to say."""

    today: date
    follow_ups: list[FollowUp]
    agenda: list[FollowUp]
    at_risk: list[Commitment]
    waiting: list[Commitment]
    problems: list[Interaction]
    reminders: list[CommitmentReminder]
    alerts: list[Line]
    totals: Totals
    team: list[TeamMate]
    urgent: Urgent | None

    @property
    def is_done(self) -> bool:
        """Whether nothing that is due, at risk or open is left."""
        return not (self.follow_ups or self.at_risk or self.problems or self.reminders or self.alerts)


def _people(viewer: User, whose: str) -> "Q":
    """The condition on a user under which their work is shown: the viewer alone, or with their team mates."""
    if whose != "team":
        return Q(pk=viewer.pk)
    member = TeamMembership.objects.filter(
        user_id=OuterRef("pk"), team_id__in=viewer.current_team_ids(), ended_at=None
    )
    return Q(pk=viewer.pk) | Q(Exists(member))


def _users(viewer: User, whose: str) -> "QuerySet[User]":
    return User.objects.filter(_people(viewer, whose))


def _held(field: str, viewer: User, whose: str) -> Q:
    """The condition that `field` names one of those whose work is shown."""
    return Q(**{field: viewer}) if whose == "mine" else one_of(f"{field}_id", _users(viewer, whose))


def my_day(*, viewer: User, whose: str, now: datetime) -> MyDay:
    """The day of the viewer (`whose` = mine) or of their teams (team), in eight queries whatever its length."""
    today = today_of(viewer, now)
    asked = kept(
        ("my_day", rights_of(viewer), whose, today), lambda: Asked.of(anyone_like(viewer), whose, today)
    )
    given = {VIEWER: viewer.pk}
    planned, promised = asked.follow_ups.ask(given), asked.commitments.ask(given)
    problems = asked.problems.ask(given)
    risky = [promise for promise in promised if is_at_risk(promise, today)]
    waiting = [promise for promise in promised if _is_waited_for(promise, today)]
    due = [follow_up for follow_up in planned if follow_up.done_at is None]
    found = asked.totals.ask(given)
    return MyDay(
        today=today,
        follow_ups=due[:SHOWN],
        agenda=sorted(
            (entry for entry in planned if entry.due_time is not None and entry.due_date == today),
            key=lambda entry: (entry.due_time, entry.pk),
        ),
        at_risk=risky[:SHOWN],
        waiting=waiting[:SHOWN],
        problems=problems,
        reminders=_other_reminders(viewer, [*risky, *waiting]),
        alerts=newest(viewer=viewer, query=AlertQuery(whose=whose)),
        totals=_totals(viewer, whose, found, problems=problems[0].found if problems else 0),
        team=_team(viewer, found["due"]),
        urgent=most_urgent(due, risky, problems, zone=ZoneInfo(viewer.time_zone), now=now),
    )


@dataclass(frozen=True)
class Asked:
    """The statements of a day, the same for all who hold the same."""

    follow_ups: KeptRows[FollowUp]
    commitments: KeptRows[Commitment]
    problems: KeptRows[Any]
    totals: KeptPieces

    @classmethod
    def of(cls, viewer: User, whose: str, today: date) -> "Asked":
        """Put into SQL."""
        return cls(
            KeptRows(_follow_ups(viewer, whose, today)[: 2 * SHOWN]),
            KeptRows(_commitments(viewer, whose, today)[: 2 * SHOWN]),
            KeptRows(_problems(viewer, whose)[:SHOWN]),
            KeptPieces(pieces(**_counted(viewer, whose, today))),
        )


def dropped_health(*, viewer: User, whose: str, now: datetime) -> list[Mover]:
    """Whose health fell in 30 days among what the viewer (or their teams) own, worst first, with what repairs it."""
    owners = list(_users(viewer, whose).values_list("pk", flat=True)) if whose == "team" else [viewer.pk]
    return dropped(viewer=viewer, now=now, owner_ids=owners, limit=DROPPED_SHOWN)


def _follow_ups(viewer: User, whose: str, today: date) -> "QuerySet[FollowUp]":
    """Due by today and open, or done today: the agenda keeps showing what is behind the viewer."""
    return (
        FollowUp.objects.visible_to(viewer)
        .filter(_held("assignee", viewer, whose), cancelled_at=None)
        .filter(Q(done_at=None, due_date__lte=today) | Q(done_at__isnull=False, due_date=today))
        .select_related("relationship", "relationship__party", "person", "assignee")
        .order_by("due_date", "due_time", "pk")
    )


def _commitments(viewer: User, whose: str, today: date) -> "QuerySet[Commitment]":
    promises = (
        Commitment.objects.due_by(today + timedelta(days=WAITING_DAYS))
        .visible_to(viewer)
        .filter(_held("owner", viewer, whose))
        .select_related("relationship", "relationship__party", "person", "owner")
        .order_by("current_due_date", "pk")
    )
    return with_reminded_at(promises, viewer)


def _other_reminders(viewer: User, shown: Sequence[Commitment]) -> list[CommitmentReminder]:
    """What the viewer was reminded of and the page does not show yet: what is further off, or their team's."""
    ids = {promise.pk for promise in shown}
    return [found for found in reminders_of(viewer=viewer) if found.commitment_id not in ids][:SHOWN]


def _problems(viewer: User, whose: str) -> "QuerySet[Any]":
    """Problems raised and not closed, the worst first, then the oldest; each says how many were `found` in all."""
    return (
        Interaction.objects.visible_to(viewer)
        .current()
        .filter(
            _held("relationship__state__owner", viewer, whose),
            problem_severity__isnull=False,
            problem_closed_at=None,
            relationship__state__open_problems__gt=0,  # follows from the others; few relationships have any
        )
        .select_related("relationship", "relationship__party", "relationship__owner")
        .annotate(found=Window(Count("pk")))
        .order_by("-problem_severity", "happened_at", "pk")
    )


def _is_waited_for(promise: Commitment, today: date) -> bool:
    return promise.direction == CommitmentDirection.THEIRS and promise.current_due_date >= today


def _counted(viewer: User, whose: str, today: date) -> dict[str, Part]:
    """What the figures are made of; `due` has the follow-ups of everybody in the viewer's teams, by who has them."""
    promises = Commitment.objects.visible_to(viewer).filter(_held("owner", viewer, whose))
    known = Relationship.objects.visible_to(viewer).filter(_held("owner", viewer, "team"))
    owned = (Relationship.objects.own_of(viewer) if whose == "mine" else known).open()
    due = FollowUp.objects.due_by(today).visible_to(viewer).filter(_held("assignee", viewer, "team"))
    return {
        "due": due.order_by()
        .values("assignee_id")
        .annotate(due=Count("pk"), overdue=Count("pk", filter=Q(due_date__lt=today))),
        "at_risk": Counted(promises.filter(at_risk(today)), FIGURE_CAP),
        "open": Counted(promises.filter(state__in=OPEN_COMMITMENT_STATES), FIGURE_CAP),
        "owned": Counted(owned, FIGURE_CAP),
        "dropped": Counted(
            owned.filter(_held("state__owner", viewer, whose), state__health_change__lte=-LEAST_DROP),
            FIGURE_CAP,
        ),
    }


def _totals(viewer: User, whose: str, found: Mapping[str, Any], problems: int) -> Totals:
    shown = [row for row in found["due"] if whose == "team" or row["assignee_id"] == viewer.pk]
    follow_ups, overdue, of_team = (
        min(sum(row[name] for row in rows), FIGURE_CAP + 1)
        for name, rows in (("due", shown), ("overdue", shown), ("due", found["due"]))
    )
    return Totals(
        follow_ups=follow_ups,
        follow_ups_overdue=overdue,
        commitments_at_risk=found["at_risk"],
        commitments_open=found["open"],
        problems=min(problems, FIGURE_CAP + 1),
        owned=found["owned"],
        team_follow_ups=of_team,
        dropped=found["dropped"],
    )


def _team(viewer: User, due: Sequence[Mapping[str, Any]]) -> list[TeamMate]:
    """The viewer's team mates, those with most overdue first; counts only what the viewer may know of."""
    if not viewer.current_team_ids():
        return []
    numbers = {row["assignee_id"]: (row["due"], row["overdue"]) for row in due}
    mates = _users(viewer, "team").filter(is_active=True)
    team = [TeamMate(mate, *numbers.get(mate.pk, (0, 0))) for mate in mates]
    return sorted(team, key=lambda mate: (-mate.overdue, -mate.due, mate.user.name, mate.user.pk))[:SHOWN]


def most_urgent(
    follow_ups: Sequence[FollowUp],
    promises: Sequence[Commitment],
    problems: Sequence[Interaction],
    *,
    zone: tzinfo,
    now: datetime,
) -> Urgent | None:
    """What to do first: a critical problem, our broken word, an appointment within two hours, a word due today,
    another serious problem, an overdue follow-up, their broken word, then whatever is next. None for nothing.
    """
    ranked = [
        *(_rank_problem(problem, zone, now) for problem in problems),
        *(_rank_promise(promise, now.astimezone(zone).date()) for promise in promises),
        *(_rank_follow_up(follow_up, zone, now) for follow_up in follow_ups),
    ]
    return min(ranked, key=lambda entry: (entry[0], entry[1], entry[2].thing.pk))[2] if ranked else None


Ranked = tuple[int, float, Urgent]  # lower comes first: the class, then within it


def _rank_problem(problem: Interaction, zone: tzinfo, now: datetime) -> Ranked:
    rank = {Severity.CRITICAL.value: 0, Severity.HIGH.value: 4}.get(problem.problem_severity or 0, 8)
    days = (now.astimezone(zone).date() - problem.happened_at.astimezone(zone).date()).days
    return rank, problem.happened_at.timestamp(), Urgent("problem", problem, days, None)


def _rank_promise(promise: Commitment, today: date) -> Ranked:
    days = (today - promise.current_due_date).days
    rank = 6 if promise.direction == CommitmentDirection.THEIRS else 1 if days > 0 else 3 if days == 0 else 7
    return rank, -days, Urgent("commitment", promise, days, None)


def _rank_follow_up(follow_up: FollowUp, zone: tzinfo, now: datetime) -> Ranked:
    days = (now.astimezone(zone).date() - follow_up.due_date).days
    if follow_up.due_time is None or days != 0:
        return 5 if days > 0 else 7, -days, Urgent("follow_up", follow_up, days, None)
    due_at = datetime.combine(follow_up.due_date, follow_up.due_time, zone)
    rank = 2 if due_at <= now + SOON else 7
    return rank, due_at.timestamp(), Urgent("follow_up", follow_up, days, due_at)
