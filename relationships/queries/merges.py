"""Merges that took place: where an address of one that went leads to, and what may be undone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.enums import Permission
from accounts.models import User
from relationships.models import JoinedRelationship, MergeRecord, Party, Relationship
from relationships.permissions import may_in
from relationships.querysets import MergeQuerySet

SHOWN = 50


@dataclass(frozen=True)
class Merge:
    """A merge that the viewer may know of, and whether they may undo it now."""

    record: MergeRecord
    may_undo: bool


def load_merges(viewer: User, ids: set[int]) -> Mapping[int, Merge]:
    """The merges that timeline events speak of, by id."""
    found = MergeRecord.objects.visible_to(viewer).filter(pk__in=ids)
    return {merge.record.pk: merge for merge in _judged(viewer, found)}


def latest_merges(*, viewer: User) -> list[Merge]:
    """The last fifty of which the viewer may know, newest first."""
    return _judged(viewer, MergeRecord.objects.visible_to(viewer).order_by("-merged_at", "-pk")[:SHOWN])


def former_party(*, viewer: User, party_id: int) -> Party | None:
    """The party that one went into, for a viewer who may know of it."""
    merge = MergeRecord.objects.standing().filter(former_id=party_id)
    return Party.objects.visible_to(viewer).filter(pk__in=merge.values("kept_id")).first()


def former_relationship(*, viewer: User, relationship_id: int) -> Relationship | None:
    """The relationship that one went into, for a viewer who may know of it."""
    joined = JoinedRelationship.objects.filter(former_id=relationship_id, record__undone_at=None)
    return Relationship.objects.visible_to(viewer).filter(pk__in=joined.values("relationship_id")).first()


def _judged(viewer: User, found: "MergeQuerySet[MergeRecord]") -> list[Merge]:
    """Each with whether it is the last into its party, and the viewer may change all that they see of it."""
    later = MergeRecord.objects.standing().filter(kept_id=OuterRef("kept_id"), pk__gt=OuterRef("pk"))
    records = list(found.select_related("kept", "merged_by", "undone_by").annotate(is_followed=Exists(later)))
    held: dict[int, list[Relationship]] = {}
    for each in Relationship.objects.visible_to(viewer).filter(
        party_id__in={record.kept_id for record in records}
    ):
        held.setdefault(each.party_id, []).append(each)
    may_edit = viewer.may(Permission.EDIT_PARTIES)
    return [
        Merge(
            record,
            may_edit
            and record.undone_at is None
            and not record.is_followed
            and all(
                may_in(viewer, Permission.MANAGE_RELATIONSHIPS, each) for each in held.get(record.kept_id, [])
            ),
        )
        for record in records
    ]
