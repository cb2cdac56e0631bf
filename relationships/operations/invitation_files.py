"""An invitation as a calendar program reads it: iCalendar (RFC 5545) with the methods of iTIP (RFC 5546)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from relationships.models import MeetingGuest, MeetingInvitation
from relationships.models.meeting import Telling


@dataclass(frozen=True)
class Asked:
    """An invitation as it is told now: who else reads of it, and what they are told."""

    invitation: MeetingInvitation
    guests: Sequence[MeetingGuest]
    telling: Telling
    now: datetime

    @property
    def method(self) -> str:
        """What a calendar program is to do with it."""
        return "CANCEL" if self.telling in (Telling.CALLED_OFF, Telling.UNINVITED) else "REQUEST"

    @property
    def starts_at(self) -> datetime | None:
        """When it begins, where it is held; None when only the day is known."""
        return starts_at(self.invitation) if self.invitation.due_time is not None else None

    @property
    def zone(self) -> str:
        """The zone of that hour."""
        return self.invitation.assignee.time_zone


def starts_at(invitation: MeetingInvitation) -> datetime:
    """When a meeting begins; without an hour, the end of its day."""
    zone = ZoneInfo(invitation.assignee.time_zone)
    return datetime.combine(invitation.due_date, invitation.due_time or time.max, zone)


def calendar_file(asked: Asked) -> bytes:
    """The file that goes with the mail."""
    from icalendar import Calendar  # noqa: PLC0415  eight megabytes that only invitations need

    calendar = Calendar()
    calendar.add("prodid", "-//Relman//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", asked.method)
    calendar.add_component(_event(asked))
    return bytes(calendar.to_ical())


def _event(asked: Asked) -> Any:
    from icalendar import Event  # noqa: PLC0415  as above

    invitation, event = asked.invitation, Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", asked.now.astimezone(UTC))
    event.add("summary", invitation.title)
    if asked.telling != Telling.UNINVITED:  # for the others it takes place: RFC 5546, 3.2.5
        event.add("status", "CANCELLED" if asked.telling == Telling.CALLED_OFF else "CONFIRMED")
    if invitation.place:
        event.add("location", invitation.place)
    _add_times(event, asked.starts_at, invitation.due_date, invitation.minutes)
    event.add("organizer", _person(invitation.organiser.name, invitation.organiser.email))
    for guest in asked.guests:
        event.add("attendee", _attendee(guest))
    return event


def _add_times(event: Any, begins: datetime | None, day: date, minutes: int) -> None:
    if begins is None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        return
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", begins.astimezone(UTC) + timedelta(minutes=minutes))


def _attendee(guest: MeetingGuest) -> Any:
    person = _person(guest.name, guest.address)
    person.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    return person


def _person(name: str, address: str) -> Any:
    from icalendar import vCalAddress, vText  # noqa: PLC0415  as above

    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name)
    return person
