"""Playbooks on their way: started, left out step by step, closed with what they changed."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from relationships.api.interactions import seen_relationships
from relationships.api.parties import BY_NUMBER
from relationships.api.relationships import Reason, colleagues
from relationships.enums import RunEffect, StepState
from relationships.models import PlaybookRun, PlaybookRunStep
from relationships.operations import playbooks


class StepOut(serializers.ModelSerializer[PlaybookRunStep]):
    """One step; `follow_up` is what is to be done."""

    follow_up = fields.Ref()
    state = serializers.ChoiceField(choices=StepState.choices)

    class Meta:
        model = PlaybookRunStep
        fields = ["id", "position", "follow_up", "state", "skipped_reason"]


class RunOut(serializers.ModelSerializer[PlaybookRun]):
    """One use of a playbook."""

    relationship = fields.Ref()
    started_at = fields.Moment()
    started_by = fields.Ref()
    closed_at = fields.Moment(allow_null=True)
    effect = serializers.ChoiceField(choices=["", *RunEffect.values])
    steps = StepOut(many=True)

    class Meta:
        model = PlaybookRun
        fields = [
            "id", "relationship", "playbook", "label", "aim", "started_at", "started_by", "closed_at", "effect",
            "effect_note", "steps",
        ]  # fmt: skip


class RunIn(fields.Body):
    """Which of the kind's playbooks, and what it is to change."""

    playbook = fields.Text(most=40, words=True)
    assignee = fields.Known(colleagues, required=False)
    aim = fields.Text(most=300, required=False)


class RunClosing(fields.Body):
    """What it changed."""

    effect = fields.Choice(choices=RunEffect.values)
    note = fields.Text(most=400, words=True)


def told(viewer: Any) -> Any:
    """Runs with everything that is told of them."""
    steps = PlaybookRunStep.objects.select_related("follow_up").order_by("position", "id")
    rows = PlaybookRun.objects.visible_to(viewer).select_related("relationship", "started_by")
    return rows.prefetch_related(Prefetch("steps", queryset=steps))


class Runs(Endpoint):
    """`/relationships/{relationship_id}/playbook-runs/`"""

    area, tag = Area.RELATIONSHIPS, "Playbooks"

    @reads(RunOut, asks=fields.Paged)
    def get(self, call: Call, relationship_id: int) -> Rows:
        """The playbooks of a relationship, newest first."""
        relationship = one(seen_relationships(call.viewer), relationship_id)
        rows = told(call.viewer).filter(relationship=relationship)
        return Rows(rows, keyset.Order(BY_NUMBER, descending=True))

    @creates(RunOut, says=RunIn)
    def post(self, call: Call, relationship_id: int) -> PlaybookRun:
        """Start a playbook: its steps become follow-ups on working days."""
        relationship = one(seen_relationships(call.viewer), relationship_id)
        run = playbooks.start_playbook(
            actor=call.viewer, relationship=relationship, now=call.now, **call.said
        )
        return one(told(call.viewer), run.pk)


class OneRun(Endpoint):
    """`/playbook-runs/{run_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Playbooks"

    @reads(RunOut)
    def get(self, call: Call, run_id: int) -> PlaybookRun:
        """One playbook on its way."""
        return one(told(call.viewer), run_id)


class RunClosed(Endpoint):
    """`/playbook-runs/{run_id}/closing/`"""

    area, tag = Area.RELATIONSHIPS, "Playbooks"

    @acts(RunOut, says=RunClosing)
    def post(self, call: Call, run_id: int) -> PlaybookRun:
        """End a playbook and say what it changed; open steps are skipped for that reason."""
        found = one(told(call.viewer), run_id)
        playbooks.close_playbook(actor=call.viewer, run=found, now=call.now, **call.said)
        return one(told(call.viewer), run_id)


class StepSkipping(Endpoint):
    """`/playbook-runs/{run_id}/steps/{step_id}/skipping/`"""

    area, tag = Area.RELATIONSHIPS, "Playbooks"

    @acts(RunOut, says=Reason)
    def post(self, call: Call, run_id: int, step_id: int) -> PlaybookRun:
        """Leave a step out, with the reason."""
        found = one(told(call.viewer), run_id)
        step = one(PlaybookRunStep.objects.filter(run=found), step_id)
        playbooks.skip_step(actor=call.viewer, step=step, now=call.now, **call.said)
        return one(told(call.viewer), run_id)
