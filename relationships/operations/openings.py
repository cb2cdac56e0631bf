"""A party and what it is to us, written down in one go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from relationships.models import Party, Relationship
from relationships.operations.parties import create_party
from relationships.operations.relationships import open_relationship
from relationships.operations.submissions import first_of, fulfil


@transaction.atomic
def open_with_party(
    *,
    actor: User,
    kind: str,
    party: Party | None,
    party_kind: str,
    facts: Mapping[str, Any],
    terms: Mapping[str, Any],
    now: datetime,
    idempotency_key: str = "",
) -> Relationship:
    """Opens a relationship with `party`, or with somebody new of whom `facts` are told; once for each key."""
    first = first_of(actor, idempotency_key, Relationship, now)
    if first is not None:
        return first
    held = party or create_party(actor=actor, kind=party_kind, now=now, **facts)
    opened = open_relationship(actor=actor, party=held, kind=kind, now=now, **terms)
    fulfil(actor, idempotency_key, opened)
    return opened
