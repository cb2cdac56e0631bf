"""What somebody has to do on which day, and whom they meet: as their calendar shows it, here and in other programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from relationships.enums import CommitmentDirection
from relationships.models import Commitment, FollowUp, Interaction, MeetingGuest, Relationship
from relationships.models.meeting import MEETING_CHANNELS

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
MOST = 1_000
"""Of follow-ups, of promises, and of meetings: no calendar program takes in more at once."""
Within: TypeAlias = "QuerySet[Relationship] | None"
APPOINTMENT = timedelta(minutes=30)


@dataclass(frozen=True)
class Entry:
    """One thing to do. `uid` stays the same while it changes; without `starts_at` it is for the whole day.

    `is_meeting` says that people meet; `is_held` that they have met already.
    """

    uid: str
    what: str
    name: str
    place: str
    due_date: date
    starts_at: datetime | None
    is_promise: bool = False
    is_theirs: bool = False
    is_meeting: bool = False
    is_held: bool = False
    lasts: timedelta = APPOINTMENT

    @property
    def sort(self) -> str:
        """What it is, in a word or two."""
        if self.is_meeting:
            return _("Met") if self.is_held else _("Meeting")
        if not self.is_promise:
            return _("Follow up")
        return _("They promised") if self.is_theirs else _("Promised")

    @property
    def icon(self) -> str:
        """The icon of its sort."""
        if self.is_meeting:
            return "users-round"
        return "handshake" if self.is_promise else "circle-check"


@dataclass(frozen=True)
class Day:
    """A day and what is on it, what is for the whole day first. `is_beside` says that it is of another month."""

    date: date
    entries: list[Entry]
    is_today: bool = False
    is_beside: bool = False


def calendar_entries(*, viewer: User, today: date) -> Iterator[Entry]:
    """The viewer's open follow-ups, their open promises, then the meetings they held, each by day.

    Follow-ups are also meetings of others that the viewer is asked to. Only what they may still know of.
    """
    span = (today - BACK, today + AHEAD)
    yield from _plans(viewer, span)
    yield from _promises(viewer, span)
    yield from _met(viewer, span)


def days_between(
    *,
    viewer: User,
    first: date,
    last: date,
    today: date,
    month: int | None = None,
    within: Within = None,
    most: int = MOST,
) -> list[Day]:
    """Every day of a span with what the viewer has to do, has promised and has met; three queries.

    With `within` what anybody has to do, has promised and has met in these relationships, as far as the viewer may
    know of it. Of follow-ups, of promises and of meetings the first `most`.
    """
    span = (first, last)
    entries = [
        *_plans(viewer, span, within, most),
        *_promises(viewer, span, within, most),
        *_met(viewer, span, within, most),
    ]
    by_day: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=_order):
        by_day.setdefault(entry.due_date, []).append(entry)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(day, by_day.get(day, []), day == today, month is not None and day.month != month) for day in days
    ]


def _order(entry: Entry) -> tuple[date, float, str]:
    """By day; of a day what has no hour first."""
    return entry.due_date, entry.starts_at.timestamp() if entry.starts_at else 0.0, entry.uid


def _whose(viewer: User, person: str, within: Within) -> dict[str, Any]:
    """The condition that something is the viewer's own, or of one of these relationships."""
    return {person: viewer} if within is None else {"relationship__in": within.values("pk")}


def _plans(viewer: User, span: tuple[date, date], within: Within = None, most: int = MOST) -> Iterator[Entry]:
    """Follow-ups of the viewer's, and meetings of colleagues to which they are asked; or those of relationships."""
    around = (span[0] - timedelta(days=1), span[1] + timedelta(days=1))  # elsewhere it may be another day
    if within is None:
        asked = MeetingGuest.objects.filter(colleague=viewer).values("invitation__follow_up")
        whose = Q(assignee=viewer, due_date__range=span) | Q(pk__in=asked, due_date__range=around)
    else:
        whose = Q(due_date__range=around, **_whose(viewer, "assignee", within))
    plans = FollowUp.objects.visible_to(viewer).open().filter(whose)
    whole = plans.select_related("relationship", "assignee", "invitation")
    for plan in whole.order_by("due_date", "due_time", "pk")[:most]:
        starts_at, day = None, plan.due_date
        if plan.due_time is not None:
            theirs = datetime.combine(plan.due_date, plan.due_time, ZoneInfo(plan.assignee.time_zone))
            starts_at = theirs.astimezone(ZoneInfo(viewer.time_zone))
            day = starts_at.date()
        if not span[0] <= day <= span[1]:
            continue
        invitation = getattr(plan, "invitation", None)
        yield Entry(
            uid=f"follow-up-{plan.pk}", what=plan.what, name=plan.relationship.party_name,
            place=f"/follow-ups/{plan.pk}/", due_date=day, starts_at=starts_at,
            is_meeting=plan.channel in MEETING_CHANNELS, lasts=_length(invitation.minutes if invitation else None),
        )  # fmt: skip


def _length(minutes: int | None) -> timedelta:
    return timedelta(minutes=minutes) if minutes else APPOINTMENT


def _promises(
    viewer: User, span: tuple[date, date], within: Within = None, most: int = MOST
) -> Iterator[Entry]:
    whose = _whose(viewer, "owner", within)
    promises = Commitment.objects.open().visible_to(viewer).filter(current_due_date__range=span, **whose)
    for promise in promises.select_related("relationship").order_by("current_due_date", "pk")[:most]:
        yield Entry(
            uid=f"commitment-{promise.pk}", what=promise.what, name=promise.relationship.party_name,
            place=f"/commitments/{promise.pk}/", due_date=promise.current_due_date, starts_at=None,
            is_promise=True, is_theirs=promise.direction == CommitmentDirection.THEIRS,
        )  # fmt: skip


def _met(viewer: User, span: tuple[date, date], within: Within = None, most: int = MOST) -> Iterator[Entry]:
    """The meetings that the viewer has held, on the days that these were where the viewer is."""
    zone = ZoneInfo(viewer.time_zone)
    begins, ends = (datetime.combine(day, time.min, zone) for day in (span[0], span[1] + timedelta(days=1)))
    held = (
        Interaction.objects.visible_to(viewer)
        .current()
        .filter(channel__in=MEETING_CHANNELS, happened_at__gte=begins, happened_at__lt=ends)
        .filter(**_whose(viewer, "actor", within))
    )
    for talk in held.select_related("relationship").order_by("happened_at", "pk")[:most]:
        starts_at = talk.happened_at.astimezone(zone)
        what = talk.subject or " ".join(talk.body.split())[:80] or talk.get_channel_display()
        yield Entry(
            uid=f"interaction-{talk.pk}", what=what,
            name=talk.relationship.party_name, place=f"/{talk.relationship.kind}/{talk.relationship_id}/",
            due_date=starts_at.date(), starts_at=starts_at, is_meeting=True, is_held=True,
            lasts=_length(talk.duration_minutes),
        )  # fmt: skip
