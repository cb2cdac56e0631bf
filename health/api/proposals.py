"""Proposals: both sides line by line, and the way through the gate."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from core.rest import fields
from health.api.explanations import seen_relationship
from health.enums import BenefitKind, ProposalState
from health.models import BenefitLine, Proposal
from health.operations import proposals as operations
from health.queries.proposals import NEWEST, seen_proposals
from health.transitions import PROPOSAL
from relationships.enums import ValueSide
from relationships.operations.access import require


class BenefitLineOut(serializers.ModelSerializer[BenefitLine]):
    """What one side gets or gives, between which amounts of the proposal's currency."""

    side = serializers.ChoiceField(choices=ValueSide.choices)
    kind = serializers.ChoiceField(choices=BenefitKind.choices)
    confirmed_at = fields.Moment(allow_null=True)

    class Meta:
        model = BenefitLine
        fields = [
            "id", "side", "kind", "is_cost", "what", "low", "likely", "high", "evidence", "confirmed_at", "actual",
            "actual_source",
        ]  # fmt: skip


class ProposalOut(serializers.ModelSerializer[Proposal]):
    """An offer to somebody."""

    relationship = fields.Ref()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    sent_at = fields.Moment(allow_null=True)
    settled_at = fields.Moment(allow_null=True)
    created_at = fields.Moment()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = [
            "id", "relationship", "title", "currency", "state", "reason", "approved_reason", "sent_at", "settled_at",
            "created_at", "moves",
        ]  # fmt: skip

    def get_moves(self, proposal: Proposal) -> list[str]:
        """The moves that its state allows."""
        return [move.name for move in PROPOSAL.allowed(proposal.state)]


class ProposalWithLines(ProposalOut):
    """An offer with both sides of it."""

    lines = BenefitLineOut(many=True)

    class Meta(ProposalOut.Meta):
        fields = [*ProposalOut.Meta.fields, "lines"]


class ProposalQuestion(fields.Paged):
    """Which proposals."""

    state = serializers.ChoiceField(choices=ProposalState.values, required=False)


class ProposalIn(fields.Body):
    """A new draft."""

    title = fields.Text(most=200, words=True)
    currency = fields.Text(most=3, words=True)


class BenefitLineIn(fields.Body):
    """A further line of a draft."""

    side = fields.Choice(choices=ValueSide.values)
    what = fields.Text(most=200, words=True)
    low = fields.Amount(min_value=0)
    likely = fields.Amount(min_value=0)
    high = fields.Amount(min_value=0)
    kind = fields.Choice(choices=BenefitKind.values, required=False)
    is_cost = fields.Flag(required=False)
    evidence = fields.Text(most=300, required=False)


class ProposalMove(fields.Body):
    """A move of the proposal's table; `ask` and `approve` want a reason."""

    move = fields.Choice(choices=[move.name for move in PROPOSAL.transitions])
    reason = fields.Text(most=400, required=False)


def told(call: Call, proposal_id: int) -> Proposal:
    """One proposal; raises Missing, and NotAllowed for who sees no money there."""
    rows = Proposal.objects.visible_to(call.viewer).select_related("relationship")
    found: Proposal = one(rows.prefetch_related("lines"), proposal_id)
    require(call.viewer, Permission.VIEW_MONEY, found.relationship)
    return found


class Proposals(Endpoint):
    """`/proposals/`"""

    area, tag = Area.HEALTH, "Proposals"

    @reads(ProposalOut, asks=ProposalQuestion)
    def get(self, call: Call) -> Rows:
        """Proposals, newest first; none of where you see no money."""
        rows = seen_proposals(call.viewer)
        if "state" in call.asked:
            rows = rows.filter(state=call.asked["state"])
        return Rows(rows.select_related("relationship"), NEWEST)


class RelationshipProposals(Endpoint):
    """`/relationships/{relationship_id}/proposals/`"""

    area, tag = Area.HEALTH, "Proposals"

    @creates(ProposalWithLines, says=ProposalIn)
    def post(self, call: Call, relationship_id: int) -> Proposal:
        """Begin a draft."""
        relationship = seen_relationship(call, relationship_id)
        made = operations.draft_proposal(
            actor=call.viewer, relationship=relationship, now=call.now, **call.said
        )
        return told(call, made.pk)


class OneProposal(Endpoint):
    """`/proposals/{proposal_id}/`"""

    area, tag = Area.HEALTH, "Proposals"

    @reads(ProposalWithLines)
    def get(self, call: Call, proposal_id: int) -> Proposal:
        """One proposal with its lines."""
        return told(call, proposal_id)


class ProposalLines(Endpoint):
    """`/proposals/{proposal_id}/lines/`"""

    area, tag = Area.HEALTH, "Proposals"

    @creates(ProposalWithLines, says=BenefitLineIn)
    def post(self, call: Call, proposal_id: int) -> Proposal:
        """Add a line to a draft."""
        estimate = operations.Estimate(**call.said)
        operations.add_line(actor=call.viewer, proposal=told(call, proposal_id), estimate=estimate)
        return told(call, proposal_id)


def _moves(said: dict[str, Any]) -> dict[str, Callable[..., Proposal]]:
    """Each move as the operation that carries it out; those that settle are one operation."""
    reason = {"reason": said.get("reason", "")}
    settled = {"outcome": said["move"]}
    return {
        "ask": lambda **given: operations.ask_approval(**given, **reason),
        "approve": lambda **given: operations.approve_proposal(**given, **reason),
        "revise": operations.revise_proposal,
        "send": operations.send_proposal,
        **dict.fromkeys(
            ("accept", "decline", "withdraw"),
            lambda **given: operations.settle_proposal(**given, **settled),
        ),
    }


class ProposalMoves(Endpoint):
    """`/proposals/{proposal_id}/transitions/`"""

    area, tag = Area.HEALTH, "Proposals"

    @acts(ProposalWithLines, says=ProposalMove)
    def post(self, call: Call, proposal_id: int) -> Proposal:
        """Take a proposal through one move of its table."""
        found = told(call, proposal_id)
        _moves(call.said)[call.said["move"]](actor=call.viewer, proposal=found, now=call.now)
        return told(call, proposal_id)
