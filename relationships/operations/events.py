"""The timeline's only writer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import models, transaction

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.models import Event, Party, Relationship
from relationships.registry import registry


class About(TypedDict, total=False):
    """What may be said of an event beside whose it is, who did what, and when."""

    happened_at: datetime | None
    subject: models.Model | None
    reason: str
    data: Mapping[str, Any] | None
    confidentiality: Confidentiality | int


@dataclass(frozen=True)
class Cause:
    """A rule that acts with the rights of its author: lines tell of the rule, and `actor` is the system itself.

    `chain` holds the rules that led to this one, itself the last: nothing is caused in circles.
    """

    rule_id: int
    name: str
    chain: tuple[int, ...]
    actor: User


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def caused_by(cause: Cause) -> Iterator[None]:
    """Within it every line says that the rule did it."""
    token = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(token)


def acting(actor: User) -> User:
    """Who is told to have done it: the actor, or the system itself where a rule acts."""
    cause = _cause.get()
    return cause.actor if cause else actor


@transaction.atomic(savepoint=False)
def record_event(
    *,
    relationship: Relationship | None,
    party: Party,
    verb: str,
    actor: User,
    now: datetime,
    **about: Unpack[About],
) -> Event:
    """One line on the timeline of a relationship or, without one, of a party.

    `data` holds plain facts for the words (names as they were, dates as ISO text), never a model. Raises
    LookupError for a verb without registered words: it could not be shown.
    """
    event = event_of(relationship=relationship, party=party, verb=verb, actor=actor, now=now, **about)
    event.save(force_insert=True)
    return event


@transaction.atomic(savepoint=False)
def record_events(events: Sequence[Event]) -> None:
    """Many lines at once, each from `event_of`."""
    Event.objects.bulk_create(events)


def event_of(
    *,
    relationship: Relationship | None,
    party: Party,
    verb: str,
    actor: User,
    now: datetime,
    **about: Unpack[About],
) -> Event:
    """The line, not yet written."""
    if verb not in registry.event_words:
        raise LookupError(f"the event verb {verb!r} has no words; register them from AppConfig.ready()")
    subject, data, cause = about.get("subject"), dict(about.get("data") or {}), _cause.get()
    if cause is not None:
        actor = cause.actor
        data["by_rule"] = {"id": cause.rule_id, "name": cause.name, "chain": list(cause.chain)}
    return Event(
        relationship=relationship,
        party=party,
        verb=verb,
        subject_type=(subject._meta.model_name or "") if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        actor=actor,
        happened_at=about.get("happened_at") or now,
        recorded_at=now,
        reason=about.get("reason", ""),
        data=data,
        confidentiality=about.get("confidentiality", Confidentiality.INTERNAL),
    )
