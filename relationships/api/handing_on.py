"""Changing directions: a colleague's workload, and one thing or a whole relationship that goes to somebody else."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, acts, one, reads
from accounts.enums import Area
from core.refusals import Missing
from core.rest import fields
from relationships.api import commitments, follow_ups
from relationships.api.interactions import seen_relationships
from relationships.api.relationships import colleagues
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations import replanning
from relationships.queries.team_board import Board, team_board


class CardOut(serializers.Serializer[Any]):
    """One of the nearest things to do: a follow-up or a promise."""

    what = serializers.ChoiceField(choices=["follow_up", "commitment"])
    id = serializers.IntegerField()
    words = serializers.CharField()
    relationship = fields.Ref()
    due_date = serializers.DateField()
    is_overdue = serializers.BooleanField()


class WorkloadOut(serializers.Serializer[Any]):
    """A colleague's workload; `minutes` is the talk that they logged in four weeks, null where none is timed."""

    user = fields.Ref()
    relationships = serializers.IntegerField()
    due = serializers.IntegerField()
    overdue = serializers.IntegerField()
    at_risk = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)
    cards = CardOut(many=True)
    more = serializers.IntegerField(help_text="Things to do beyond the cards.")


class TeamWorkloadOut(serializers.Serializer[Board]):
    """Everybody of a team with what they have in hand, as far as the viewer may know."""

    team = fields.Ref()
    members = WorkloadOut(many=True, source="columns")


class MoveIn(fields.Body):
    """To whom, and why."""

    to = fields.Known(colleagues)
    reason = fields.Text(most=400, words=True)


class TeamWorkload(Endpoint):
    """`/teams/{team_id}/workload/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @reads(TeamWorkloadOut)
    def get(self, call: Call, team_id: int) -> Board:
        """Who of a team has room: the workload of each, and the nearest of it."""
        found = team_board(viewer=call.viewer, team_id=team_id, now=call.now)
        if found.team is None or found.team.pk != team_id:
            raise Missing(_("There is nothing here, or nothing that is yours to see."))
        return found


class FollowUpAssignee(Endpoint):
    """`/follow-ups/{follow_up_id}/new-assignee/`"""

    area, tag = Area.RELATIONSHIPS, "Follow-ups"

    @acts(follow_ups.FollowUpOut, says=MoveIn)
    def post(self, call: Call, follow_up_id: int) -> FollowUp:
        """Give an open follow-up to a colleague."""
        found = one(follow_ups.told(call.viewer), follow_up_id)
        replanning.give_follow_up(actor=call.viewer, follow_up=found, now=call.now, **call.said)
        return one(follow_ups.told(call.viewer), follow_up_id)


class CommitmentOwner(Endpoint):
    """`/commitments/{commitment_id}/new-owner/`"""

    area, tag = Area.RELATIONSHIPS, "Commitments"

    @acts(commitments.CommitmentOut, says=MoveIn)
    def post(self, call: Call, commitment_id: int) -> Commitment:
        """Give an open promise to a colleague; the other side's date stays."""
        found = one(commitments.told(call.viewer), commitment_id)
        replanning.give_commitment(actor=call.viewer, commitment=found, now=call.now, **call.said)
        return one(commitments.told(call.viewer), commitment_id)


class RelationshipOwner(Endpoint):
    """`/relationships/{relationship_id}/new-owner/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @acts(fields.Ref, says=MoveIn)
    def post(self, call: Call, relationship_id: int) -> Relationship:
        """Give a relationship to a colleague, with the open work that its owner has in it."""
        found: Relationship = one(seen_relationships(call.viewer), relationship_id)
        return replanning.give_relationship(actor=call.viewer, relationship=found, now=call.now, **call.said)
