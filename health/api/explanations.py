"""Why the health of a relationship is what it is."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, one, reads
from accounts.enums import Area
from core.rest import fields
from health.queries.explanation import Explanation, explain
from relationships.enums import HealthStatus
from relationships.models import Relationship


def seen_relationship(call: Call, relationship_id: int) -> Relationship:
    """The relationship of the address, with what its health is told by; raises Missing."""
    rows = Relationship.objects.visible_to(call.viewer).select_related("state", "party", "business_unit")
    found: Relationship = one(rows, relationship_id)
    return found


class GroupOut(serializers.Serializer[Any]):
    """One part of the score: points of so many."""

    key = serializers.CharField()
    label = serializers.CharField()
    points = serializers.FloatField()
    weight = serializers.FloatField()
    reason = serializers.CharField()


class ComponentOut(serializers.Serializer[Any]):
    """One component: what was found, and what it adds or takes against the usual."""

    key = serializers.CharField()
    label = serializers.CharField()
    words = serializers.CharField()
    evidence_count = serializers.IntegerField(source="n")
    share = serializers.FloatField()
    points = serializers.FloatField(allow_null=True)
    reference = serializers.FloatField()
    contribution = serializers.FloatField(allow_null=True)


class ExplanationOut(serializers.Serializer[Any]):
    """The groups add up to the score; the reference and all contributions too."""

    score = serializers.FloatField(allow_null=True)
    status = serializers.ChoiceField(choices=HealthStatus.values)
    coverage_percent = serializers.IntegerField(source="coverage")
    change_30_days = serializers.FloatField(source="change", allow_null=True)
    sentence = serializers.CharField()
    groups = GroupOut(many=True)
    reference = serializers.FloatField(allow_null=True)
    components = ComponentOut(source="lines", many=True)
    needs = serializers.ListField(child=serializers.CharField())
    weeks = serializers.ListField(child=serializers.FloatField(allow_null=True))
    scored_at = fields.Moment(allow_null=True)


class Health(Endpoint):
    """`/relationships/{relationship_id}/health/`"""

    area, tag = Area.HEALTH, "Health"

    @reads(ExplanationOut)
    def get(self, call: Call, relationship_id: int) -> Explanation:
        """Why the health of a relationship is what it is."""
        relationship = seen_relationship(call, relationship_id)
        return explain(viewer=call.viewer, relationship=relationship, now=call.now)
