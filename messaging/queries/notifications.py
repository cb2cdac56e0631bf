"""What somebody was told: lines of the centre, newest first, and how many are unread."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Expression, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import ngettext

from accounts.models import User
from core import keyset
from messaging.models import Notification
from messaging.registry import Line, Said, Topic, registry

LIMIT = 30
MOST_COUNTED = 99
NO_WORDS, NO_NUMBER = Value("", TextField()), Value(0, BigIntegerField())
PARTS = {
    "title": NO_WORDS,
    "name": NO_WORDS,
    "kind": NO_WORDS,
    "number": NO_NUMBER,
    "confidentiality": NO_NUMBER,
}
"""The parts of what is said of a thing, and what stands for one that its type does not have."""
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
    """Each in words; what the viewer may not know of is left out. One query, however many types of thing."""
    lines = _lines(viewer, rows)
    return [
        Told(row, registry.topic(row.topic), _said(row, lines[row.subject_type, row.subject_id]))
        for row in rows
        if (row.subject_type, row.subject_id) in lines
    ]


def _lines(viewer: User, rows: Collection[Notification]) -> dict[tuple[str, int], Line]:
    """What the notifications are about, by its type and id."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.subject_type].add(row.subject_id)
    if not wanted:
        return {}
    first, *more = [_read(viewer, subject_type, ids) for subject_type, ids in sorted(wanted.items())]
    found = [(subject_type, Said(*said)) for subject_type, *said in first.union(*more, all=True)]
    return {
        (subject_type, said.pk): registry.subjects[subject_type].line(said) for subject_type, said in found
    }


def _read(viewer: User, subject_type: str, ids: set[int]) -> "QuerySet[Any, Any]":
    """What is read of the things of a type, as rows that stand under those of any other."""
    subject = registry.subjects[subject_type]
    parts: dict[str, Expression] = {"said_type": Cast(Value(subject_type), TextField())}
    for part, empty in PARTS.items():
        parts[f"said_{part}"] = Cast(subject.reads.get(part, empty), empty.output_field)
    first, *more = parts
    seen: QuerySet[Any] = subject.visible(viewer).filter(pk__in=ids)
    told: QuerySet[Any, Any] = seen.annotate(**parts).values_list(first, "pk", *more)
    return told


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
