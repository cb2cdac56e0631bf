"""Reminders of promises: planned as rows for working mornings, told once, together where they fall together.

The owner is reminded three working days before the date, on it and on the working day after it; the lead of
their team three working days after it. What somebody may not see, what is over and what has got another
date lapses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string

from accounts.enums import Confidentiality
from accounts.models import BusinessUnit, Team, User
from accounts.queries.actors import system_actor
from accounts.queries.calendars import working_calendar
from accounts.queries.teams import teams_of
from analytics.business_time import BusinessCalendar, working_day
from core.languages import spoken_to
from messaging.enums import Channel
from messaging.operations.notifications import Telling, tell
from messaging.operations.outbox import enqueue_message
from messaging.queries.notification_choices import channel_of, choice_of, mail_due_at
from relationships.enums import ReminderStage, Tells
from relationships.models import Commitment, CommitmentReminder

MORNING = time(7)
"""When the day's reminders arrive, in the zone of whoever gets them."""
STEPS = {ReminderStage.AHEAD: -3, ReminderStage.DUE: 0, ReminderStage.LATE: 1, ReminderStage.MANAGER: 3}
"""Working days from the promise's date."""


@dataclass(frozen=True)
class Note:
    """One line of somebody's mail: the promise, where it stands, and whether its words may leave the house."""

    reminder: CommitmentReminder
    promise: Commitment

    @property
    def is_open_talk(self) -> bool:
        """Whether neither the relationship nor the talk it was made in is for few people only."""
        said_in = self.promise.made_in
        classes = [self.promise.relationship.confidentiality, said_in.confidentiality if said_in else 0]
        return max(classes) <= Confidentiality.INTERNAL


@transaction.atomic
def plan_reminders(*, now: datetime, after: int = 0, limit: int = 2000) -> int:
    """Plans reminders for open promises whose date has none yet; returns the id to go on `after`, 0 at the end.

    New promises, new dates and those that came by an import are found alike. What would have been told
    before `now` lapses at once: nobody is reminded in arrears of what is new.
    """
    planned = CommitmentReminder.objects.filter(
        commitment_id=OuterRef("pk"), due_date=OuterRef("current_due_date")
    )
    waiting = list(
        Commitment.objects.open()
        .filter(~Exists(planned), pk__gt=after)
        .select_related("owner", "relationship__business_unit", "relationship__team__lead")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("id")[:limit]
    )
    teams = teams_of({promise.owner_id for promise in waiting})
    calendars: dict[tuple[int, int], BusinessCalendar] = {}
    rows = []
    for promise in waiting:
        unit, year = _unit_of(promise, teams[promise.owner_id]), promise.current_due_date.year
        if (unit.pk, year) not in calendars:
            calendars[unit.pk, year] = working_calendar(unit, year - 1, year + 1)
        rows += _rows_of(promise, calendars[unit.pk, year], teams[promise.owner_id], now)
    CommitmentReminder.objects.bulk_create(rows, ignore_conflicts=True)
    return waiting[-1].pk if waiting else 0


def _unit_of(promise: Commitment, teams: Sequence[Team]) -> BusinessUnit:
    """The unit whose days the owner works: the relationship's when they are in none or in that one too."""
    units = [team.business_unit for team in teams]
    here = promise.relationship.business_unit
    return here if not units or here in units else units[0]


def _rows_of(
    promise: Commitment, calendar: BusinessCalendar, teams: Sequence[Team], now: datetime
) -> list[CommitmentReminder]:
    lead = _lead_of(promise, teams)
    rows = []
    for stage, steps in STEPS.items():
        reader = lead or promise.owner if stage == ReminderStage.MANAGER else promise.owner
        due_at = _morning(working_day(calendar, promise.current_due_date, steps), reader)
        rows.append(
            CommitmentReminder(
                commitment=promise,
                stage=stage,
                due_date=promise.current_due_date,
                due_at=due_at,
                lapsed_at=now if due_at <= now else None,
            )
        )
    return rows


def _morning(day: date, reader: User) -> datetime:
    return datetime.combine(day, MORNING, ZoneInfo(reader.time_zone))


def _lead_of(promise: Commitment, teams: Sequence[Team]) -> User | None:
    """Who leads the relationship's team, else a team of the owner's; never the owner."""
    own = promise.relationship.team
    leads = [team.lead for team in ([own] if own else []) + list(teams)]
    return next((lead for lead in leads if lead and lead.is_active and lead.pk != promise.owner_id), None)


