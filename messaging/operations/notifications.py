"""The one way in which people are told of what concerns them, and what they do with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Invalid, Missing
from messaging.enums import Channel
from messaging.models import Notification, NotificationChoice
from messaging.queries.notification_choices import channel_of, choice_of, mail_due_at
from messaging.querysets import NotificationQuerySet
from messaging.registry import registry

MOST_APART = 5
"""So many of a topic at one moment are told one by one; more of them are one line that tells how many."""


@dataclass(frozen=True)
class Telling:
    """Whom something concerns, and what it is about. Facts are plain figures for the words, never names."""

    user_id: int
    subject_type: str
    subject_id: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@transaction.atomic(savepoint=False)
def tell(
    *, topic: str, tellings: Sequence[Telling], actor: User | None, now: datetime, is_mailed: bool = False
) -> int:
    """Tells people as each of them chose; returns how many lines that made.

    Nobody is told of what they did themself, nor is who is not at work, nor twice of the same key. `is_mailed`
    says that whoever wants a mail at once gets one of its own. Whether somebody may know of it is asked when it
    is shown and when it is mailed, not here. Raises LookupError for what nobody registered.
    """
    registry.topic(topic)
    wanted = [each for each in tellings if actor is None or each.user_id != actor.pk]
    if not wanted:
        return 0
    if missing := {each.subject_type for each in wanted} - set(registry.subjects):
        raise LookupError(f"nobody said how to tell of {', '.join(sorted(missing))}")
    people = User.objects.filter(is_active=True, is_system=False, is_service=False)
    readers = people.select_related("notification_choice").filter(pk__in={each.user_id for each in wanted})
    rows = []
    for reader in readers.order_by("pk"):
        choice = choice_of(reader)
        channel = channel_of(choice, topic)
        if channel == Channel.NONE:
            continue
        due_at = mail_due_at(choice, channel, reader.time_zone, now)
        if channel == Channel.MAIL and is_mailed:
            due_at = None
        for each in _grouped([each for each in wanted if each.user_id == reader.pk]):
            rows.append(_row(topic, each, actor, now, due_at))
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _grouped(tellings: list[Telling]) -> list[Telling]:
    if len(tellings) <= MOST_APART:
        return tellings
    first = tellings[0]
    facts = {**first.facts, "more": len(tellings) - 1}
    return [Telling(first.user_id, first.subject_type, first.subject_id, facts, first.key)]


def _row(
    topic: str, each: Telling, actor: User | None, now: datetime, due_at: datetime | None
) -> Notification:
    return Notification(
        user_id=each.user_id,
        topic=topic,
        subject_type=each.subject_type,
        subject_id=each.subject_id,
        actor=actor,
        facts=dict(each.facts),
        key=each.key,
        happened_at=now,
        mail_due_at=due_at,
    )


@transaction.atomic
def mark_read(*, actor: User, notification_ids: Collection[int], now: datetime) -> int:
    """Marks some of one's own as read; returns how many were not. Raises Missing unless all are one's own."""
    return _own(actor, notification_ids).unread().update(read_at=now)


@transaction.atomic
def mark_unread(*, actor: User, notification_ids: Collection[int]) -> int:
    """Marks some of one's own as not read again; returns how many. Raises Missing unless all are one's own."""
    return _own(actor, notification_ids).update(read_at=None)


def _own(actor: User, notification_ids: Collection[int]) -> "NotificationQuerySet[Notification]":
    """Those rows, if the actor may know of all of them."""
    wanted = set(notification_ids)
    seen = Notification.objects.visible_to(actor).filter(pk__in=wanted)
    if seen.count() < len(wanted):
        raise Missing(_("There is no such notification."))
    return Notification.objects.filter(pk__in=wanted)


@transaction.atomic
def mark_all_read(*, actor: User, now: datetime, up_to: int) -> int:
    """Marks all of one's own as read that were there when `up_to` was the newest; returns how many.

    What one may no longer know of is marked as well: nobody is to find it unread should the right come back.
    """
    unread = Notification.objects.filter(user=actor, pk__lte=up_to, read_at=None)
    return unread.update(read_at=now)


@transaction.atomic
def choose_channels(*, actor: User, given: NotificationChoice, now: datetime) -> NotificationChoice:
    """Keeps how the actor wants to be told, and puts off or drops the mails that wait accordingly.

    Raises Invalid for quiet hours of which one end is missing.
    """
    given.user = actor
    if (given.quiet_from is None) != (given.quiet_until is None):
        missing = "quiet_from" if given.quiet_from is None else "quiet_until"
        raise Invalid({missing: _("Say when they begin and when they end.")})
    usual = {topic.key: topic.usual for topic in registry.topics()}
    given.channels = {
        topic: Channel(channel).value
        for topic, channel in given.channels.items()
        if topic in usual and channel != usual[topic]
    }
    given.full_clean(exclude=["user"], validate_unique=False)
    NotificationChoice.objects.bulk_create(
        [given],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["channels", "digest_at", "quiet_from", "quiet_until"],
    )
    waiting = list(Notification.objects.filter(user=actor).to_mail().select_for_update().order_by("pk"))
    for row in waiting:
        row.mail_due_at = mail_due_at(given, channel_of(given, row.topic), actor.time_zone, now)
    Notification.objects.bulk_update(waiting, ["mail_due_at"], batch_size=500)
    return given
