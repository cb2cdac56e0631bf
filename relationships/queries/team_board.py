"""Who has how much to do in a team, and the nearest of it, so that it can be moved to whoever has room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.enums import Permission, Reach
from accounts.models import Team, User
from relationships.models import Commitment, FollowUp, Interaction, Relationship
from relationships.queries.commitment_ledger import at_risk
from relationships.queries.relationship_list import today_of

AHEAD_DAYS, TALK_DAYS = 14, 28
CARDS, MOST = 12, 400


@dataclass(frozen=True)
class Card:
    """Something to do that can be moved: a follow-up or a promise."""

    what: str
    id: int
    words: str
    relationship: Relationship
    due_date: date
    is_overdue: bool

    @property
    def move_url(self) -> str:
        """Where it is given to somebody else."""
        noun = "new-assignee" if self.what == "follow_up" else "new-owner"
        return f"/{'follow-ups' if self.what == 'follow_up' else 'commitments'}/{self.id}/{noun}/"


@dataclass(frozen=True)
class Column:
    """A colleague with their workload; `minutes` is the talk they logged in four weeks, None where none is timed."""

    user: User
    relationships: int
    due: int
    overdue: int
    at_risk: int
    minutes: int | None
    cards: list[Card]
    more: int

    @property
    def hours(self) -> float | None:
        """The talk in hours."""
        return None if self.minutes is None else round(self.minutes / 60, 1)


@dataclass(frozen=True)
class Board:
    """A team's columns, and the teams that the viewer can look at."""

    teams: list[Team]
    team: Team | None
    columns: list[Column]


def team_board(*, viewer: User, team_id: int | None, now: datetime) -> Board:
    """The board of a team, without one asked for the viewer's own, in four queries."""
    teams = list(_teams(viewer))
    wanted = [team_id, *viewer.current_team_ids(), *(entry.pk for entry in teams)]
    known = {entry.pk: entry for entry in teams}
    team = next((known[pk] for pk in wanted if pk in known), None)
    if team is None:
        return Board(teams, None, [])
    today = today_of(viewer, now)
    members = list(_members(viewer, team, today, now))
    ids = [member.pk for member in members]
    cards = _cards(viewer, ids, today)
    return Board(teams, team, [_column(member, cards.get(member.pk, [])) for member in members])


def _teams(viewer: User) -> "QuerySet[Team]":
    """The teams that the viewer is in or leads; every team for those whose view is not limited to teams."""
    rows = Team.objects.filter(closed_at=None).order_by("name", "pk")
    wide = any(
        Permission.ASSIGN in grant.role_definition.permissions
        and grant.role_definition.reach is Reach.ALL
        and grant.team_id is None
        for grant in viewer.current_grants()
    )
    return rows if wide else rows.filter(pk__in=viewer.current_team_ids())


def _members(viewer: User, team: Team, today: date, now: datetime) -> "QuerySet[Any]":
    """The members with what is on their hands, those with most overdue first; counts only what the viewer may know."""
    plans = FollowUp.objects.due_by(today).visible_to(viewer).filter(assignee=OuterRef("pk"))
    talk = Interaction.objects.visible_to(viewer).current().filter(
        actor=OuterRef("pk"), happened_at__gte=now - timedelta(days=TALK_DAYS)
    )  # fmt: skip
    minutes = talk.order_by().values(one=Value(1)).annotate(total=Sum("duration_minutes")).values("total")
    return (
        User.objects.filter(is_active=True, memberships__team=team, memberships__ended_at=None)
        .annotate(
            owned=_number(Relationship.objects.visible_to(viewer).open().filter(owner=OuterRef("pk"))),
            due=_number(plans),
            overdue=_number(plans.filter(due_date__lt=today)),
            risky=_number(Commitment.objects.visible_to(viewer).filter(at_risk(today), owner=OuterRef("pk"))),
            minutes=Subquery(minutes, output_field=IntegerField()),
        )
        .order_by("-overdue", "-due", "name", "pk")
    )


def _number(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _cards(viewer: User, ids: Sequence[int], today: date) -> dict[int, list[Card]]:
    """What is due in a fortnight, by whose it is, the nearest first."""
    until = today + timedelta(days=AHEAD_DAYS)
    plans = FollowUp.objects.due_by(until).visible_to(viewer).filter(assignee_id__in=ids)
    promises = Commitment.objects.due_by(until).visible_to(viewer).filter(owner_id__in=ids)
    found: dict[int, list[Card]] = {}
    for plan in plans.select_related("relationship").order_by("due_date", "pk")[:MOST]:
        card = Card("follow_up", plan.pk, plan.what, plan.relationship, plan.due_date, plan.due_date < today)
        found.setdefault(plan.assignee_id, []).append(card)
    for promise in promises.select_related("relationship").order_by("current_due_date", "pk")[:MOST]:
        day = promise.current_due_date
        card = Card("commitment", promise.pk, promise.what, promise.relationship, day, day < today)
        found.setdefault(promise.owner_id, []).append(card)
    for cards in found.values():
        cards.sort(key=lambda card: (card.due_date, card.what, card.id))
    return found


def _column(member: Any, cards: list[Card]) -> Column:
    return Column(
        user=member,
        relationships=member.owned,
        due=member.due,
        overdue=member.overdue,
        at_risk=member.risky,
        minutes=member.minutes,
        cards=cards[:CARDS],
        more=max(0, len(cards) - CARDS),
    )
