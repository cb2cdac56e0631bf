"""The security record as a page reads it: newest first, with the names that its ids stand for today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import AuditEntry, BusinessUnit, Invitation, Team, User
from accounts.registry import registry


@dataclass(frozen=True)
class AuditLine:
    """One entry with names for its ids; a name is empty when what it stood for is gone."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    details: str
    ip: str
    entry: AuditEntry


@dataclass(frozen=True)
class AuditPage:
    """Lines newest first; `before` is the id to go on from, None at the end."""

    lines: list[AuditLine]
    before: int | None


NAMED: dict[str, type[User | Team | BusinessUnit | Invitation]] = {
    "user": User,
    "team": Team,
    "business_unit": BusinessUnit,
    "invitation": Invitation,
}


def seen_entries(viewer: User) -> QuerySet[AuditEntry]:
    """The whole record, without what is about things that are closed to the viewer."""
    entries = AuditEntry.objects.all()
    for subject_type, closed in registry.closed_to(viewer).items():
        entries = entries.exclude(subject_type=subject_type, subject_id__in=closed)
    return entries


def audit_page(
    *,
    viewer: User | None = None,
    before: int | None = None,
    actor_id: int | None = None,
    limit: int = 50,
    entries: QuerySet[AuditEntry] | None = None,
) -> AuditPage:
    """A page of the record or of some `entries` of it; one query for them and one for each type of what they name.

    Nobody in particular reads all.
    """
    if entries is None:
        entries = seen_entries(viewer) if viewer else AuditEntry.objects.all()
    if before is not None:
        entries = entries.filter(id__lt=before)
    if actor_id is not None:
        entries = entries.filter(actor_id=actor_id)
    found = list(entries.order_by("-id")[: limit + 1])
    shown = found[:limit]
    return AuditPage(lines=lines_of(shown), before=shown[-1].pk if len(found) > limit else None)


def lines_of(entries: Sequence[AuditEntry]) -> list[AuditLine]:
    """The entries with the names that their ids stand for today."""
    names = _names(entries)
    return [
        AuditLine(
            id=entry.pk,
            at=entry.at,
            actor=names.get(("user", entry.actor_id or 0), ""),
            verb=entry.verb,
            subject=names.get((entry.subject_type, entry.subject_id or 0), ""),
            details=_details(entry),
            ip=entry.ip or "",
            entry=entry,
        )
        for entry in entries
    ]


def _names(entries: Iterable[AuditEntry]) -> dict[tuple[str, int], str]:
    """(type, id) → name, one query per type of thing."""
    wanted: dict[str, set[int]] = {kind: set() for kind in NAMED}
    for entry in entries:
        if entry.actor_id:
            wanted["user"].add(entry.actor_id)
        if entry.subject_id and entry.subject_type in wanted:
            wanted[entry.subject_type].add(entry.subject_id)
    return {
        (kind, pk): name
        for kind, ids in wanted.items()
        if ids
        for pk, name in NAMED[kind].objects.filter(pk__in=ids).values_list("pk", "name")
    }


def _details(entry: AuditEntry) -> str:
    """What the entry holds beside, as `name: value`, without what is empty."""
    return ", ".join(f"{name}: {value}" for name, value in entry.data.items() if value not in (None, "", []))
