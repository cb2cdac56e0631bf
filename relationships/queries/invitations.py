"""The invitation to a planned meeting, as far as somebody may know who is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from relationships.models import FollowUp, MeetingGuest, MeetingInvitation, Party, Relationship
from relationships.models.meeting import MEETING_CHANNELS
from relationships.queries.meetings import possible_guests


@dataclass(frozen=True)
class Guests:
    """Who is asked: those whom a viewer may know of, and the others, whom they neither see nor change."""

    seen: Sequence[MeetingGuest] = ()
    hidden: Sequence[MeetingGuest] = ()

    @property
    def all(self) -> list[MeetingGuest]:
        """Both."""
        return [*self.seen, *self.hidden]

    @property
    def people(self) -> list[Party]:
        """Those from outside whom the viewer may know of."""
        return [guest.party for guest in self.seen if guest.party is not None]

    @property
    def colleagues(self) -> list[User]:
        """Our own."""
        return [guest.colleague for guest in self.seen if guest.colleague is not None]


def invitation_to(follow_up: FollowUp) -> MeetingInvitation:
    """The invitation to a follow-up; where nobody was asked yet, one that is not written and has no guests."""
    rows = MeetingInvitation.objects.select_related("organiser", "assignee").filter(follow_up=follow_up)
    found = rows.first() or MeetingInvitation(
        title=follow_up.what, minutes=60, organiser=follow_up.assignee,
        due_date=follow_up.due_date, due_time=follow_up.due_time, assignee=follow_up.assignee,
    )  # fmt: skip
    found.follow_up = follow_up
    return found


def has_guests(follow_up: FollowUp) -> bool:
    """Whether it is a meeting that somebody is asked to, or could be."""
    is_meeting = follow_up.channel in MEETING_CHANNELS and follow_up.due_time is not None
    return is_meeting or MeetingInvitation.objects.filter(follow_up=follow_up).exists()


def guests_of(*, viewer: User, invitation: MeetingInvitation) -> Guests:
    """Its guests in the order in which they were asked. Two queries; none for one that is not written."""
    if invitation.pk is None:
        return Guests()
    rows = list(invitation.guests.select_related("party", "colleague").order_by("pk"))
    asked = [guest.party_id for guest in rows if guest.party_id is not None]
    known = {None, *Party.objects.visible_to(viewer).filter(pk__in=asked).values_list("pk", flat=True)}
    return Guests(
        seen=[guest for guest in rows if guest.party_id in known],
        hidden=[guest for guest in rows if guest.party_id not in known],
    )


def choosable(*, relationship: Relationship, guests: Guests, as_of: date) -> list[Party]:
    """Who from outside can be asked, and those who are, by name. One query."""
    found = {person.pk: person for person in possible_guests(relationship=relationship, as_of=as_of)}
    found |= {person.pk: person for person in guests.people}
    return sorted(found.values(), key=lambda person: (person.name, person.pk))
