"""Teams: whoever names them, who is in them, and the changes that their administrators make."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, reads
from accounts.api.people import people
from accounts.enums import Area, Permission
from accounts.models import BusinessUnit, RoleGrant, Team, TeamMembership
from accounts.operations import teams as operations
from accounts.operations.identity import NAME_LIMIT
from accounts.permissions import require
from accounts.queries.open_items import InHand, in_hand
from accounts.queries.workspace import members_of, membership_of, roles_within, team_of
from core import keyset
from core.rest import fields

BY_NAME = keyset.Order(keyset.SortKey("name"))
BY_MEMBER = keyset.Order(keyset.SortKey("user__name"))


class TeamOut(serializers.ModelSerializer[Team]):
    """People who look after relationships together."""

    business_unit = fields.Ref()
    lead = fields.Ref(allow_null=True)
    closed_at = fields.Moment(allow_null=True)

    class Meta:
        model = Team
        fields = ["id", "name", "business_unit", "lead", "closed_at"]


class MembershipOut(serializers.ModelSerializer[TeamMembership]):
    """Somebody who is in a team, or was until `ended_at`."""

    user = fields.Ref()
    team = fields.Ref()
    started_at = fields.Moment()
    ended_at = fields.Moment(allow_null=True)

    class Meta:
        model = TeamMembership
        fields = ["id", "user", "team", "started_at", "ended_at"]


class LimitedRoleOut(serializers.ModelSerializer[RoleGrant]):
    """Somebody's role that is for one team alone."""

    user = fields.Ref()

    class Meta:
        model = RoleGrant
        fields = ["id", "user", "role"]


class InHandOut(serializers.Serializer[InHand]):
    """One sort of open work, and how much of it."""

    count = serializers.IntegerField()
    words = serializers.CharField()


class TeamHoldingsOut(serializers.Serializer[Any]):
    """What hangs on a team: it is closed only once there is nothing."""

    roles = LimitedRoleOut(many=True)
    in_hand = InHandOut(many=True)


class TeamIn(fields.Body):
    """A new team; its members are added afterwards."""

    name = fields.Text(most=NAME_LIMIT, words=True)
    business_unit = fields.Known(lambda _viewer: BusinessUnit.objects.all())
    lead = fields.Known(lambda _viewer: people(), required=False, allow_null=True)


class TeamChange(fields.Body):
    """What a team is called, and who leads it."""

    name = fields.Text(most=NAME_LIMIT, words=True)
    lead = fields.Known(lambda _viewer: people(), allow_null=True)


class MemberIn(fields.Body):
    """Who joins."""

    user = fields.Known(lambda _viewer: people())


def managed(call: Call, team_id: int) -> Team:
    """The team, for who manages people; raises NotAllowed and Missing."""
    require(call.viewer, Permission.MANAGE_PEOPLE)
    return team_of(team_id)


class Teams(Endpoint):
    """`/teams/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(TeamOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Teams, by name."""
        return Rows(Team.objects.select_related("business_unit", "lead"), BY_NAME)

    @creates(TeamOut, says=TeamIn)
    def post(self, call: Call) -> Team:
        """Make a team of a business unit."""
        return operations.create_team(actor=call.viewer, now=call.now, **call.said)


class OneTeam(Endpoint):
    """`/teams/{team_id}/`"""

    area, tag = Area.WORKSPACE, "People"

    def find(self, call: Call, team_id: int) -> Team:
        """The team, for who manages people."""
        return managed(call, team_id)

    @reads(TeamOut)
    def get(self, call: Call, team_id: int) -> Team:
        """One team."""
        return team_of(team_id)

    @changes(TeamOut, says=TeamChange)
    def patch(self, call: Call, team: Team) -> Team:
        """Rename a team, or give it another lead."""
        told = {name: call.said.get(name, getattr(team, name)) for name in ("name", "lead")}
        return operations.edit_team(actor=call.viewer, team=team, now=call.now, **told)


class TeamHoldings(Endpoint):
    """`/teams/{team_id}/holdings/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(TeamHoldingsOut)
    def get(self, call: Call, team_id: int) -> dict[str, Any]:
        """The roles that are limited to a team, and what it has in hand."""
        team = managed(call, team_id)
        held = in_hand(of="team", owner_id=team.pk, viewer=call.viewer)
        return {"roles": roles_within(team.pk), "in_hand": held}


class TeamMembers(Endpoint):
    """`/teams/{team_id}/members/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(MembershipOut, asks=fields.Paged)
    def get(self, call: Call, team_id: int) -> Rows:
        """Who is in a team now, by name."""
        rows = members_of(managed(call, team_id).pk).select_related("team", "user")
        return Rows(rows, BY_MEMBER)

    @creates(MembershipOut, says=MemberIn)
    def post(self, call: Call, team_id: int) -> TeamMembership:
        """Put somebody in a team; one who is in it already stays so."""
        team = managed(call, team_id)
        return operations.add_member(actor=call.viewer, team=team, user=call.said["user"], now=call.now)


class MembershipEnding(Endpoint):
    """`/memberships/{membership_id}/ending/`"""

    area, tag = Area.WORKSPACE, "People"

    @acts(MembershipOut, says=fields.Body)
    def post(self, call: Call, membership_id: int) -> TeamMembership:
        """Take somebody out of their team."""
        require(call.viewer, Permission.MANAGE_PEOPLE)
        found = membership_of(membership_id)
        operations.end_membership(actor=call.viewer, membership=found, now=call.now)
        return membership_of(membership_id)


class TeamClosure(Endpoint):
    """`/teams/{team_id}/closure/`"""

    area, tag = Area.WORKSPACE, "People"

    @acts(TeamOut, says=fields.Body)
    def post(self, call: Call, team_id: int) -> Team:
        """Close a team, and end its memberships."""
        operations.close_team(actor=call.viewer, team=managed(call, team_id), now=call.now)
        return team_of(team_id)
