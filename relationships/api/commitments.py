"""Promises in both directions, and what can be done to them."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads
from accounts.enums import Area
from core.rest import fields
from relationships import kinds
from relationships.api.interactions import seen_relationships
from relationships.api.parties import seen_parties
from relationships.api.relationships import colleagues
from relationships.enums import CommitmentDirection, CommitmentState, Materiality
from relationships.models import Commitment, Interaction, Renegotiation
from relationships.operations import commitments as operations
from relationships.queries.commitment_ledger import LedgerQuery, ledger
from relationships.transitions import COMMITMENT

BY_TIMER = "miss"
MOVES = [move.name for move in COMMITMENT.transitions if move.name != BY_TIMER]


class RenegotiationOut(serializers.ModelSerializer[Renegotiation]):
    """A date that was moved, and with whom that was agreed."""

    at = fields.Moment()

    class Meta:
        model = Renegotiation
        fields = ["id", "from_date", "to_date", "agreed_with", "reason", "at"]


class CommitmentOut(serializers.ModelSerializer[Commitment]):
    """A promise. Its original date never changes."""

    relationship = fields.Ref()
    person = fields.Ref(allow_null=True)
    owner = fields.Ref()
    made_in = serializers.IntegerField(source="made_in_id", allow_null=True)
    direction = serializers.ChoiceField(choices=CommitmentDirection.choices)
    state = serializers.ChoiceField(choices=CommitmentState.choices)
    materiality = serializers.ChoiceField(choices=Materiality.choices)
    made_at = fields.Moment()
    missed_at = fields.Moment(allow_null=True)
    delivered_at = fields.Moment(allow_null=True)
    confirmed_at = fields.Moment(allow_null=True)
    withdrawn_at = fields.Moment(allow_null=True)
    created_at = fields.Moment()
    renegotiations = RenegotiationOut(many=True)
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = [
            "id", "relationship", "direction", "what", "person", "made_in", "made_at", "original_due_date",
            "current_due_date", "owner", "materiality", "state", "missed_at", "delivered_at", "evidence",
            "confirmed_at", "withdrawn_at", "withdrawn_reason", "created_at", "renegotiations", "moves",
        ]  # fmt: skip

    def get_moves(self, commitment: Commitment) -> list[str]:
        """The moves that its state allows."""
        return [move.name for move in COMMITMENT.allowed(commitment.state) if move.name != BY_TIMER]


def _seen_talk(viewer: Any) -> Any:
    return Interaction.objects.visible_to(viewer)


class CommitmentIn(fields.Body):
    """A new promise."""

    relationship = fields.Known(seen_relationships)
    direction = fields.Choice(choices=CommitmentDirection.values)
    what = fields.Text(most=300, words=True)
    due_date = fields.Day()
    owner = fields.Known(colleagues, required=False)
    person = fields.Known(seen_parties, required=False, allow_null=True)
    made_at = fields.Moment(required=False)
    materiality = fields.Choice(choices=Materiality.values, required=False)
    state = fields.Choice(choices=list(operations.BORN_IN), required=False)


class CommitmentChange(fields.Body):
    """What is to be different; never the dates."""

    what = fields.Text(most=300, words=True)
    owner = fields.Known(colleagues)
    person = fields.Known(seen_parties, allow_null=True)
    materiality = fields.Choice(choices=Materiality.values)


class Move(fields.Body):
    """A move of the promise's table; `withdraw` wants a reason, `re_promise` a date and who agreed to it."""

    move = fields.Choice(choices=MOVES)
    evidence = fields.Text(most=10_000, required=False)
    reason = fields.Text(most=400, required=False)
    new_due_date = fields.Day(required=False)
    agreed_with = fields.Text(most=200, required=False)


class Redating(fields.Body):
    """A new date, and who on the other side agreed to it."""

    to_date = fields.Day()
    agreed_with = fields.Text(most=200, words=True)
    agreed_with_party = fields.Known(seen_parties, required=False)
    reason = fields.Text(most=400, words=True)


