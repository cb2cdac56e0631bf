"""The sample workspace's overviews: figures added up, briefs of past weeks with decisions, things outside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.enums import Permission
from accounts.models import User
from dashboards.models import Brief, OutsideIssue
from dashboards.operations.briefs import decide, last_monday, make_brief
from dashboards.operations.cells import keep_sums
from dashboards.operations.outside_issues import move_issue, notice_issue
from relationships.models import Party, Relationship
from relationships.permissions import may_in

WEEKS = 14
BRIEFS = 4
DECISIONS = ("Visit them before the month ends", "Offer the smaller contract, or let it run out")


@dataclass(frozen=True)
class Told:
    """One thing outside, as somebody of the sample company would write it down."""

    title: str
    what: str
    source: str
    category: str
    impact: str
    kinds: tuple[str, ...]
    days_ago: int
    look_in_days: int
    moves: tuple[tuple[str, str], ...] = ()
    workaround: str = ""


OUTSIDE = (
    Told(
        "Port of Felixstowe: strike ballot closes on Friday",
        "Two thirds of what we ship to Scandinavia goes through Felixstowe. A strike would begin a fortnight later.",
        "Dockers' union, notice to members",
        "supplier",
        "high",
        ("customers", "suppliers"),
        9,
        3,
        (("act", "Space booked through Immingham for two weeks."),),
        "Orders for Norway and Sweden go out two days earlier.",
    ),
    Told(
        "New allergen labelling from 1 April",
        "Every product with more than one ingredient needs the full list on the outer case as well.",
        "Food Standards Agency, consultation reply",
        "regulation",
        "medium",
        ("suppliers",),
        34,
        20,
        (("watch", "Twelve of our suppliers have confirmed; the others are asked for a date."),),
    ),
    Told(
        "Supplier statements and our ledger differ by 41 lines",
        "The reconciliation of October found 41 invoices on their statements that we do not hold.",
        "Finance, reconciliation of October",
        "data",
        "medium",
        ("suppliers",),
        16,
        5,
        (("watch", "29 explained by credit notes."), ("act", "The last 12 asked for as copies.")),
        "Nothing is dunned on either side until it is settled.",
    ),
    Told(
        "A competitor offers free delivery from £50",
        "Advertised in the trade press since the summer; three customers have mentioned it.",
        "The Grocer, and calls logged",
        "market",
        "low",
        ("customers",),
        60,
        30,
        (("watch", "Asked in every review."), ("end", "The offer ended in October.")),
    ),
)


@transaction.atomic
def tell_sample(*, now: datetime) -> int:
    """Adds what the overviews show of the sample company; how many briefs. Does nothing the second time."""
    keep_sums(now=now, weeks=WEEKS)
    people = (
        User.objects.filter(is_active=True, is_system=False, grants__ended_at=None).order_by("pk").distinct()
    )
    boss = next((user for user in people if {g.role for g in user.current_grants()} & {"executive"}), None)
    if boss is None or Brief.objects.exists() or OutsideIssue.objects.exists():
        return 0
    owners = [user for user in people if {g.role for g in user.current_grants()} & {"relationship_manager"}]
    for number, told in enumerate(OUTSIDE):
        _notice(told, (owners or [boss])[number % max(len(owners), 1)], boss, now)
    return _briefs(boss, now)


def _notice(told: Told, owner: User, boss: User, now: datetime) -> None:
    at = now - timedelta(days=told.days_ago)
    look = timezone.localdate(now) + timedelta(days=told.look_in_days)
    supplier = Party.objects.filter(is_sample=True, relationships__kind__in=told.kinds).order_by("pk").first()
    issue = notice_issue(
        actor=boss,
        title=told.title,
        what=told.what,
        source=told.source,
        category=told.category,
        impact=told.impact,
        workaround=told.workaround,
        kinds=told.kinds,
        owner=owner,
        since_date=at.date(),
        next_look_date=look,
        now=at,
        parties=[supplier] if supplier else [],
    )
    OutsideIssue.objects.filter(pk=issue.pk).update(is_sample=True)
    for step, (name, note) in enumerate(told.moves, start=1):
        move_issue(actor=boss, issue=issue, transition=name, now=at + timedelta(days=2 * step), note=note)


def _briefs(boss: User, now: datetime) -> int:
    last = last_monday(now)
    for back in reversed(range(BRIEFS)):
        week = last - timedelta(weeks=back)
        made = make_brief(now=now, week=week)
        Brief.objects.filter(pk=made.pk).update(is_sample=True)
        about = _manageable(boss, made) if back in (1, 2) else None
        if about is not None:
            decide(
                actor=boss,
                brief=made,
                what=DECISIONS[back - 1],
                now=now - timedelta(days=1),
                relationship_id=about.pk,
                due_date=timezone.localdate(now) + timedelta(days=10),
            )
    return BRIEFS


def _manageable(boss: User, brief: Brief) -> Relationship | None:
    """The first relationship wanting a decision which is the boss's to decide: staff may stand before it."""
    rows = Relationship.objects.in_bulk([row["relationship"] for row in brief.facts["deciding"]])
    wanting = (rows[row["relationship"]] for row in brief.facts["deciding"])
    return next((row for row in wanting if may_in(boss, Permission.MANAGE_RELATIONSHIPS, row)), None)
