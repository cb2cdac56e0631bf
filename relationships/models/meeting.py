"""Who is asked to a meeting that is planned, and what they were last told of it."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from relationships.enums import Channel
from relationships.models.commitment import FollowUp
from relationships.models.party import Party
from relationships.models.relationship import Relationship

MEETING_CHANNELS = (Channel.MEETING, Channel.VISIT, Channel.VIDEO)
"""Where people meet at an hour that was agreed."""


class Telling(StrEnum):
    """What a guest of a meeting is told: that they are asked, what holds now, or not to come after all."""

    INVITED, CHANGED = "invited", "changed"
    CALLED_OFF, UNINVITED = "called_off", "uninvited"


class MeetingInvitation(models.Model):
    """The invitation to a planned meeting, by mail and as a calendar entry.

    `due_date`, `due_time` and `assignee` are as the guests were last told: where they differ from those of the
    follow-up, the guests are to be told again. `uid` never changes; `sequence` rises with each telling.
    """

    follow_up = models.OneToOneField(FollowUp, on_delete=models.CASCADE, related_name="invitation")
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    place = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField()
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    due_time = models.TimeField(null=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_off_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="a_meeting_lasts_a_minute_at_least")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def relationship(self) -> Relationship:
        """What the meeting is about, and what is locked before anything of it changes."""
        return self.follow_up.relationship


class MeetingGuest(models.Model):
    """Somebody who is asked to a meeting: a person outside, or a colleague. The address is that of the first mail."""

    invitation = models.ForeignKey(MeetingInvitation, on_delete=models.CASCADE, related_name="guests")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(max_length=300)
    address = models.EmailField(max_length=320)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "address"], name="a_guest_is_asked_once"),
            models.UniqueConstraint(
                fields=["invitation", "party"],
                condition=Q(party__isnull=False),
                name="a_person_is_asked_to_a_meeting_once",
            ),
            models.CheckConstraint(
                condition=Q(party=None, colleague__isnull=False) | Q(party__isnull=False, colleague=None),
                name="a_guest_is_a_person_or_a_colleague",
            ),
        ]

    def __str__(self) -> str:
        return self.name