class CommitmentQuestion(fields.Paged):
    """What the ledger is narrowed and sorted by, as on its page."""

    q = serializers.CharField(max_length=100, required=False)
    side = serializers.ChoiceField(choices=["ours", "theirs"], required=False)
    status = serializers.ChoiceField(choices=["open", "at_risk", "late", "kept", "withdrawn"], required=False)
    result = serializers.ChoiceField(choices=["on_time", "late", "broken"], required=False)
    owner = serializers.RegexField(r"^(me|team|[0-9]{1,18})$", required=False)
    kind = serializers.ChoiceField(choices=kinds.registry.slugs, required=False)
    relationship = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)
    sort = serializers.ChoiceField(choices=["due", "-due", "made", "-made"], default="due")


def with_all(rows: Any) -> Any:
    """Promises with everything that is told of them."""
    return rows.select_related("relationship", "owner", "person").prefetch_related("renegotiations")


def told(viewer: Any) -> Any:
    """Promises that somebody may know of."""
    return with_all(Commitment.objects.visible_to(viewer))


class Commitments(Endpoint):
    """`/commitments/`"""

    area, tag = Area.RELATIONSHIPS, "Commitments"

    @reads(CommitmentOut, asks=CommitmentQuestion)
    def get(self, call: Call) -> Rows:
        """The ledger of promises, as its page narrows and sorts it."""
        asked = {name: value for name, value in call.asked.items() if name not in ("cursor", "limit")}
        query = LedgerQuery(relationship_id=asked.pop("relationship", None), **asked)
        return Rows(with_all(ledger(viewer=call.viewer, query=query, now=call.now)), query.order)

    @creates(CommitmentOut, says=CommitmentIn)
    def post(self, call: Call) -> Commitment:
        """Put a promise in the ledger."""
        made = operations.make_commitment(actor=call.viewer, now=call.now, **call.said)
        return one(told(call.viewer), made.pk)


class OneCommitment(Endpoint):
    """`/commitments/{commitment_id}/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Commitments", "relationship"

    def find(self, call: Call, **parts: Any) -> Commitment:
        """The promise of the address."""
        return one(told(call.viewer), parts["commitment_id"])

    @reads(CommitmentOut)
    def get(self, call: Call, commitment_id: int) -> Commitment:
        """One promise with its moved dates."""
        return self.find(call, commitment_id=commitment_id)

    @changes(CommitmentOut, says=CommitmentChange)
    def patch(self, call: Call, commitment: Commitment) -> Commitment:
        """Change the wording, the owner, the person or the weight of an open promise."""
        names = ("what", "owner", "person", "materiality")
        now_so = {name: getattr(commitment, name) for name in names}
        operations.edit_commitment(
            actor=call.viewer, commitment=commitment, now=call.now, **(now_so | call.said)
        )
        return self.find(call, commitment_id=commitment.pk)


class CommitmentMoves(Endpoint):
    """`/commitments/{commitment_id}/transitions/`"""

    area, tag = Area.RELATIONSHIPS, "Commitments"

    @acts(CommitmentOut, says=Move)
    def post(self, call: Call, commitment_id: int) -> Commitment:
        """Take a promise through one move of its table; `moves` of the promise names those that are possible."""
        found, said = one(told(call.viewer), commitment_id), dict(call.said)
        operations.move_commitment(
            actor=call.viewer, commitment=found, transition=said.pop("move"), now=call.now, **said
        )
        return one(told(call.viewer), commitment_id)


class CommitmentRenegotiations(Endpoint):
    """`/commitments/{commitment_id}/renegotiations/`"""

    area, tag = Area.RELATIONSHIPS, "Commitments"

    @acts(CommitmentOut, says=Redating)
    def post(self, call: Call, commitment_id: int) -> Commitment:
        """Move the date of an open promise, agreed by somebody on the other side."""
        found = one(told(call.viewer), commitment_id)
        operations.renegotiate(actor=call.viewer, commitment=found, now=call.now, **call.said)
        return one(told(call.viewer), commitment_id)
