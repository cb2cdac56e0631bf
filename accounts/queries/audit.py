"""The security record as a page reads it: newest first, with the names that its ids stand for today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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


def audit_page(
    *, viewer: User | None = None, before: int | None = None, actor_id: int | None = None, limit: int = 50
) -> AuditPage:
    """A page of the record, of one actor when given. Five queries, however many lines, and one for what is closed.

    Entries about what is closed to the viewer are left out, so a page may hold fewer lines than the limit;
    nobody in particular reads all.
    """
    entries = AuditEntry.objects.order_by("-id")
    if before is not None:
        entries = entries.filter(id__lt=before)
    if actor_id is not None:
        entries = entries.filter(actor_id=actor_id)
    found = list(entries[: limit + 1])
    shown = found[:limit]
    hidden = _hidden(viewer, shown) if viewer else set()
    names = _names(shown)
    lines = [
        AuditLine(
            id=entry.pk,
            at=entry.at,
            actor=names.get(("user", entry.actor_id or 0), ""),
            verb=entry.verb,
            subject=names.get((entry.subject_type, entry.subject_id or 0), ""),
            details=_details(entry),
            ip=entry.ip or "",
        )
        for entry in shown
        if (entry.subject_type, entry.subject_id) not in hidden
    ]
    return AuditPage(lines=lines, before=shown[-1].pk if len(found) > limit else None)


def _hidden(viewer: User, entries: Iterable[AuditEntry]) -> set[tuple[str, int | None]]:
    """The subjects that are closed to the viewer."""
    by_type: dict[str, set[int]] = {}
    for entry in entries:
        if entry.subject_id:
            by_type.setdefault(entry.subject_type, set()).add(entry.subject_id)
    return {
        (subject_type, pk)
        for subject_type, ids in by_type.items()
        for pk in registry.out_of_sight(viewer, subject_type, ids)
    }


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
