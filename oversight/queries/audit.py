"""The two books of what was done, narrowed by who, what, about whom and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import AuditEntry, User
from accounts.queries.audit import AuditLine, AuditPage, audit_page, lines_of, seen_entries
from oversight.enums import Book
from relationships.models import Document, Event, Interaction, Party, Relationship
from relationships.queries.timeline import Entry, entries_of

LIMIT = 50
CHUNK = 500
OF_A_PARTY = {"interaction": Interaction, "document": Document}
"""What the security record speaks of beside parties and relationships themselves, by the type of its entries."""


@dataclass(frozen=True)
class Question:
    """What is asked of a book; days are of the asker's zone, both included."""

    book: str = Book.SECURITY
    actor_id: int | None = None
    verb: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    party_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Told:
    """One entry of the security record with what it is about, as far as that can be opened."""

    line: AuditLine
    url: str
    name: str


@dataclass(frozen=True)
class EventPage:
    """Lines of timelines, newest first, those that follow one another about one party together."""

    groups: list[tuple[str, str, list[Entry]]]
    before: int | None


def asked_entries(viewer: User, question: Question) -> QuerySet[AuditEntry]:
    """The entries of the security record that answer, as far as the viewer may know of them."""
    entries = seen_entries(viewer).filter(_when("at", viewer, question))
    if question.actor_id is not None:
        entries = entries.filter(actor_id=question.actor_id)
    if question.verb:
        entries = entries.filter(verb=question.verb)
    if question.subject_type:
        entries = entries.filter(subject_type=question.subject_type)
    if question.subject_id is not None:
        entries = entries.filter(subject_id=question.subject_id)
    if question.party_id is not None:
        entries = entries.filter(_about(viewer, question.party_id))
    return entries


def asked_events(viewer: User, question: Question) -> QuerySet[Event]:
    """The lines of timelines that answer, as far as the viewer may know of them."""
    events = Event.objects.visible_to(viewer).filter(_when("recorded_at", viewer, question))
    if question.actor_id is not None:
        events = events.filter(actor_id=question.actor_id)
    if question.verb:
        events = events.filter(verb=question.verb)
    if question.subject_type:
        events = events.filter(subject_type=question.subject_type)
    if question.subject_id is not None:
        events = events.filter(subject_id=question.subject_id)
    if question.party_id is not None:
        events = events.filter(Q(party_id=question.party_id) | Q(relationship__party_id=question.party_id))
    return events


def security_page(viewer: User, question: Question, *, before: int | None) -> tuple[list[Told], int | None]:
    """A page of the security record, each line with where it leads."""
    page: AuditPage = audit_page(before=before, entries=asked_entries(viewer, question), limit=LIMIT)
    places = _places(viewer, [line.entry for line in page.lines])
    told = []
    for line in page.lines:
        url, name = places.get((line.entry.subject_type, line.entry.subject_id or 0), ("", ""))
        told.append(Told(line, url, line.subject or name))
    return told, page.before


def event_page(viewer: User, question: Question, *, before: int | None) -> EventPage:
    """A page of what happened in relationships, in the words of their timelines."""
    events = asked_events(viewer, question)
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.select_related("actor", "party", "relationship").order_by("-pk")[: LIMIT + 1])
    shown = found[:LIMIT]
    entries = entries_of(viewer, shown)
    seen = set(
        Relationship.objects.visible_to(viewer)
        .filter(pk__in={event.relationship_id for event in shown if event.relationship_id})
        .values_list("pk", flat=True)
    )
    groups = [
        (place, name, list(each))
        for (place, name), each in groupby(entries, key=lambda entry: _whose(entry.event, seen))
    ]
    return EventPage(groups, shown[-1].pk if len(found) > LIMIT else None)


def entry_facts(viewer: User, question: Question) -> Iterator[dict[str, Any]]:
    """Every entry that answers, newest first, read a chunk at a time."""
    entries = asked_entries(viewer, question).order_by("-pk")
    for chunk in _chunks(entries):
        for line in lines_of(chunk):
            entry = line.entry
            yield {
                "id": entry.pk,
                "at": entry.at.isoformat(),
                "actor_id": entry.actor_id,
                "actor": line.actor,
                "verb": entry.verb,
                "subject_type": entry.subject_type,
                "subject_id": entry.subject_id,
                "subject": line.subject,
                "ip": line.ip,
                "data": entry.data,
            }


