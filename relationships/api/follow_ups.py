"""What is planned: follow-ups, done, put off, cancelled."""

from datetime import date
from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from relationships.api.interactions import seen_relationships
from relationships.api.parties import Nothing, seen_parties
from relationships.api.relationships import colleagues
from relationships.enums import Channel, FollowUpState
from relationships.models import FollowUp
from relationships.operations import follow_ups as operations
from relationships.operations.bulk_changes import plan_each_kind

BY_DUE = keyset.SortKey("due_date", date.fromisoformat)


class FollowUpOut(serializers.ModelSerializer[FollowUp]):
    """Something of ours to do next."""

    relationship = fields.Ref()
    person = fields.Ref(allow_null=True)
    assignee = fields.Ref()
    channel = serializers.ChoiceField(choices=["", *Channel.values])
    state = serializers.ChoiceField(choices=FollowUpState.choices)
    planned_in = serializers.IntegerField(source="planned_in_id", allow_null=True)
    due_time = fields.Clock(allow_null=True, help_text="In the assignee's zone.")
    done_at = fields.Moment(allow_null=True)
    cancelled_at = fields.Moment(allow_null=True)
    created_at = fields.Moment()

    class Meta:
        model = FollowUp
        fields = [
            "id", "relationship", "person", "what", "channel", "due_date", "due_time", "assignee", "planned_in",
            "snoozes", "state", "done_at", "cancelled_at", "created_at",
        ]  # fmt: skip


class FollowUpIn(fields.Body):
    """A new follow-up."""

    relationship = fields.Known(seen_relationships)
    what = fields.Text(most=300, words=True)
    due_date = fields.Day()
    due_time = fields.Clock(required=False, allow_null=True)
    assignee = fields.Known(colleagues, required=False)
    person = fields.Known(seen_parties, required=False, allow_null=True)
    channel = fields.Choice(choices=["", *Channel.values], required=False)


class FollowUpChange(fields.Body):
    """What is to be different."""

    what = fields.Text(most=300, words=True)
    due_date = fields.Day()
    due_time = fields.Clock(allow_null=True)
    assignee = fields.Known(colleagues)
    person = fields.Known(seen_parties, allow_null=True)
    channel = fields.Choice(choices=["", *Channel.values])


class Plans(fields.Body):
    """The same follow-up in many relationships: in all of them, or in none."""

    relationships = serializers.ListField(
        child=fields.Whole(min_value=1, max_value=fields.LARGEST), min_length=1, max_length=500
    )
    what = fields.Text(most=300, words=True)
    due_date = fields.Day()
    assignee = fields.Known(colleagues, required=False)
    channel = fields.Choice(choices=["", *Channel.values], required=False)


class PlannedOut(serializers.Serializer[Any]):
    """How many were planned."""

    planned = serializers.IntegerField()


class Snooze(fields.Body):
    """Until when it is put off."""

    due_date = fields.Day()
    due_time = fields.Clock(required=False, allow_null=True)


class Cancellation(fields.Body):
    """Why it is not needed any more."""

    reason = fields.Text(most=400, required=False)


class FollowUpQuestion(fields.Paged):
    """Which follow-ups."""

    relationship = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)
    assignee = serializers.RegexField(r"^(me|[0-9]{1,18})$", required=False, help_text="`me`, or a number.")
    state = serializers.ChoiceField(choices=["open", "done", "cancelled"], default="open")
    due_by = serializers.DateField(required=False)


STATES: dict[str, dict[str, Any]] = {
    "open": {"done_at": None, "cancelled_at": None},
    "done": {"done_at__isnull": False},
    "cancelled": {"cancelled_at__isnull": False},
}


def told(viewer: Any) -> Any:
    """Follow-ups with everything that is told of them."""
    return FollowUp.objects.visible_to(viewer).select_related("relationship", "person", "assignee")


