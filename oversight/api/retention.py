"""Rules of retention: which hold, what each would take now, a new one, and one ended; for administrators."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from accounts.permissions import require
from core import keyset
from core.rest import fields
from oversight.enums import KeptData
from oversight.models import RetentionRule
from oversight.operations.retention import MOST_DAYS, end_rule, set_rule
from oversight.queries.retention import due_seen, rules_in_force
from oversight.ui import due_line
from relationships import kinds

BY_NUMBER = keyset.Order(keyset.SortKey("pk", int))


class RetentionRuleOut(serializers.ModelSerializer[RetentionRule]):
    """For how long something is kept; `kind` is empty where it holds for every kind."""

    data = serializers.ChoiceField(choices=KeptData.choices)
    set_at = fields.Moment()
    set_by = fields.Ref()
    due_at = fields.Moment(help_text="When it is carried out next.")
    last_done = serializers.IntegerField(allow_null=True, help_text="Rows that the last time took.")
    ended_at = fields.Moment(allow_null=True)

    class Meta:
        model = RetentionRule
        fields = ["id", "data", "kind", "days", "set_at", "set_by", "due_at", "last_done", "ended_at"]


class RetentionRuleIn(fields.Body):
    """What is to be kept for how long."""

    data = fields.Choice(choices=KeptData.values)
    kind = fields.Choice(choices=["", *kinds.registry.slugs], default="")
    days = fields.Whole(min_value=30, max_value=MOST_DAYS)


class DueOut(serializers.Serializer[Any]):
    """Something that the rule would take: what it is called, its page, and from when it is."""

    name = serializers.CharField()
    url = serializers.CharField()
    at = fields.Moment()


def known_rule(call: Call, rule_id: int) -> RetentionRule:
    """A rule, of whoever administers."""
    require(call.viewer, Permission.MANAGE_WORKSPACE)
    found: RetentionRule = one(RetentionRule.objects.select_related("set_by"), rule_id)
    return found


class RetentionRules(Endpoint):
    """`/retention-rules/`"""

    area, tag = Area.PRIVACY, "Retention"

    @reads(RetentionRuleOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """The rules in force, in order of their number."""
        require(call.viewer, Permission.MANAGE_WORKSPACE)
        return Rows(rules_in_force(), BY_NUMBER)

    @creates(RetentionRuleOut, says=RetentionRuleIn)
    def post(self, call: Call) -> RetentionRule:
        """Set for how long something is kept; the first time it is carried out is a day away."""
        return set_rule(actor=call.viewer, now=call.now, **call.said)


class OneRetentionRule(Endpoint):
    """`/retention-rules/{rule_id}/`"""

    area, tag = Area.PRIVACY, "Retention"

    @reads(RetentionRuleOut)
    def get(self, call: Call, rule_id: int) -> RetentionRule:
        """One rule, in force or ended."""
        return known_rule(call, rule_id)


class DueRows(Endpoint):
    """`/retention-rules/{rule_id}/due/`"""

    area, tag = Area.PRIVACY, "Retention"

    @reads(DueOut, asks=fields.Paged)
    def get(self, call: Call, rule_id: int) -> Rows:
        """What a rule would take if it were carried out now, as far as you may know of it."""
        rule = known_rule(call, rule_id)
        rows = due_seen(rule, call.viewer, call.now)
        return Rows(rows, BY_NUMBER, lambda found: [due_line(rule.data, row) for row in found])


class Ending(Endpoint):
    """`/retention-rules/{rule_id}/ending/`"""

    area, tag = Area.PRIVACY, "Retention"

    @acts(RetentionRuleOut, says=fields.Body)
    def post(self, call: Call, rule_id: int) -> RetentionRule:
        """End a rule: it is kept again."""
        end_rule(actor=call.viewer, rule=known_rule(call, rule_id), now=call.now)
        return known_rule(call, rule_id)
