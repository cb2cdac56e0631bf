"""Tags put on many relationships and taken off others at once, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Missing
from relationships.enums import BulkAction
from relationships.models import BulkChange, Relationship, Tag, Tagging
from relationships.operations.tags import MOST, put_tags, tag_relationships

TAGS = "tags"
"""What the field of such a change is called."""


@transaction.atomic
def tag_many(
    *,
    actor: User,
    kind: str,
    relationship_ids: Sequence[int],
    now: datetime,
    words: str,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> BulkChange:
    """`tags.tag_relationships`, so that it can be taken back."""
    if Relationship.objects.filter(pk__in=relationship_ids).exclude(kind=kind).exists():
        raise Missing(_("There is no such relationship."))
    changed = tag_relationships(
        actor=actor, relationship_ids=relationship_ids, now=now, add=add, remove=remove
    )
    return BulkChange.objects.create(
        kind=kind, action=BulkAction.FIELD, field=TAGS, words=words[:400], ids=list(changed),
        before=list(changed.values()), changed_at=now, changed_by=actor,
    )  # fmt: skip


def give_back_tags(
    *, actor: User, rows: Sequence[Relationship], was: Mapping[int, Any], now: datetime
) -> tuple[int, int]:
    """Takes off what was put on and puts back what was taken off, where both still stands as it was left.

    Gives how many relationships were restored, and how many were changed since; a tag that is gone is such a change.
    """
    bearing = Tagging.objects.filter(relationship_id__in=[row.pk for row in rows])
    standing: dict[int, set[int]] = {row.pk: set() for row in rows}
    for pk, tag_id in bearing.values_list("relationship_id", "tag_id"):
        standing[pk].add(tag_id)
    tags = Tag.objects.in_bulk({tag for row in rows for tag in was[row.pk]["removed"]})
    groups: dict[str, list[Relationship]] = {}
    for row in rows:
        if _is_as_left(standing[row.pk], was[row.pk], tags):
            groups.setdefault(json.dumps(was[row.pk]), []).append(row)
    for group in groups.values():
        done = was[group[0].pk]
        on = [tags[pk] for pk in done["removed"]]
        put_tags(group, on, done["added"], actor, now, reason=_("Taken back"))
    restored = sum(map(len, groups.values()))
    return restored, len(rows) - restored


def _is_as_left(standing: set[int], done: Mapping[str, list[int]], tags: Mapping[int, Tag]) -> bool:
    added, removed = set(done["added"]), set(done["removed"])
    fits = len(standing) - len(added) + len(removed) <= MOST
    return added <= standing and not removed & standing and removed <= tags.keys() and fits
