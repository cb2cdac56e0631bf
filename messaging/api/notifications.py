"""What the token's user was told, how many of it are unread, and marking it as read."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area
from core.rest import fields
from messaging.operations.notifications import mark_read, mark_unread
from messaging.queries import notifications as queries
from messaging.queries.notifications import NEWEST, Told


class NotificationOut(serializers.Serializer[Any]):
    """Something that concerns the token's user."""

    id = serializers.IntegerField(source="notification.pk")
    topic = serializers.CharField(source="topic.key")
    words = serializers.CharField()
    title = serializers.CharField(source="line.title")
    name = serializers.CharField(source="line.name")
    place = serializers.CharField(source="line.place", help_text="The page that it is about.")
    more = serializers.SerializerMethodField(help_text="How many others of its kind it stands for.")
    subject_type = serializers.CharField(source="notification.subject_type")
    subject_id = serializers.IntegerField(source="notification.subject_id")
    actor = fields.Ref(source="notification.actor", allow_null=True)
    happened_at = fields.Moment(source="notification.happened_at")
    read_at = fields.Moment(source="notification.read_at", allow_null=True)

    def get_more(self, told: Told) -> int:
        """None, for most."""
        return int(told.notification.facts.get("more", 0))


class NotificationQuestion(fields.Paged):
    """What the centre is narrowed to, as on its page."""

    unread = serializers.ChoiceField(choices=["yes", "no"], default="no", help_text="Only what is not read.")
    topic = serializers.CharField(required=False, max_length=40)


class UnreadOut(serializers.Serializer[Any]):
    """How many are unread, counted up to 100, and the newest of all."""

    unread = serializers.IntegerField()
    newest = serializers.IntegerField(allow_null=True)


class ReadingBody(fields.Body):
    """Which notifications were read, or are to be unread again."""

    notifications = serializers.ListField(
        child=fields.Whole(min_value=1, max_value=fields.LARGEST), min_length=1, max_length=1000
    )
    unread = fields.Flag(default=False)


class Notifications(Endpoint):
    """`/notifications/`"""

    area, tag = Area.NOTIFICATIONS, "Notifications"

    @reads(NotificationOut, asks=NotificationQuestion)
    def get(self, call: Call) -> Rows:
        """What the user was told, newest first; nothing about what they may no longer know of."""
        unread_only, topic = call.asked["unread"] == "yes", call.asked.get("topic", "")
        rows = queries.notifications_for(call.viewer, unread_only=unread_only, topic=topic)
        return Rows(rows, NEWEST, dress=lambda found: queries.in_words(call.viewer, found))


class Unread(Endpoint):
    """`/notifications/unread/`"""

    area, tag = Area.NOTIFICATIONS, "Notifications"

    @reads(UnreadOut)
    def get(self, call: Call) -> dict[str, int | None]:
        """How many are unread: numbers alone, to be asked often."""
        return {
            "unread": queries.unread_count(call.viewer),
            "newest": queries.newest_id(call.viewer) or None,
        }


class Readings(Endpoint):
    """`/notifications/readings/`"""

    area, tag = Area.NOTIFICATIONS, "Notifications"

    @acts(None, says=ReadingBody)
    def post(self, call: Call) -> None:
        """Mark notifications as read, or as unread again; all of them or none."""
        given = {"actor": call.viewer, "notification_ids": call.said["notifications"]}
        if call.said["unread"]:
            mark_unread(**given)
        else:
            mark_read(**given, now=call.now)
