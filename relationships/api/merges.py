"""Two parties that are one: side by side, made one, and parted again."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, reads
from accounts.enums import Area, Permission
from core import keyset
from core.refusals import Invalid, Missing, NotAllowed
from core.rest import fields
from relationships.api.parties import seen_parties
from relationships.models import MergeRecord, Party
from relationships.operations.merging import merge_parties, unmerge
from relationships.queries.merges import Merge, load_merges
from relationships.queries.merging import EMPTY, comparison

T = TypeVar("T")
NEWEST = keyset.Order(keyset.SortKey("merged_at", fields.Moment().to_internal_value), descending=True)
SIDES = ["keep", "drop"]


class MergeOut(serializers.Serializer[Merge]):
    """One party that went into another; `former_id` is the number that leads to `kept` now."""

    id = serializers.IntegerField(source="record.pk")
    kept = fields.Ref(source="record.kept")
    former_id = serializers.IntegerField(source="record.former_id")
    former_name = serializers.CharField(source="record.former_name")
    reason = serializers.CharField(source="record.reason")
    merged_at = fields.Moment(source="record.merged_at")
    merged_by = fields.Ref(source="record.merged_by")
    undone_at = fields.Moment(source="record.undone_at", allow_null=True)
    undone_by = fields.Ref(source="record.undone_by", allow_null=True)
    undone_reason = serializers.CharField(source="record.undone_reason")
    may_undo = serializers.BooleanField()


class Said(serializers.CharField):
    """What one party says of a field, as people read it; null where it says nothing."""

    def to_representation(self, value: Any) -> Any:
        """As text."""
        return None if value in EMPTY else str(value)


class MergeChoiceOut(serializers.Serializer[Any]):
    """A field that differs: its key for `choices`, and whose value stands unless one says otherwise."""

    field = serializers.CharField(source="choice.key")
    label = serializers.CharField(source="choice.label")
    keep = Said(source="choice.kept", allow_null=True)
    drop = Said(source="choice.other", allow_null=True)
    stands = serializers.ChoiceField(choices=SIDES, source="side")


class MergeChoicesOut(serializers.Serializer[Any]):
    """Fields of the parties (no title), or of two relationships that become one; `equal` are not shown."""

    title = serializers.CharField()
    equal = serializers.IntegerField()
    fields_ = MergeChoiceOut(many=True, source="lines")

    def get_fields(self) -> Any:
        """By the name that serialisers keep for themselves."""
        return {"fields" if name == "fields_" else name: told for name, told in super().get_fields().items()}


class AlongOut(serializers.Serializer[Any]):
    """Things that come along, and how many of them the viewer may see."""

    what = serializers.CharField()
    count = serializers.IntegerField()


class ComparisonOut(serializers.Serializer[Any]):
    """Two parties side by side: `drop` would go into `keep`."""

    keep = fields.Ref()
    drop = fields.Ref()
    groups = MergeChoicesOut(many=True)
    joined = fields.Ref(many=True, help_text="Relationships of `keep` that one of `drop` would go into.")
    moving = fields.Ref(many=True, help_text="Relationships of `drop` that would come as they are.")
    along = AlongOut(many=True)


class ComparisonQuestion(fields.Question):
    """Which two; the other way round the other one is kept."""

    keep = serializers.IntegerField(min_value=1, max_value=fields.LARGEST)
    drop = serializers.IntegerField(min_value=1, max_value=fields.LARGEST)


class MergeIn(fields.Body):
    """Which party goes into which, and whose value stands where they differ.

    The two are numbers until the call is carried out: sent again, it names one that is gone.
    """

    keep = fields.Whole(min_value=1, max_value=fields.LARGEST)
    drop = fields.Whole(min_value=1, max_value=fields.LARGEST)
    choices = serializers.DictField(
        child=fields.Choice(choices=SIDES),
        required=False,
        help_text="By the `field` of a comparison: whose value stands. Without a word, what `stands` says there.",
    )
    reason = fields.Text(most=400, required=False)


class UndoingIn(fields.Body):
    """Why they are two again."""

    reason = fields.Text(most=400, required=False)


def told(call: Call, merge_id: int) -> Merge:
    """One merge with whether it may be undone; raises Missing."""
    found = load_merges(call.viewer, {merge_id}) if merge_id <= fields.LARGEST else {}
    if merge_id not in found:
        raise Missing(_("There is no such merge."))
    return found[merge_id]


def party_said(call: Call, name: str) -> Party:
    """The party that a field names; raises Invalid, as for every other that one may not name."""
    found: Party | None = seen_parties(call.viewer).filter(pk=call.said[name]).first()
    if found is None:
        raise Invalid({name: str(fields.Known.default_error_messages["unknown"])})
    return found


def as_said(carry_out: Callable[..., T], **given: Any) -> T:
    """What an operation gives back; a field that it refuses is named as the call names it."""
    try:
        return carry_out(**given)
    except Invalid as refusal:
        names = {name: f"choices.{name}" if ":" in name else name for name in refusal.errors} | {
            "with": "drop"
        }
        raise Invalid({names[name]: words for name, words in refusal.errors.items()}) from refusal


class Merges(Endpoint):
    """`/merges/`"""

    area, tag = Area.RELATIONSHIPS, "Merges"

    @reads(MergeOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Parties that were made one, newest first."""
        if not call.viewer.may(Permission.EDIT_PARTIES):
            raise NotAllowed(_("Your role does not allow changing parties."))

        def dressed(rows: list[MergeRecord]) -> list[Merge]:
            found = load_merges(call.viewer, {row.pk for row in rows})
            return [found[row.pk] for row in rows if row.pk in found]

        return Rows(MergeRecord.objects.visible_to(call.viewer), NEWEST, dressed)

    @creates(MergeOut, says=MergeIn)
    def post(self, call: Call) -> Merge:
        """Make one of two parties: everything of `drop` goes to `keep`; it can be undone."""
        both = {name: party_said(call, name) for name in SIDES}
        given = {"choices": {}} | call.said | both
        record = as_said(merge_parties, actor=call.viewer, now=call.now, **given)
        return told(call, record.pk)


class MergeComparison(Endpoint):
    """`/merges/comparison/`"""

    area, tag, may_be_missing = Area.RELATIONSHIPS, "Merges", True

    @reads(ComparisonOut, asks=ComparisonQuestion, codes=(409,))
    def get(self, call: Call) -> dict[str, Any]:
        """Two parties side by side, before one goes into the other: what differs, and what comes along."""
        pair = {"keep_id": call.asked["keep"], "drop_id": call.asked["drop"]}
        found = as_said(comparison, viewer=call.viewer, **pair)
        return {
            "keep": found.both.keep,
            "drop": found.both.drop,
            "groups": found.groups,
            "joined": [each.kept for each in found.both.joined],
            "moving": found.both.moving,
            "along": [{"what": what, "count": count} for what, count in found.counts],
        }


class OneMerge(Endpoint):
    """`/merges/{merge_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Merges"

    @reads(MergeOut)
    def get(self, call: Call, merge_id: int) -> Merge:
        """One party that went into another."""
        return told(call, merge_id)


class MergeUndoing(Endpoint):
    """`/merges/{merge_id}/undoing/`"""

    area, tag = Area.RELATIONSHIPS, "Merges"

    @acts(fields.Ref, says=UndoingIn)
    def post(self, call: Call, merge_id: int) -> Party:
        """Part two parties again, each as it was; gives the one that comes back. What was added since stays."""
        record = told(call, merge_id).record
        return unmerge(actor=call.viewer, record=record, now=call.now, **call.said)
