"""Who is asked to a planned meeting."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, changes, one, reads
from accounts.enums import Area
from core.rest import fields
from relationships.api.follow_ups import told
from relationships.api.parties import seen_parties
from relationships.api.relationships import colleagues
from relationships.models import MeetingGuest, MeetingInvitation
from relationships.operations.invitations import change_invitation
from relationships.operations.meetings import LONGEST, MOST_GUESTS, InvitationDraft
from relationships.queries.invitations import guests_of, invitation_to


class GuestOut(serializers.ModelSerializer[MeetingGuest]):
    """Somebody who is asked: a person from outside, or a colleague."""

    person = fields.Ref(source="party", allow_null=True)
    colleague = fields.Ref(allow_null=True)

    class Meta:
        model = MeetingGuest
        fields = ["person", "colleague", "name", "address"]


class SeenGuests(fields.Many):
    """The guests whom the viewer may know of."""

    def __init__(self) -> None:
        super().__init__(GuestOut, list)

    def to_representation(self, instance: MeetingInvitation) -> Any:
        """In the order in which they were asked."""
        seen = guests_of(viewer=self.context["viewer"], invitation=instance).seen
        return self.out(seen, many=True, context=self.context).data


class InvitationOut(serializers.ModelSerializer[MeetingInvitation]):
    """An invitation; `sequence` is how often its guests were told since, as in the calendar entry."""

    follow_up = fields.Ref()
    organiser = fields.Ref()
    guests = SeenGuests()

    class Meta:
        model = MeetingInvitation
        fields = ["follow_up", "organiser", "title", "place", "minutes", "sequence", "guests"]


class InvitationChange(fields.Body):
    """What is to be different: the whole of who comes, from outside and of ours, and what they read."""

    people = serializers.ListField(child=fields.Known(seen_parties), max_length=MOST_GUESTS)
    colleagues = serializers.ListField(child=fields.Known(colleagues), max_length=MOST_GUESTS)
    title = fields.Text(most=300)
    place = fields.Text(most=300)
    minutes = fields.Whole(min_value=1, max_value=LONGEST)
    reason = fields.Text(most=400, required=False, help_text="Stays in the timeline; guests do not read it.")


class OneInvitation(Endpoint):
    """`/follow-ups/{follow_up_id}/invitation/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Follow-ups", "relationship"

    def find(self, call: Call, **parts: Any) -> MeetingInvitation:
        """The invitation to the follow-up; one without guests where nobody was asked."""
        return invitation_to(one(told(call.viewer), parts["follow_up_id"]))

    @reads(InvitationOut)
    def get(self, call: Call, follow_up_id: int) -> MeetingInvitation:
        """Who is asked to a meeting; nobody, where none were."""
        return self.find(call, follow_up_id=follow_up_id)

    @changes(InvitationOut, says=InvitationChange)
    def patch(self, call: Call, invitation: MeetingInvitation) -> MeetingInvitation:
        """Ask others to an open meeting, or some no longer: each is told once."""
        said, guests = dict(call.said), guests_of(viewer=call.viewer, invitation=invitation)
        reason = said.pop("reason", "")
        now_so = {name: getattr(invitation, name) for name in ("title", "place", "minutes")}
        now_so |= {"people": guests.people, "colleagues": guests.colleagues}
        draft = InvitationDraft(**(now_so | said))
        plan = invitation.follow_up
        change_invitation(actor=call.viewer, follow_up=plan, draft=draft, now=call.now, reason=reason)
        return self.find(call, follow_up_id=plan.pk)
