"""What happened in a relationship, newest first."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, one, reads
from accounts.enums import Area
from core.rest import fields, paging
from relationships.api.interactions import seen_relationships
from relationships.enums import TimelineGroup
from relationships.operations.record_openings import note_opening
from relationships.queries.timeline import Entry, timeline_page


class SubjectOut(serializers.Serializer[Any]):
    """What a line speaks of, by its number."""

    type = serializers.CharField()
    id = serializers.IntegerField()


class LineOut(serializers.Serializer[Any]):
    """One line of the timeline. `within` are the promises and follow-ups that came of a talk."""

    id = serializers.IntegerField(source="event.pk")
    verb = serializers.CharField(source="event.verb")
    happened_at = fields.Moment(source="event.happened_at")
    actor = fields.Ref(source="event.actor")
    reason = serializers.CharField(source="event.reason")
    data = serializers.DictField(source="event.data")
    subject = serializers.SerializerMethodField()
    within = serializers.SerializerMethodField()

    def get_subject(self, entry: Entry) -> dict[str, Any] | None:
        """Only what the viewer may know of."""
        if entry.subject is None or entry.event.subject_id is None:
            return None
        return {"type": entry.event.subject_type, "id": entry.event.subject_id}

    def get_within(self, entry: Entry) -> list[int]:
        """The numbers of their lines."""
        return [inner.event.pk for inner in entry.within]


class TimelineQuestion(fields.Paged):
    """Which lines."""

    filter = serializers.ChoiceField(choices=[*TimelineGroup.values, "talk", "problems"], required=False)
    q = serializers.CharField(max_length=100, required=False)


class Timeline(Endpoint):
    """`/relationships/{relationship_id}/timeline/`"""

    area, tag = Area.RELATIONSHIPS, "Timeline"

    @reads(LineOut, asks=TimelineQuestion)
    def get(self, call: Call, relationship_id: int) -> paging.Page:
        """The timeline of a relationship, newest first."""
        relationship = one(seen_relationships(call.viewer), relationship_id)
        note_opening(actor=call.viewer, relationship=relationship, now=call.now)
        signer = paging.signer_of(call.request.path, call.asked)
        found = timeline_page(
            viewer=call.viewer,
            relationship=relationship,
            filter_group=call.asked.get("filter", ""),
            before=paging.read_cursor(signer, call.asked) or None,
            q=call.asked.get("q", ""),
            counts={},
            limit=call.asked["limit"],
        )
        lines = [line for entry in found.entries for line in (entry, *entry.within)]
        return paging.Page(lines, paging.sign(signer, found.next_cursor))
