"""What was done, by whom and when: the security record, and the timelines of all relationships."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, reads
from accounts.enums import Area, Permission
from accounts.models import AuditEntry
from accounts.permissions import require
from core import keyset
from core.rest import fields
from oversight.enums import Book
from oversight.queries.audit import Question, asked_entries, asked_events
from relationships.models import Event

NEWEST = keyset.Order(keyset.SortKey("pk", int), descending=True)
LARGEST = fields.LARGEST


class AuditEntryOut(serializers.ModelSerializer[AuditEntry]):
    """One entry of the security record: ids and code words."""

    at = fields.Moment()
    data = serializers.DictField()

    class Meta:
        model = AuditEntry
        fields = ["id", "at", "actor_id", "verb", "subject_type", "subject_id", "data", "ip"]


class AuditEventOut(serializers.ModelSerializer[Event]):
    """One line of a timeline."""

    actor = fields.Ref()
    party = fields.Ref()
    happened_at = fields.Moment()
    recorded_at = fields.Moment()
    data = serializers.DictField()

    class Meta:
        model = Event
        fields = [
            "id", "verb", "actor", "party", "relationship_id", "subject_type", "subject_id", "happened_at",
            "recorded_at", "reason", "data",
        ]  # fmt: skip


class AuditQuestion(fields.Paged):
    """Who, what, about what and when."""

    actor = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False)
    verb = serializers.RegexField(r"^[a-z_.]{1,64}$", required=False)
    subject_type = serializers.RegexField(r"^[a-z_]{1,64}$", required=False)
    subject = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False)
    party = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False)
    since = fields.Day(required=False, help_text="The first day, in the zone of the token's user.")
    until = fields.Day(required=False, help_text="The last day.")


def asked_of(book: Book, asked: dict[str, Any]) -> Question:
    """The call's question."""
    return Question(
        book=book,
        actor_id=asked.get("actor"),
        verb=asked.get("verb", ""),
        subject_type=asked.get("subject_type", ""),
        subject_id=asked.get("subject"),
        party_id=asked.get("party"),
        since=asked.get("since"),
        until=asked.get("until"),
    )


class AuditEntries(Endpoint):
    """`/audit/entries/`"""

    area, tag = Area.WORKSPACE, "Audit"

    @reads(AuditEntryOut, asks=AuditQuestion)
    def get(self, call: Call) -> Rows:
        """The security record, newest first; for administrators and auditors."""
        require(call.viewer, Permission.VIEW_AUDIT)
        return Rows(asked_entries(call.viewer, asked_of(Book.SECURITY, call.asked)), NEWEST)


class AuditEvents(Endpoint):
    """`/audit/events/`"""

    area, tag = Area.WORKSPACE, "Audit"

    @reads(AuditEventOut, asks=AuditQuestion)
    def get(self, call: Call) -> Rows:
        """What happened in all relationships that you may know of, newest first; for administrators and auditors."""
        require(call.viewer, Permission.VIEW_AUDIT)
        events = asked_events(call.viewer, asked_of(Book.RELATIONSHIPS, call.asked))
        return Rows(events.select_related("actor", "party"), NEWEST)
