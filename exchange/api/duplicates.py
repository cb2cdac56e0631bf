"""Parties that may be one: the queue, both sides of a pair, and saying that they are two."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area, Permission
from accounts.permissions import require
from core import keyset
from core.rest import fields
from exchange.models import DuplicateCandidate
from exchange.operations.candidates import dismiss_candidate
from exchange.queries.candidates import candidate_with_both, open_candidates, pair_of

LIKELIEST = keyset.Order(keyset.SortKey("score", float), descending=True)


class CandidateOut(serializers.ModelSerializer[DuplicateCandidate]):
    """Two parties that may be one."""

    first = fields.Ref()
    second = fields.Ref()
    found_at = fields.Moment()

    class Meta:
        model = DuplicateCandidate
        fields = ["id", "first", "second", "score", "found_at"]


class SideBySideOut(serializers.Serializer[Any]):
    """One thing of both: what each says of it, and whether that is equal, or only alike."""

    label = serializers.CharField()
    first = serializers.CharField()
    second = serializers.CharField()
    is_equal = serializers.BooleanField()
    is_alike = serializers.BooleanField()


class CandidateWithLines(CandidateOut):
    """Two parties that may be one, side by side."""

    lines = fields.Many(SideBySideOut, lambda candidate: pair_of(candidate).lines)

    class Meta(CandidateOut.Meta):
        fields = [*CandidateOut.Meta.fields, "lines"]


class Duplicates(Endpoint):
    """`/duplicates/`"""

    area, tag = Area.WORKSPACE, "Duplicates"

    @reads(CandidateOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Parties that may be one, the likeliest first."""
        require(call.viewer, Permission.IMPORT_DATA)
        return Rows(open_candidates(call.viewer).select_related("first", "second"), LIKELIEST)


class OneDuplicate(Endpoint):
    """`/duplicates/{candidate_id}/`"""

    area, tag = Area.WORKSPACE, "Duplicates"

    @reads(CandidateWithLines)
    def get(self, call: Call, candidate_id: int) -> DuplicateCandidate:
        """Two parties that may be one, side by side. `/merges/comparison/` says what making them one would do."""
        require(call.viewer, Permission.IMPORT_DATA)
        return candidate_with_both(viewer=call.viewer, candidate_id=candidate_id)


class Dismissal(Endpoint):
    """`/duplicates/{candidate_id}/dismissal/`"""

    area, tag = Area.WORKSPACE, "Duplicates"

    @acts(None, says=fields.Body)
    def post(self, call: Call, candidate_id: int) -> None:
        """Say that the two are not the same: they are not shown again."""
        dismiss_candidate(actor=call.viewer, candidate_id=candidate_id, now=call.now)
