"""What we owe by when: minutes of business time by severity and clock, version by version."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, creates, reads
from accounts.enums import Area
from cases.enums import CaseSeverity, ClockType
from cases.models import SlaPolicy, SlaTarget
from cases.operations.policies import MOST_MINUTES, change_policy
from core import keyset
from core.refusals import Invalid
from core.rest import fields

NEWEST = keyset.Order(keyset.SortKey("version", int), descending=True)


class TargetOut(serializers.ModelSerializer[SlaTarget]):
    """How many minutes of business time a clock may take for a severity."""

    severity = serializers.ChoiceField(choices=CaseSeverity.choices)
    clock = serializers.ChoiceField(choices=ClockType.choices)

    class Meta:
        model = SlaTarget
        fields = ["severity", "clock", "minutes"]


class PolicyOut(serializers.ModelSerializer[SlaPolicy]):
    """One version; the one without `retired_at` holds."""

    created_at = fields.Moment()
    created_by = fields.Ref(allow_null=True)
    retired_at = fields.Moment(allow_null=True)
    targets = TargetOut(many=True)

    class Meta:
        model = SlaPolicy
        fields = ["id", "version", "reason", "created_at", "created_by", "retired_at", "targets"]


class TargetIn(fields.Body):
    """A target."""

    severity = fields.Choice(choices=CaseSeverity.values)
    clock = fields.Choice(choices=ClockType.values)
    minutes = fields.Whole(min_value=1, max_value=MOST_MINUTES)


class PolicyIn(fields.Body):
    """What is to hold instead of `version`: all targets, and why."""

    version = fields.Whole(min_value=1, max_value=fields.LARGEST)
    reason = fields.Text(most=SlaPolicy.LONGEST_REASON, words=True)
    targets = TargetIn(many=True)


class Policies(Endpoint):
    """`/case-targets/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @reads(PolicyOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """What we owe by when, the version that holds first."""
        return Rows(SlaPolicy.objects.select_related("created_by").prefetch_related("targets"), NEWEST)

    @creates(PolicyOut, says=PolicyIn)
    def post(self, call: Call) -> SlaPolicy:
        """Let other targets hold from now on."""
        said: dict[str, Any] = {**call.said, "targets": _each_once(call.said["targets"])}
        return change_policy(actor=call.viewer, now=call.now, **said)


def _each_once(targets: list[dict[str, Any]]) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for target in targets:
        each = (int(target["severity"]), target["clock"])
        if each in found:
            raise Invalid({"targets": f"{each[1]}, {each[0]}"})
        found[each] = target["minutes"]
    return found
