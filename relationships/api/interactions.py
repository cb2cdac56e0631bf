"""What was said and done: logged, read, corrected."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Confidentiality
from core import keyset
from core.refusals import Invalid
from core.rest import fields
from relationships.api.parties import BY_NUMBER, seen_parties
from relationships.api.relationships import Reason, colleagues
from relationships.enums import Channel, CommitmentDirection, Direction, Materiality, Severity
from relationships.models import Interaction, Relationship
from relationships.operations import interactions
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.follow_ups import FollowUpDraft

BY_TIME = keyset.SortKey("happened_at", datetime.fromisoformat)


def seen_relationships(viewer: Any) -> Any:
    """The relationships that somebody may name."""
    return Relationship.objects.visible_to(viewer)


class InteractionOut(serializers.ModelSerializer[Interaction]):
    """One call, mail, meeting, visit, letter or note."""

    relationship = fields.Ref()
    people = fields.Ref(many=True)
    actor = fields.Ref()
    happened_at = fields.Moment()
    recorded_at = fields.Moment()
    superseded_at = fields.Moment(allow_null=True)
    problem_closed_at = fields.Moment(allow_null=True)
    confidentiality = fields.Word(Confidentiality)
    channel = serializers.ChoiceField(choices=Channel.choices)
    direction = serializers.ChoiceField(choices=Direction.choices)
    problem_severity = serializers.ChoiceField(choices=Severity.choices, allow_null=True)
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)
    replies_to = serializers.IntegerField(source="replies_to_id", allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Interaction
        fields = [
            "id", "relationship", "channel", "direction", "happened_at", "duration_minutes", "subject", "body",
            "outcome", "tags", "people", "actor", "recorded_at", "replies_to", "reply_minutes", "sentiment",
            "sentiment_by", "problem_severity", "problem_closed_at", "problem_closed_reason", "confidentiality",
            "corrects", "superseded_at", "source", "external_id",
        ]  # fmt: skip


class Promised(fields.Body):
    """A promise that was given in it."""

    direction = fields.Choice(choices=CommitmentDirection.values)
    what = fields.Text(most=300, words=True)
    due_date = fields.Day()
    owner = fields.Known(colleagues, required=False)
    person = fields.Known(seen_parties, required=False)
    materiality = fields.Choice(choices=Materiality.values, required=False)


class Planned(fields.Body):
    """The follow-up that came of it."""

    what = fields.Text(most=300, words=True)
    due_date = fields.Day()
    assignee = fields.Known(colleagues, required=False)
    due_time = fields.Clock(required=False)
    person = fields.Known(seen_parties, required=False)
    channel = fields.Choice(choices=Channel.values, required=False)


class Details(fields.Body):
    """What may be told of it."""

    body = fields.Text(most=100_000, required=False)
    subject = fields.Text(most=200, required=False)
    people = serializers.ListField(child=fields.Known(seen_parties), max_length=100, required=False)
    duration_minutes = fields.Whole(min_value=0, max_value=24 * 60, required=False, allow_null=True)
    outcome = fields.Text(most=60, required=False)
    tags = serializers.ListField(child=fields.Text(most=40), max_length=20, required=False)
    tone = fields.Number(min_value=-1, max_value=1, required=False, allow_null=True)
    problem_severity = fields.Choice(choices=Severity.values, required=False, allow_null=True)
    confidentiality = fields.Word(Confidentiality, required=False)


class InteractionIn(Details):
    """Something that took place."""

    relationship = fields.Known(seen_relationships)
    channel = fields.Choice(choices=Channel.values)
    direction = fields.Choice(choices=Direction.values)
    happened_at = fields.Moment(help_text="When it took place; not in the future.")
    source = fields.Text(most=60, required=False)
    external_id = fields.Text(
        most=200, required=False, help_text="Its name at the source: named again, the first row comes back."
    )
    logged_for = fields.Known(colleagues, required=False)
    commitments = serializers.ListField(child=Promised(), max_length=20, required=False)
    follow_up = Planned(required=False)


class Correction(Details):
    """What is to be different, and why."""

    channel = fields.Choice(choices=Channel.values, required=False)
    direction = fields.Choice(choices=Direction.values, required=False)
    happened_at = fields.Moment(required=False)
    reason = fields.Text(most=400, words=True)


class InteractionQuestion(fields.Paged):
    """Which interactions; without a relationship in the order in which they were written down."""

    relationship = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)
    channel = serializers.ChoiceField(choices=Channel.values, required=False)
    direction = serializers.ChoiceField(choices=Direction.values, required=False)
    sort = serializers.ChoiceField(
        choices=["id", "-id", "happened_at", "-happened_at"],
        default="-id",
        help_text="By `happened_at` within a relationship.",
    )


def told(viewer: Any) -> Any:
    """Interactions with everything that is told of them."""
    rows = Interaction.objects.visible_to(viewer).select_related("relationship", "actor")
    return rows.prefetch_related("people")


class Interactions(Endpoint):
    """`/interactions/`"""

    area, tag = Area.RELATIONSHIPS, "Interactions"

    @reads(InteractionOut, asks=InteractionQuestion)
    def get(self, call: Call) -> Rows:
        """Interactions in their newest version."""
        asked = call.asked
        rows = told(call.viewer).current()
        rows = rows.filter(**{name: asked[name] for name in ("channel", "direction") if name in asked})
        if "relationship" in asked:
            rows = rows.filter(relationship_id=asked["relationship"])
        elif "happened_at" in asked["sort"]:
            raise Invalid({"sort": _("By time they are told within one relationship: name it.")})
        key = BY_NUMBER if asked["sort"].endswith("id") else BY_TIME
        return Rows(rows, keyset.Order(key, descending=asked["sort"].startswith("-")))

    @creates(InteractionOut, says=InteractionIn)
    def post(self, call: Call) -> Interaction:
        """Log an interaction, with the promises and the follow-up that came of it."""
        return log(call)


def log(call: Call) -> Interaction:
    """Logs what the call says."""
    said = dict(call.said)
    promised = [CommitmentDraft(**draft) for draft in said.pop("commitments", [])]
    planned = said.pop("follow_up", None)
    logged = interactions.log_interaction(
        actor=call.viewer,
        now=call.now,
        commitments=promised,
        follow_up=FollowUpDraft(**planned) if planned else None,
        **said,
    )
    return one(told(call.viewer), logged.pk)


class OneInteraction(Endpoint):
    """`/interactions/{interaction_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Interactions"

    @reads(InteractionOut)
    def get(self, call: Call, interaction_id: int) -> Interaction:
        """One interaction, in the version that the number names."""
        return one(told(call.viewer), interaction_id)


class Corrections(Endpoint):
    """`/interactions/{interaction_id}/corrections/`"""

    area, tag = Area.RELATIONSHIPS, "Interactions"

    @creates(InteractionOut, says=Correction)
    def post(self, call: Call, interaction_id: int) -> Interaction:
        """Write a new version beside the old one, which stays readable."""
        found = one(told(call.viewer), interaction_id)
        corrected = interactions.correct_interaction(
            actor=call.viewer, interaction=found, now=call.now, **call.said
        )
        return one(told(call.viewer), corrected.pk)


class ProblemClosing(Endpoint):
    """`/interactions/{interaction_id}/problem-closing/`"""

    area, tag = Area.RELATIONSHIPS, "Interactions"

    @acts(InteractionOut, says=Reason)
    def post(self, call: Call, interaction_id: int) -> Interaction:
        """Say how the problem that was raised in it has been solved."""
        found = one(told(call.viewer), interaction_id)
        interactions.close_problem(actor=call.viewer, interaction=found, now=call.now, **call.said)
        return one(told(call.viewer), interaction_id)
