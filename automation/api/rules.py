"""Rules, and what became of them: to read."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, one, reads
from accounts.enums import Area
from automation.enums import RunState, Trigger
from automation.models import AutomationRule, RuleRun
from automation.queries import rules as queries
from core import keyset
from core.rest import fields

BY_NAME = keyset.Order(keyset.SortKey("name"))


class RuleOut(serializers.ModelSerializer[AutomationRule]):
    """When something happens, and if conditions hold, do something."""

    author = fields.Ref()
    trigger = serializers.ChoiceField(choices=Trigger.choices)
    created_at = fields.Moment()
    on_since = fields.Moment(allow_null=True)
    next_due_at = fields.Moment(allow_null=True)

    class Meta:
        model = AutomationRule
        fields = [
            "id",
            "name",
            "kind",
            "author",
            "trigger",
            "version",
            "created_at",
            "on_since",
            "next_due_at",
        ]


class WholeRuleOut(RuleOut):
    """The same with what the version in force says."""

    says = serializers.SerializerMethodField()

    class Meta(RuleOut.Meta):
        fields = [*RuleOut.Meta.fields, "says"]

    def get_says(self, rule: AutomationRule) -> dict[str, Any]:
        """As it is kept."""
        kept: dict[str, Any] = queries.version_in_force(rule).says
        return kept


class RuleRunOut(serializers.ModelSerializer[RuleRun]):
    """What became of a rule for one event, or for one relationship at its hour."""

    version = serializers.IntegerField(source="version.number")
    relationship = serializers.IntegerField(source="relationship_id")
    event = serializers.IntegerField(source="event_id", allow_null=True)
    state = serializers.ChoiceField(choices=RunState.choices)
    told = serializers.ListField(child=serializers.CharField())
    occasion_at = fields.Moment()
    finished_at = fields.Moment(allow_null=True)

    class Meta:
        model = RuleRun
        fields = ["id", "version", "relationship", "event", "state", "told", "occasion_at", "finished_at"]


class Rules(Endpoint):
    """`/automation-rules/`"""

    area, tag = Area.AUTOMATION, "Rules"

    @reads(RuleOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Rules, by name."""
        return Rows(queries.rules_of(call.viewer).order_by(), BY_NAME)


class OneRule(Endpoint):
    """`/automation-rules/{rule_id}/`"""

    area, tag = Area.AUTOMATION, "Rules"

    @reads(WholeRuleOut)
    def get(self, call: Call, rule_id: int) -> AutomationRule:
        """One rule with what it says."""
        return one(queries.rules_of(call.viewer), rule_id)


class Runs(Endpoint):
    """`/automation-rules/{rule_id}/runs/`"""

    area, tag = Area.AUTOMATION, "Rules"

    @reads(RuleRunOut, asks=fields.Paged)
    def get(self, call: Call, rule_id: int) -> Rows:
        """What became of a rule, newest first."""
        rule = queries.rule_of(call.viewer, rule_id)
        return Rows(queries.runs_of(call.viewer, rule), queries.NEWEST)
