"""Reviews: what is due, the frozen facts of one, and its way to a verdict."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from core.rest import fields
from health.api.explanations import seen_relationship
from health.enums import ReviewState, ReviewVerdict
from health.models import Review
from health.operations import reviews as operations
from health.queries import reviews as queries
from health.transitions import REVIEW
from relationships.permissions import may_in

MOVES = [*(move.name for move in REVIEW.transitions), "approve"]


class FactOut(serializers.Serializer[Any]):
    """One fact in words: as it was frozen, and half a year later."""

    label = serializers.CharField()
    then = serializers.CharField()
    later = serializers.CharField()


class ReviewOut(serializers.ModelSerializer[Review]):
    """A look at a relationship, and what was decided."""

    relationship = fields.Ref()
    state = serializers.ChoiceField(choices=ReviewState.choices)
    proposed = serializers.ChoiceField(choices=["", *ReviewVerdict.values])
    verdict = serializers.ChoiceField(choices=["", *ReviewVerdict.values])
    prepared_at = fields.Moment(allow_null=True)
    decided_at = fields.Moment(allow_null=True)
    approved_at = fields.Moment(allow_null=True)
    closed_at = fields.Moment(allow_null=True)

    class Meta:
        model = Review
        fields = [
            "id", "relationship", "state", "due_date", "proposed", "prepared_at", "discussion", "verdict", "reason",
            "plan", "notice_date", "data_note", "next_review_date", "decided_at", "approved_at", "closed_at",
        ]  # fmt: skip


class ReviewWithFacts(ReviewOut):
    """A review with its frozen facts in words; those of money for who may see it."""

    facts = serializers.SerializerMethodField()

    class Meta(ReviewOut.Meta):
        fields = [*ReviewOut.Meta.fields, "facts"]

    def get_facts(self, review: Review) -> list[dict[str, str]]:
        """As its page tells them."""
        money = may_in(self.context["viewer"], Permission.VIEW_MONEY, review.relationship)
        told = queries.told(review, may_see_money=money)
        return [{"label": fact.label, "then": fact.then, "later": fact.later} for fact in told.facts]


class ReviewQuestion(fields.Paged):
    """Which reviews."""

    whose = serializers.ChoiceField(choices=["mine", "all"], default="mine")
    status = serializers.ChoiceField(choices=["open", *ReviewState.values], required=False)


class ReviewMove(fields.Body):
    """A move of the review's table, or the second person's `approve` of an exit, with what it wants."""

    move = fields.Choice(choices=MOVES)
    discussion = fields.Text(most=4000, required=False)
    verdict = fields.Choice(choices=ReviewVerdict.values, required=False)
    reason = fields.Text(most=400, required=False)
    plan = fields.Text(most=4000, required=False)
    next_review_date = fields.Day(required=False)
    notice_date = fields.Day(required=False)
    data_note = fields.Text(most=400, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A decision says what, why and until when."""
        wanted = ("verdict", "reason", "next_review_date") if attrs["move"] == "decide" else ()
        missing = {
            name: [self.fields[name].error_messages["required"]] for name in wanted if name not in attrs
        }
        if missing:
            raise serializers.ValidationError(missing)
        return attrs


class Beginning(fields.Body):
    """Nothing needs to be said: send `{}`."""


def told(call: Call, review_id: int) -> Review:
    """One review; raises Missing."""
    rows = Review.objects.visible_to(call.viewer).select_related(
        "relationship__party", "relationship__state", "relationship__business_unit"
    )
    found: Review = one(rows, review_id)
    return found


class Reviews(Endpoint):
    """`/reviews/`"""

    area, tag = Area.HEALTH, "Reviews"

    @reads(ReviewOut, asks=ReviewQuestion)
    def get(self, call: Call) -> Rows:
        """Reviews, soonest due first; of what the viewer owns unless more is asked for."""
        rows, status = Review.objects.visible_to(call.viewer), call.asked.get("status", "")
        if call.asked["whose"] == "mine":
            rows = rows.filter(Q(relationship__owner=call.viewer))
        if status == "open":
            rows = rows.exclude(state=ReviewState.CLOSED)
        elif status:
            rows = rows.filter(state=status)
        return Rows(rows.select_related("relationship"), queries.SOONEST)


class RelationshipReviews(Endpoint):
    """`/relationships/{relationship_id}/reviews/`"""

    area, tag = Area.HEALTH, "Reviews"

    @creates(ReviewWithFacts, says=Beginning)
    def post(self, call: Call, relationship_id: int) -> Review:
        """Begin a review out of turn; the one that is open comes back when there is one."""
        relationship = seen_relationship(call, relationship_id)
        begun = operations.begin_review(actor=call.viewer, relationship=relationship, now=call.now)
        return told(call, begun.pk)


class OneReview(Endpoint):
    """`/reviews/{review_id}/`"""

    area, tag = Area.HEALTH, "Reviews"

    @reads(ReviewWithFacts)
    def get(self, call: Call, review_id: int) -> Review:
        """One review with its frozen facts."""
        return told(call, review_id)


def _moves(said: dict[str, Any]) -> dict[str, Callable[..., Review]]:
    """Each move as the operation that carries it out."""
    decision = {name: value for name, value in said.items() if name not in ("move", "discussion")}
    return {
        "prepare": operations.prepare_review,
        "discuss": lambda **given: operations.discuss_review(discussion=said.get("discussion", ""), **given),
        "decide": lambda **given: operations.decide_review(**given, **decision),
        "approve": operations.approve_exit,
        "run": operations.run_review,
        "close": operations.close_review,
    }


class ReviewMoves(Endpoint):
    """`/reviews/{review_id}/transitions/`"""

    area, tag = Area.HEALTH, "Reviews"

    @acts(ReviewWithFacts, says=ReviewMove)
    def post(self, call: Call, review_id: int) -> Review:
        """Take a review through one move of its table."""
        found = told(call, review_id)
        _moves(call.said)[call.said["move"]](actor=call.viewer, review=found, now=call.now)
        return told(call, review_id)
