"""What was done to many relationships at once, and taking it back."""

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from relationships.enums import BulkAction
from relationships.models import BulkChange
from relationships.operations.bulk_changes import Undone, undo_bulk
from relationships.queries.bulk_changes import own_changes

NEWEST = keyset.Order(keyset.SortKey("changed_at", fields.Moment().to_internal_value), descending=True)


class BulkChangeOut(serializers.ModelSerializer[BulkChange]):
    """Something that was done to many relationships of a kind at once, in words, and to how many."""

    action = serializers.ChoiceField(choices=BulkAction.values)
    changed = serializers.IntegerField(source="size")
    changed_at = fields.Moment()
    undone_at = fields.Moment(allow_null=True)

    class Meta:
        model = BulkChange
        fields = ["id", "kind", "action", "field", "words", "changed", "changed_at", "undone_at"]


class UndoneOut(serializers.Serializer[Undone]):
    """What became of it: what somebody changed since stays, as does what is out of reach."""

    restored = serializers.IntegerField()
    changed_since = serializers.IntegerField()
    out_of_reach = serializers.IntegerField()


class BulkChanges(Endpoint):
    """`/bulk-changes/`"""

    area, tag = Area.RELATIONSHIPS, "Bulk"

    @reads(BulkChangeOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """What you did to many relationships at once, newest first."""
        return Rows(own_changes(call.viewer), NEWEST)


class BulkUndoing(Endpoint):
    """`/bulk-changes/{change_id}/undoing/`"""

    area, tag = Area.RELATIONSHIPS, "Bulk"

    @acts(UndoneOut, says=fields.Body)
    def post(self, call: Call, change_id: int) -> Undone:
        """Have everything be as it was before a change of yours, but for what was changed since."""
        return undo_bulk(actor=call.viewer, change_id=change_id, now=call.now)
