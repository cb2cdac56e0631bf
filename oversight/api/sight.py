"""What a colleague may do, and whether they see a record."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, one, reads
from accounts.api.people import people
from accounts.enums import Area, Permission
from accounts.permissions import require
from oversight.queries.matrix import PersonRow, person_rows
from oversight.queries.sight import Verdict, judge
from relationships import kinds
from relationships.enums import Sees
from relationships.models import Relationship
from relationships.permissions import Way


class GrantOut(serializers.Serializer[Any]):
    """A role that somebody holds, and where; `null` and "" stand for everywhere."""

    role = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    team_id = serializers.IntegerField(allow_null=True)
    business_unit_id = serializers.IntegerField(allow_null=True)


class WayOut(serializers.Serializer[Way]):
    """A reason, and the role that it rests on."""

    code = serializers.ChoiceField(choices=Sees.values)
    grant = GrantOut(allow_null=True)


class VerdictOut(serializers.Serializer[Verdict]):
    """Whether somebody sees a record: `reach` and `opened` must both have a reason."""

    sees = serializers.BooleanField()
    reach = WayOut(many=True)
    opened = WayOut(many=True)


class RightOut(serializers.Serializer[Any]):
    """A right: by kind the roles that give it, or for the whole workspace `everywhere`."""

    permission = serializers.CharField()
    everywhere = serializers.BooleanField(allow_null=True)
    kinds = serializers.DictField(child=GrantOut(many=True))


class RightsOut(serializers.Serializer[Any]):
    """Everything that somebody may do now."""

    rights = RightOut(many=True)


class Sight(Endpoint):
    """`/users/{user_id}/sight/{relationship_id}/`"""

    area, tag = Area.WORKSPACE, "Audit"

    @reads(VerdictOut)
    def get(self, call: Call, user_id: int, relationship_id: int) -> Verdict:
        """Whether a colleague sees a record, and why; for administrators and auditors."""
        relationship = one(Relationship.objects.visible_to(call.viewer), relationship_id)
        require(call.viewer, Permission.VIEW_AUDIT)
        [verdict] = judge(one(people(), user_id), [relationship])
        return verdict


class Rights(Endpoint):
    """`/users/{user_id}/rights/`"""

    area, tag = Area.WORKSPACE, "Audit"

    @reads(RightsOut)
    def get(self, call: Call, user_id: int) -> dict[str, Any]:
        """What a colleague may do now, in which kind by which role; for administrators and auditors."""
        require(call.viewer, Permission.VIEW_AUDIT)
        return {"rights": [_told(row) for row in person_rows(one(people(), user_id))]}


def _told(row: PersonRow) -> dict[str, Any]:
    by_kind = {} if row.everywhere is not None else dict(zip(kinds.registry.slugs, row.cells, strict=True))
    return {
        "permission": str(row.permission),
        "everywhere": row.everywhere,
        "kinds": {slug: list(cell.grants) for slug, cell in by_kind.items()},
    }
