"""Tags, as far as somebody may know of them: the name of one can tell what it is on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from accounts.models import User
from relationships.models import Tag, Tagging

MOST_OFFERED = 60


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
    rows: Any = Tagging.objects.filter(relationship_id__in=ids).order_by(Lower("tag__name"), "pk")
    for pk, tag_id, name, colour in rows.values_list("relationship_id", "tag_id", "tag__name", "tag__colour"):
        found[pk].append(Label(tag_id, name, colour))
    return found


def labels_of(relationship_id: int) -> Any:
    """The tags of one relationship, for a page that asks for other things beside them."""
    rows = Tag.objects.filter(taggings__relationship_id=relationship_id)
    return rows.order_by(Lower("name"), "pk").values("id", "name", "colour")


def offered_tags(viewer: User, held: Iterable[Label] = ()) -> list[Label]:
    """The tags that somebody may choose from, by name, so many as a form can hold; those that stand there first."""
    standing = list(held)
    known = {label.id for label in standing}
    rows = seen_tags(viewer).exclude(pk__in=known).order_by(Lower("name"), "pk")[:MOST_OFFERED]
    return standing + [Label(tag.pk, tag.name, tag.colour) for tag in rows]


def tag_figures(viewer: User) -> "QuerySet[Any]":
    """The tags that somebody may know of, with on how many open relationships that they may know of each is."""
    seen = Tagging.objects.visible_to(viewer).filter(tag=OuterRef("pk"), relationship__closed_at=None)
    counted = seen.order_by().values("tag").annotate(n=Count("pk")).values("n")
    rows: QuerySet[Any] = seen_tags(viewer).annotate(used=Coalesce(Subquery(counted), 0))
    return rows.order_by(Lower("name"), "pk")