@transaction.atomic
def remind_due(*, now: datetime) -> int:
    """Tells everybody what is due, one mail a person at most, and returns how many people were told.

    All that is due is claimed at once, so that nobody gets two mails where one is enough. Of several stages
    of a promise that have come due for the same person only the last is told.
    """
    waiting = CommitmentReminder.objects.filter(due_at__lte=now, told_at=None, lapsed_at=None)
    claimed = list(waiting.select_for_update(skip_locked=True).order_by("due_at", "id"))
    notes = _notes(claimed)
    told: list[CommitmentReminder] = []
    for reader, own in _by_reader(notes).items():
        seen = _visible(reader, own)
        for note in seen:
            note.reminder.told_at, note.reminder.told_to = now, reader
        if seen:
            _tell(reader, seen, now)
        told += [note.reminder for note in seen]
    for reminder in claimed:
        reminder.lapsed_at = now if reminder.told_at is None else None
    CommitmentReminder.objects.bulk_update(claimed, ["told_at", "told_to", "lapsed_at"], batch_size=500)
    return len({reminder.told_to_id for reminder in told})


def _notes(claimed: Iterable[CommitmentReminder]) -> list[Note]:
    """The last reminder of each promise that is still open on that date, the manager's beside the owner's."""
    last: dict[tuple[int, bool], CommitmentReminder] = {}
    for reminder in claimed:
        last[reminder.commitment_id, reminder.stage == ReminderStage.MANAGER] = reminder
    promises = (
        Commitment.objects.open()
        .filter(pk__in={reminder.commitment_id for reminder in last.values()})
        .select_related("owner", "person", "made_in", "relationship__team__lead")
        .in_bulk()
    )
    return [
        Note(reminder, promises[reminder.commitment_id])
        for reminder in last.values()
        if reminder.commitment_id in promises
        and promises[reminder.commitment_id].current_due_date == reminder.due_date
    ]


def _by_reader(notes: Sequence[Note]) -> dict[User, list[Note]]:
    """The notes by who is to read them; those that nobody at work is there to read are left out."""
    teams = teams_of({note.promise.owner_id for note in notes})
    found: dict[User, list[Note]] = {}
    for note in notes:
        reader: User | None = note.promise.owner
        if note.reminder.stage == ReminderStage.MANAGER:
            reader = _lead_of(note.promise, teams[note.promise.owner_id])
        if reader is not None and reader.is_active:
            found.setdefault(reader, []).append(note)
    return found


def _visible(reader: User, notes: Sequence[Note]) -> list[Note]:
    ids = [note.promise.pk for note in notes]
    seen = set(Commitment.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True))
    return [note for note in notes if note.promise.pk in seen]


def _tell(reader: User, notes: Sequence[Note], now: datetime) -> None:
    """As the reader chose to be told; what is to be mailed at once goes together, after the quiet hours."""
    told = [
        Telling(
            reader.pk,
            "commitment",
            note.promise.pk,
            facts={"stage": note.reminder.stage},
            key=f"reminder:{note.reminder.pk}",
        )
        for note in notes
    ]
    tell(topic=Tells.REMINDER, tellings=told, actor=None, now=now, is_mailed=True)
    choice = choice_of(reader)
    if channel_of(choice, Tells.REMINDER) == Channel.MAIL:
        _send(reader, notes, now, mail_due_at(choice, Channel.MAIL, reader.time_zone, now))


def _send(reader: User, notes: Sequence[Note], now: datetime, due_at: datetime | None) -> None:
    """One mail with everything, by stage; words of what is for few people only stay in the house."""
    with spoken_to(reader.language, reader.time_zone):
        subject, body = _letter(reader, notes)
    enqueue_message(
        message=EmailMessage(subject=subject, body=body, to=[reader.email]),
        actor=system_actor(),
        now=now,
        due_at=due_at,
        key=f"promise-reminders:{reader.pk}:{min(note.reminder.pk for note in notes)}",
        subject_ref=f"promises:{reader.pk}",
    )


def _letter(reader: User, notes: Sequence[Note]) -> tuple[str, str]:
    groups = [
        (stage.label, [note for note in notes if note.reminder.stage == stage])
        for stage in reversed(ReminderStage)
    ]
    context = {
        "reader": reader,
        "count": len(notes),
        "groups": [(label, within) for label, within in groups if within],
        "base_url": settings.BASE_URL,
    }
    whole = render_to_string("emails/promise_reminders.txt", context).strip()
    subject, _line, body = whole.partition("\n")
    return subject.strip(), body.strip() + "\n"
