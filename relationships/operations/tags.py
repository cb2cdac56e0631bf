"""Tags: put on relationships and taken off, offered to everybody, called otherwise, made one, removed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.refusals import Invalid, Missing
from relationships.enums import TagColour, Verb
from relationships.models import Event, Relationship, Tag, Tagging
from relationships.operations.access import hold_relationship, hold_relationships
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems
from relationships.queries.tags import seen_tags

MOST = 30
"""So many can be on one relationship."""


@transaction.atomic
def set_tags(*, actor: User, relationship: Relationship, names: Iterable[str], now: datetime) -> Relationship:
    """Has a relationship bear exactly these tags; one that nobody has made yet is made. Case does not count."""
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    wanted = _found_or_made(names, actor, now)
    before = {tagging.tag_id for tagging in held.taggings.all()}
    off = [tag_id for tag_id in before if tag_id not in {tag.pk for tag in wanted}]
    put_tags([held], wanted, off, actor, now)
    return held


@transaction.atomic
def tag_relationships(
    *,
    actor: User,
    relationship_ids: Sequence[int],
    now: datetime,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> dict[int, dict[str, list[int]]]:
    """Puts tags on many relationships and takes others off, all or none; gives what it did to each that it changed."""
    held = hold_relationships(actor, relationship_ids, Permission.MANAGE_RELATIONSHIPS)
    added = _found_or_made(add, actor, now)
    names = {" ".join(name.split()).lower() for name in remove}
    gone = seen_tags(actor).annotate(folded=Lower("name")).filter(folded__in=names)
    return put_tags(held, added, list(gone.values_list("pk", flat=True)), actor, now)


@transaction.atomic
def offer_tag(*, actor: User, name: str, now: datetime, colour: str = TagColour.PLAIN) -> Tag:
    """Makes a tag part of the workspace's vocabulary, known to everybody. One of that name becomes so."""
    require(actor, Permission.MANAGE_WORKSPACE)
    problems = Problems()
    words = _checked(name, problems)
    problems.choice("colour", colour, TagColour.values)
    problems.refuse()
    tag = _of_name(words) or Tag(name=words, created_at=now, created_by=actor)
    tag.offered_at, tag.colour = tag.offered_at or now, colour
    tag.save()
    _audit(actor, tag, "tag_offered", now)
    return tag


@transaction.atomic
def edit_tag(*, actor: User, tag: Tag, name: str, colour: str, now: datetime) -> Tag:
    """Calls a tag otherwise, everywhere. Where another has that name already the two become one."""
    held = _hold(actor, tag)
    problems = Problems()
    words = _checked(name, problems)
    problems.choice("colour", colour, TagColour.values)
    problems.refuse()
    other = _of_name(words)
    if other is not None and other.pk != held.pk:
        _merge(held, other, actor, now)
        held = other
    held.name, held.colour = words, colour
    held.save(update_fields=["name", "colour"])
    _audit(actor, held, "tag_edited", now)
    return held


@transaction.atomic
def remove_tag(*, actor: User, tag: Tag, now: datetime) -> int:
    """Takes a tag off everything and forgets it. Returns off how many relationships that the actor may know of."""
    held = _hold(actor, tag)
    seen = Tagging.objects.visible_to(actor).filter(tag=held).count()
    _audit(actor, held, "tag_removed", now)
    held.delete()
    return seen


def put_tags(
    held: Sequence[Relationship],
    on: Sequence[Tag],
    off: Sequence[int],
    actor: User,
    now: datetime,
    *,
    reason: str = "",
) -> dict[int, dict[str, list[int]]]:
    """Puts tags on and takes tags off; one line on the timeline of each relationship for either.

    Gives the ids of the tags that were `added` to each, and `removed` from it.
    """
    ids = [each.pk for each in held]
    standing = set(Tagging.objects.filter(relationship_id__in=ids).values_list("relationship_id", "tag_id"))
    named = dict(Tag.objects.filter(pk__in=off).values_list("pk", "name"))
    lines: list[Event] = []
    fresh: list[Tagging] = []
    changed: dict[int, dict[str, list[int]]] = {}
    for each in held:
        added = [tag for tag in on if (each.pk, tag.pk) not in standing]
        gone = [pk for pk in named if (each.pk, pk) in standing]
        removed = sorted(named[pk] for pk in gone)
        _refuse_too_many(each, standing, len(added), len(removed))
        fresh += [Tagging(relationship=each, tag=tag, tagged_at=now, tagged_by=actor) for tag in added]
        told = {"added": [tag.name for tag in added], "removed": removed}
        lines += [_line(each, {key: names}, actor, now, reason) for key, names in told.items() if names]
        if added or gone:
            changed[each.pk] = {"added": [tag.pk for tag in added], "removed": gone}
    Tagging.objects.filter(relationship_id__in=ids, tag_id__in=named).delete()
    Tagging.objects.bulk_create(fresh)
    record_events(lines)
    return changed


def _refuse_too_many(each: Relationship, standing: set[tuple[int, int]], added: int, removed: int) -> None:
    count = sum(pk == each.pk for pk, _tag in standing) + added - removed
    if added and count > MOST:
        raise Invalid({"tags": _("At most %(most)d tags are on one relationship.") % {"most": MOST}})


def _line(held: Relationship, data: dict[str, list[str]], actor: User, now: datetime, reason: str) -> Event:
    return event_of(
        relationship=held, party=held.party, verb=Verb.TAGS_CHANGED, actor=actor, now=now, data=data,
        reason=reason,
    )  # fmt: skip


def _found_or_made(names: Iterable[str], actor: User, now: datetime) -> list[Tag]:
    """The tags of these names, each once."""
    problems = Problems()
    wanted: dict[str, str] = {}
    for name in names:
        if name.strip():
            words = _checked(name, problems)
            wanted.setdefault(words.lower(), words)
    problems.refuse()
    known = {
        tag.name.lower(): tag for tag in Tag.objects.annotate(folded=Lower("name")).filter(folded__in=wanted)
    }
    return [
        known.get(folded) or Tag.objects.create(name=words, created_at=now, created_by=actor)
        for folded, words in wanted.items()
    ]


def _of_name(name: str) -> Tag | None:
    return Tag.objects.select_for_update().filter(name__iexact=name).first()


def _checked(name: str, problems: Problems) -> str:
    words = " ".join(problems.text("name", name, most=40, required=True).split())
    if "," in words or "|" in words:
        problems.add("name", _("A tag has no comma and no | in it: they stand between tags."))
    return words


def _hold(actor: User, tag: Tag) -> Tag:
    """The tag, for somebody who manages the workspace and may know of it."""
    require(actor, Permission.MANAGE_WORKSPACE)
    if not seen_tags(actor).filter(pk=tag.pk).exists():
        raise Missing(_("There is no such tag."))
    return Tag.objects.select_for_update().get(pk=tag.pk)


def _merge(gone: Tag, kept: Tag, actor: User, now: datetime) -> None:
    """Has everything that bears one tag bear the other; what bears both bears one."""
    bearing = Tagging.objects.filter(tag=kept).values("relationship_id")
    Tagging.objects.filter(tag=gone).exclude(relationship_id__in=bearing).update(tag=kept)
    kept.offered_at = kept.offered_at or gone.offered_at
    kept.save(update_fields=["offered_at"])
    _audit(actor, kept, "tags_merged", now, gone=gone.pk)
    gone.delete()


def _audit(actor: User, tag: Tag, verb: str, now: datetime, **data: int) -> None:
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="tag", subject_id=tag.pk, data=dict(data)
    )
