"""How people want to be told: what they chose, or the usual."""

from datetime import datetime

from accounts.models import User
from analytics.day_clock import after_quiet, next_at
from messaging.enums import Channel
from messaging.models import NotificationChoice
from messaging.registry import registry


def choice_of(user: User) -> NotificationChoice:
    """What somebody chose, or an unsaved row of the usual; no query where it was joined to the user."""
    return getattr(user, "notification_choice", None) or NotificationChoice(user=user)


def channel_of(choice: NotificationChoice, topic: str) -> Channel:
    """How somebody is told of a topic."""
    return Channel(choice.channels.get(topic, registry.topic(topic).usual))


def channels_of(choice: NotificationChoice) -> dict[str, Channel]:
    """How somebody is told of each topic, in the topics' order."""
    return {topic.key: channel_of(choice, topic.key) for topic in registry.topics()}


def mail_due_at(choice: NotificationChoice, channel: Channel, zone: str, now: datetime) -> datetime | None:
    """When what happens now is due as a mail: at once or after the quiet hours, with the daily mail, or never."""
    if channel == Channel.MAIL:
        return after_quiet(now, choice.quiet_from, choice.quiet_until, zone)
    if channel == Channel.DIGEST:
        return next_at(now, choice.digest_at, zone)
    return None