def event_facts(viewer: User, question: Question) -> Iterator[dict[str, Any]]:
    """The same of timelines."""
    events = asked_events(viewer, question).select_related("actor", "party").order_by("-pk")
    for chunk in _chunks(events):
        for event in chunk:
            yield {
                "id": event.pk,
                "at": event.recorded_at.isoformat(),
                "actor_id": event.actor_id,
                "actor": event.actor.name,
                "verb": event.verb,
                "subject_type": event.subject_type,
                "subject_id": event.subject_id,
                "subject": event.party.name,
                "party_id": event.party_id,
                "relationship_id": event.relationship_id,
                "happened_at": event.happened_at.isoformat(),
                "reason": event.reason,
                "data": event.data,
            }


def _when(field: str, viewer: User, question: Question) -> Q:
    zone = ZoneInfo(viewer.time_zone)
    condition = Q()
    if question.since:
        condition &= Q(**{f"{field}__gte": datetime.combine(question.since, time.min, zone)})
    if question.until:
        after = question.until + timedelta(days=1)
        condition &= Q(**{f"{field}__lt": datetime.combine(after, time.min, zone)})
    return condition


def _about(viewer: User, party_id: int) -> Q:
    """Entries about a party, and about what belongs to its relationships that the viewer may know of."""
    roles = Relationship.objects.visible_to(viewer).filter(party_id=party_id)
    parties = Party.objects.visible_to(viewer).filter(pk=party_id)
    condition = Q(subject_type="party", subject_id__in=parties.values("pk"))
    condition |= Q(subject_type="relationship", subject_id__in=roles.values("pk"))
    for subject_type, model in OF_A_PARTY.items():
        rows = model._default_manager.filter(relationship__in=roles)
        condition |= Q(subject_type=subject_type, subject_id__in=rows.values("pk"))
    return condition


def _places(viewer: User, entries: list[AuditEntry]) -> dict[tuple[str, int], tuple[str, str]]:
    """(type, id) → where the thing is and what it is called, of those that the viewer may know of."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        if entry.subject_id:
            wanted.setdefault(entry.subject_type, set()).add(entry.subject_id)
    pages = {"user": "people", "team": "teams", "business_unit": "business-units"}
    found = {
        (subject_type, pk): (f"/administration/{place}/{pk}/", "")
        for subject_type, place in pages.items()
        for pk in wanted.get(subject_type, ())
    }
    roles = Relationship.objects.visible_to(viewer)
    if ids := wanted.get("relationship"):
        rows = roles.filter(pk__in=ids).values_list("pk", "kind", "party_name")
        found |= {("relationship", pk): (f"/{kind}/{pk}/", name) for pk, kind, name in rows}
    if ids := wanted.get("party"):
        parties = Party.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", "name")
        found |= {("party", pk): (f"/parties/{pk}/", name) for pk, name in parties}
    for subject_type, model in OF_A_PARTY.items():
        if ids := wanted.get(subject_type):
            held = model._default_manager.filter(pk__in=ids, relationship__in=roles)
            things = held.values_list(
                "pk", "relationship_id", "relationship__kind", "relationship__party_name"
            )
            found |= {(subject_type, pk): (f"/{kind}/{role}/", name) for pk, role, kind, name in things}
    return found


def _whose(event: Event, seen: set[int]) -> tuple[str, str]:
    """The address and the name of what an event happened to."""
    if event.relationship is not None and event.relationship_id in seen:
        return f"/{event.relationship.kind}/{event.relationship_id}/", event.relationship.party_name
    return f"/parties/{event.party_id}/", event.party.name


def _chunks(rows: "QuerySet[Any]") -> Iterator[list[Any]]:
    """The rows, some at a time, each beginning below the last: no cursor stays open while somebody reads slowly."""
    last = None
    while True:
        chunk = list((rows if last is None else rows.filter(pk__lt=last))[:CHUNK])
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk
