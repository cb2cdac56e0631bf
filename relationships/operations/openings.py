"""A party and what it is to us, written down in one go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import BusinessUnit, User
from relationships.models import Event, Party, PartyIdentifier, Relationship
from relationships.operations.access import see_party
from relationships.operations.equal_parties import (
    UNTOLD,
    Reach,
    clean_reach,
    heed_equals,
    note_equals,
    write_reach,
)
from relationships.operations.events import record_events
from relationships.operations.parties import write_party
from relationships.operations.relationships import write_relationship
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
    reach: Reach = UNTOLD,
    is_another: bool = False,
    idempotency_key: str = "",
) -> Relationship:
    """Opens a relationship with `party`, or with somebody new of whom `facts` are told; once for each key.

    Raises KnownAlready for somebody new of whom the name, address or number is that of a party the actor may know
    of; with `is_another` it is written down all the same, and the security record says so.
    """
    first = first_of(actor, idempotency_key, Relationship, now)
    if first is not None:
        return first
    unit = BusinessUnit.objects.get(is_default=True)
    told: list[Event] = []
    if party is not None:
        held = see_party(actor, party)
    else:
        held, told = _write_new(actor, party_kind, facts, reach, unit, now, is_another=is_another)
    opened, line = write_relationship(
        actor=actor, party=held, kind=kind, now=now, business_unit=unit, is_first=party is None, **terms
    )
    record_events([*told, line])
    fulfil(actor, idempotency_key, opened)
    return opened


def _write_new(
    actor: User,
    party_kind: str,
    facts: Mapping[str, Any],
    reach: Reach,
    unit: BusinessUnit,
    now: datetime,
    *,
    is_another: bool,
) -> tuple[Party, list[Event]]:
    """The new party with its addresses and number; gives the lines that tell of it, not yet written."""
    country = str(facts.get("country", "")).strip().upper()
    points, registration = clean_reach(reach, country or unit.country)
    told = {"name": str(facts.get("name", "")).strip(), **points, "registration": registration}
    equals = heed_equals(actor=actor, told=told, country=country, is_another=is_another)
    party, line = write_party(actor=actor, kind=party_kind, now=now, **facts)
    lines = [line, *write_reach(actor=actor, party=party, reach=reach, points=points, now=now)]
    if registration:
        PartyIdentifier.objects.create(party=party, scheme=PartyIdentifier.REGISTRATION, value=registration)
    note_equals(actor=actor, party=party, equals=equals, now=now)
    return party, lines
