"""Outside issues: what happens around us and may touch relationships."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, one, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from dashboards.enums import Impact, OutsideCategory, OutsideState
from dashboards.models import OutsideIssue
from relationships.queries.reach import kinds_reached

NEWEST = keyset.Order(keyset.SortKey("pk", int), descending=True)


class OutsideIssueOut(serializers.ModelSerializer[OutsideIssue]):
    """Something outside that may touch relationships."""

    category = serializers.ChoiceField(choices=OutsideCategory.choices)
    impact = serializers.ChoiceField(choices=Impact.choices)
    state = serializers.ChoiceField(choices=OutsideState.choices)
    owner = fields.Ref()
    kinds = serializers.ListField(child=serializers.CharField())
    created_at = fields.Moment()
    closed_at = fields.Moment(allow_null=True)

    class Meta:
        model = OutsideIssue
        fields = [
            "id", "title", "what", "source", "category", "impact", "workaround", "kinds", "owner", "since_date",
            "next_look_date", "state", "version", "created_at", "closed_at",
        ]  # fmt: skip


class OutsideIssueQuestion(fields.Paged):
    """Which issues."""

    closed = serializers.ChoiceField(choices=["0", "1"], default="0")


def told(viewer: Any) -> Any:
    """Issues in the viewer's sight."""
    reached = [kind.slug for kind in kinds_reached(viewer)]
    return OutsideIssue.objects.visible_to(viewer, reached).select_related("owner")


class OutsideIssues(Endpoint):
    """`/outside-issues/`"""

    area, tag = Area.WORKSPACE, "Outside issues"

    @reads(OutsideIssueOut, asks=OutsideIssueQuestion)
    def get(self, call: Call) -> Rows:
        """Outside issues, newest first; those that are open unless closed ones are asked for."""
        return Rows(told(call.viewer).filter(closed_at__isnull=call.asked["closed"] == "0"), NEWEST)


class OneOutsideIssue(Endpoint):
    """`/outside-issues/{issue_id}/`"""

    area, tag = Area.WORKSPACE, "Outside issues"

    @reads(OutsideIssueOut)
    def get(self, call: Call, issue_id: int) -> OutsideIssue:
        """One outside issue."""
        return one(told(call.viewer), issue_id)
