"""Tags, as far as somebody may know of them: the name of one can tell what it is on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from relationships.models import Tag, Tagging


@dataclass(frozen=True)
class Label:
    """A tag as a page shows it."""

    id: int
    name: str
    colour: str


def seen_tags(viewer: User) -> "QuerySet[Tag]":
    """The tags that are offered to all, those on something that the viewer may know of, and those that they made."""
    on_seen = Tagging.objects.visible_to(viewer).filter(tag=OuterRef("pk"))
    return Tag.objects.filter(Q(offered_at__isnull=False) | Q(created_by=viewer) | Exists(on_seen))


def tags_of(relationship_ids: Iterable[int]) -> dict[int, list[Label]]:
    """The tags of relationships that the viewer was found to know of, by name, in one query."""
    ids = list(relationship_ids)
    found: dict[int, list[Label]] = {pk: [] for pk in ids}
    rows: Any = Tagging.objects.filter(relationship_id__in=ids).order_by("tag__name", "pk")
    for pk, tag_id, name, colour in rows.values_list("relationship_id", "tag_id", "tag__name", "tag__colour"):
        found[pk].append(Label(tag_id, name, colour))
    return found