class FollowUps(Endpoint):
    """`/follow-ups/`"""

    area, tag = Area.RELATIONSHIPS, "Follow-ups"

    @reads(FollowUpOut, asks=FollowUpQuestion)
    def get(self, call: Call) -> Rows:
        """Follow-ups, soonest first; those that are open unless another state is asked for."""
        asked, rows = call.asked, told(call.viewer).filter(**STATES[call.asked["state"]])
        if "relationship" in asked:
            rows = rows.filter(relationship_id=asked["relationship"])
        if "assignee" in asked:
            who = call.viewer.pk if asked["assignee"] == "me" else int(asked["assignee"])
            rows = rows.filter(assignee_id=who)
        if "due_by" in asked:
            rows = rows.filter(due_date__lte=asked["due_by"])
        return Rows(rows, keyset.Order(BY_DUE))

    @creates(FollowUpOut, says=FollowUpIn)
    def post(self, call: Call) -> FollowUp:
        """Plan a follow-up."""
        planned = operations.plan_follow_up(actor=call.viewer, now=call.now, **call.said)
        return one(told(call.viewer), planned.pk)


class BulkFollowUps(Endpoint):
    """`/follow-ups/many/`"""

    area, tag = Area.RELATIONSHIPS, "Bulk"

    @acts(PlannedOut, says=Plans)
    def post(self, call: Call) -> dict[str, int]:
        """Plan the same follow-up in many relationships: in all of them, or in none."""
        said = dict(call.said)
        planned = plan_each_kind(
            actor=call.viewer, relationship_ids=said.pop("relationships"), now=call.now, **said
        )
        return {"planned": planned}


class OneFollowUp(Endpoint):
    """`/follow-ups/{follow_up_id}/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Follow-ups", "relationship"

    def find(self, call: Call, **parts: Any) -> FollowUp:
        """The follow-up of the address."""
        return one(told(call.viewer), parts["follow_up_id"])

    @reads(FollowUpOut)
    def get(self, call: Call, follow_up_id: int) -> FollowUp:
        """One follow-up."""
        return self.find(call, follow_up_id=follow_up_id)

    @changes(FollowUpOut, says=FollowUpChange)
    def patch(self, call: Call, follow_up: FollowUp) -> FollowUp:
        """Plan an open follow-up anew."""
        names = ("what", "due_date", "due_time", "assignee", "person", "channel")
        now_so = {name: getattr(follow_up, name) for name in names}
        operations.edit_follow_up(
            actor=call.viewer, follow_up=follow_up, now=call.now, **(now_so | call.said)
        )
        return self.find(call, follow_up_id=follow_up.pk)


class Completion(Endpoint):
    """`/follow-ups/{follow_up_id}/completion/`"""

    area, tag = Area.RELATIONSHIPS, "Follow-ups"

    @acts(FollowUpOut, says=Nothing)
    def post(self, call: Call, follow_up_id: int) -> FollowUp:
        """Say that it is done."""
        found = one(told(call.viewer), follow_up_id)
        operations.finish_follow_up(actor=call.viewer, follow_up=found, now=call.now)
        return one(told(call.viewer), follow_up_id)


class Snoozes(Endpoint):
    """`/follow-ups/{follow_up_id}/snoozes/`"""

    area, tag = Area.RELATIONSHIPS, "Follow-ups"

    @acts(FollowUpOut, says=Snooze)
    def post(self, call: Call, follow_up_id: int) -> FollowUp:
        """Put it off; how often is counted."""
        found = one(told(call.viewer), follow_up_id)
        operations.snooze_follow_up(actor=call.viewer, follow_up=found, now=call.now, **call.said)
        return one(told(call.viewer), follow_up_id)


class FollowUpCancellation(Endpoint):
    """`/follow-ups/{follow_up_id}/cancellation/`"""

    area, tag = Area.RELATIONSHIPS, "Follow-ups"

    @acts(FollowUpOut, says=Cancellation)
    def post(self, call: Call, follow_up_id: int) -> FollowUp:
        """Say that it is not needed any more."""
        found = one(told(call.viewer), follow_up_id)
        operations.cancel_follow_up(actor=call.viewer, follow_up=found, now=call.now, **call.said)
        return one(told(call.viewer), follow_up_id)


class FollowUpReopening(Endpoint):
    """`/follow-ups/{follow_up_id}/reopening/`"""

    area, tag = Area.RELATIONSHIPS, "Follow-ups"

    @acts(FollowUpOut, says=Nothing)
    def post(self, call: Call, follow_up_id: int) -> FollowUp:
        """Take back that it was done or cancelled."""
        found = one(told(call.viewer), follow_up_id)
        operations.reopen_follow_up(actor=call.viewer, follow_up=found, now=call.now)
        return one(told(call.viewer), follow_up_id)
