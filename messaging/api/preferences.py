"""How the token's user wants to be told: by which way of what, when the daily mail comes, and when none is to come."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, changes, reads
from accounts.enums import Area
from accounts.models import User
from core.rest import fields
from messaging.enums import Channel
from messaging.models import NotificationChoice
from messaging.operations.notifications import choose_channels
from messaging.queries.notification_choices import channels_of, choice_of
from messaging.registry import registry

CLOCKS = ("digest_at", "quiet_from", "quiet_until")


class Channels(fields.Body):
    """A channel for each topic."""

    def get_fields(self) -> dict[str, Any]:
        """Those that are registered, in order."""
        return {
            topic.key: fields.Choice(choices=Channel.values, required=False) for topic in registry.topics()
        }


class TopicOut(serializers.Serializer[Any]):
    """Something that people are told of, and how, until somebody chooses otherwise."""

    key = serializers.CharField()
    label = serializers.CharField()
    usual = serializers.ChoiceField(choices=Channel.choices)


class PreferencesOut(serializers.Serializer[NotificationChoice]):
    """How somebody wants to be told; the clocks are those of their own zone."""

    channels = fields.Many(Channels, channels_of, many=False)
    digest_at = fields.Clock()
    quiet_from = fields.Clock(allow_null=True)
    quiet_until = fields.Clock(allow_null=True)
    time_zone = serializers.CharField(source="user.time_zone")
    topics = fields.Many(TopicOut, lambda _choice: registry.topics())


class PreferencesIn(fields.Body):
    """What is to be otherwise; quiet hours have both ends, or null at both."""

    channels = Channels()
    digest_at = fields.Clock()
    quiet_from = fields.Clock(allow_null=True)
    quiet_until = fields.Clock(allow_null=True)


class Preferences(Endpoint):
    """`/notifications/preferences/`"""

    area, tag = Area.NOTIFICATIONS, "Notifications"
    holder = "user"  # whoever never chose has no row

    def find(self, call: Call) -> NotificationChoice:
        """What the user chose, or the usual."""
        return choice_of(User.objects.select_related("notification_choice").get(pk=call.viewer.pk))

    @reads(PreferencesOut)
    def get(self, call: Call) -> NotificationChoice:
        """By which way the user is told of what, the hour of the daily mail, and the quiet hours."""
        return self.find(call)

    @changes(PreferencesOut, says=PreferencesIn)
    def patch(self, call: Call, choice: NotificationChoice) -> NotificationChoice:
        """Choose otherwise; mails that wait are put off or dropped accordingly."""
        given = {name: call.said.get(name, getattr(choice, name)) for name in CLOCKS}
        channels = channels_of(choice) | call.said.get("channels", {})
        chosen = NotificationChoice(channels=channels, **given)
        choose_channels(actor=call.viewer, given=chosen, now=call.now)
        return self.find(call)
