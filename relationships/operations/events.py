"""The timeline's only writer."""

from collections.abc import Mapping, Sequence
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
    subject = about.get("subject")
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
        data=dict(about.get("data") or {}),
        confidentiality=about.get("confidentiality", Confidentiality.INTERNAL),
    )
