"""What somebody was told: lines of the centre, newest first, and how many are unread."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import ngettext

from accounts.models import User
from core import keyset
from messaging.models import Notification
from messaging.registry import Line, Topic, registry

LIMIT = 30
MOST_COUNTED = 99
NEWEST = keyset.Order(keyset.SortKey("happened_at", datetime.fromisoformat), descending=True)


@dataclass(frozen=True)
class Told:
    """A notification in words."""

    notification: Notification
    topic: Topic
    line: Line

    @property
    def words(self) -> str:
        """What happened."""
        return self.topic.words(self.notification.facts)

    @property
    def named(self) -> str:
        """Whom it is about, for a mail: not where the words came with it, which say as much as is meant to be said."""
        return "" if "words" in self.notification.facts else self.line.name

    @property
    def more(self) -> str:
        """How many others of its kind it stands for; empty when it stands for itself."""
        number = int(self.notification.facts.get("more", 0))
        return ngettext("and %(n)d more", "and %(n)d more", number) % {"n": number} if number else ""


def notifications_for(
    viewer: User, *, unread_only: bool = False, topic: str = ""
) -> "QuerySet[Notification]":
    """One's own about what one may know of, perhaps only the unread, or those of one topic."""
    found = Notification.objects.visible_to(viewer).select_related("actor")
    found = found.filter(topic=topic) if topic else found
    return found.unread() if unread_only else found


def centre(
    viewer: User, *, unread_only: bool, topic: str, cursor: str
) -> tuple[keyset.Page[Notification], list[Told]]:
    """A page of the centre, and its lines."""
    rows = notifications_for(viewer, unread_only=unread_only, topic=topic)
    page = keyset.page(rows, NEWEST, cursor=cursor, limit=LIMIT)
    return page, in_words(viewer, page.rows)


def in_words(viewer: User, rows: Collection[Notification]) -> list[Told]:
    """Each in words; what the viewer may not know of is left out. One query for each type of thing."""
    lines: dict[tuple[str, int], Line] = {}
    for subject_type in sorted({row.subject_type for row in rows}):
        subject = registry.subjects[subject_type]
        ids = {row.subject_id for row in rows if row.subject_type == subject_type}
        found = subject.lines(subject.visible(viewer).filter(pk__in=ids), ids)
        lines |= {(subject_type, pk): line for pk, line in found.items()}
    return [
        Told(row, registry.topic(row.topic), _said(row, lines[row.subject_type, row.subject_id]))
        for row in rows
        if (row.subject_type, row.subject_id) in lines
    ]


def _said(row: Notification, line: Line) -> Line:
    """With the words that came with it, such as those of a rule, before the name of what they are about."""
    if "words" not in row.facts:
        return line
    return replace(line, title=str(row.facts["words"]), name=line.name or line.title)


def unread_count(viewer: User) -> int:
    """How many are unread, counted no further than is told."""
    unread = notifications_for(viewer, unread_only=True).order_by().values("pk")
    return unread[: MOST_COUNTED + 1].count()


def newest_id(viewer: User) -> int:
    """The number of the newest that one may know of; nought without any."""
    seen = Notification.objects.visible_to(viewer).order_by("-pk")
    return seen.values_list("pk", flat=True).first() or 0
