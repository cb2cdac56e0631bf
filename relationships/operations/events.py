"""The timeline's only writer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.models import Event, Party, Relationship
from relationships.registry import registry


@transaction.atomic
def record_event(
    *,
    relationship: Relationship | None,
    party: Party,
    verb: str,
    actor: User,
    now: datetime,
    happened_at: datetime | None = None,
    subject: models.Model | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    confidentiality: Confidentiality | int = Confidentiality.INTERNAL,
) -> Event:
    """One line on the timeline of a relationship or, without one, of a party.

    `data` holds plain facts for the words (names as they were, dates as ISO text), never a model. Raises
    LookupError for a verb without registered words: it could not be shown.
    """
    if verb not in registry.event_words:
        raise LookupError(f"the event verb {verb!r} has no words; register them from AppConfig.ready()")
    return Event.objects.create(
        relationship=relationship,
        party=party,
        verb=verb,
        subject_type=subject._meta.model_name or "" if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        actor=actor,
        happened_at=happened_at or now,
        recorded_at=now,
        reason=reason,
        data=dict(data or {}),
        confidentiality=confidentiality,
    )
