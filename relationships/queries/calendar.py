"""What somebody has to do on which day, as their own calendar shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from relationships.enums import CommitmentDirection
from relationships.models import Commitment, FollowUp

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
MOST = 1_000
"""Of follow-ups, and of promises: no calendar program takes in more at once."""
APPOINTMENT = timedelta(minutes=30)


@dataclass(frozen=True)
class Entry:
    """One thing to do. `uid` stays the same while it changes; without `starts_at` it is for the whole day."""

    uid: str
    what: str
    name: str
    place: str
    due_date: date
    starts_at: datetime | None
    is_promise: bool
    is_theirs: bool


def calendar_entries(*, viewer: User, today: date) -> Iterator[Entry]:
    """The viewer's open follow-ups, then their open promises, each by day; only what they may still know of."""
    span = (today - BACK, today + AHEAD)
    plans = FollowUp.objects.visible_to(viewer).filter(
        assignee=viewer, done_at=None, cancelled_at=None, due_date__range=span
    )
    for plan in plans.select_related("relationship").order_by("due_date", "due_time", "pk")[:MOST]:
        starts_at = None
        if plan.due_time is not None:
            starts_at = datetime.combine(plan.due_date, plan.due_time, ZoneInfo(viewer.time_zone))
        yield Entry(
            uid=f"follow-up-{plan.pk}", what=plan.what, name=plan.relationship.party_name,
            place=f"/follow-ups/{plan.pk}/", due_date=plan.due_date, starts_at=starts_at, is_promise=False,
            is_theirs=False,
        )  # fmt: skip
    promises = Commitment.objects.open().visible_to(viewer).filter(owner=viewer, current_due_date__range=span)
    for promise in promises.select_related("relationship").order_by("current_due_date", "pk")[:MOST]:
        yield Entry(
            uid=f"commitment-{promise.pk}", what=promise.what, name=promise.relationship.party_name,
            place=f"/commitments/{promise.pk}/", due_date=promise.current_due_date, starts_at=None,
            is_promise=True, is_theirs=promise.direction == CommitmentDirection.THEIRS,
        )  # fmt: skip
