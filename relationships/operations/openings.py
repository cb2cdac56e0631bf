"""A party and what it is to us, written down in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import BusinessUnit, User
from accounts.operations.audit import Fact, record_audit
from core.refusals import Conflict, Invalid
from relationships.enums import ContactPointKind
from relationships.models import Event, Party, PartyIdentifier, Relationship
from relationships.operations.access import see_party
from relationships.operations.contact_points import normalise, write_contact_points
from relationships.operations.events import record_events
from relationships.operations.inputs import Problems
from relationships.operations.parties import write_party
from relationships.operations.relationships import write_relationship
from relationships.operations.submissions import first_of, fulfil
from relationships.queries.equal_parties import LOOKUPS, Equal, equal_parties

POINTS = {"email": ContactPointKind.EMAIL, "phone": ContactPointKind.PHONE}


class KnownAlready(Conflict):
    """Somebody with the same name, address or number is known; `equals` are those that the actor may know of."""

    def __init__(self, equals: Sequence[Equal]) -> None:
        names = ", ".join(f"“{equal.party.name}”" for equal in equals)
        super().__init__(
            _("Known already: %(names)s. Say that it is somebody else to add it.") % {"names": names}
        )
        self.equals = list(equals)


@dataclass(frozen=True)
class Reach:
    """How somebody new is reached and registered, as it was typed."""

    email: str = ""
    phone: str = ""
    registration: str = ""


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
    reach: Reach = Reach(),
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
    points, registration = _clean(reach, country or unit.country)
    told = {"name": str(facts.get("name", "")).strip(), **points, "registration": registration}
    equals = equal_parties(viewer=actor, told=told, country=country)
    if equals and not is_another:
        raise KnownAlready(equals)
    party, line = write_party(actor=actor, kind=party_kind, now=now, **facts)
    typed = {
        str(kind): (getattr(reach, name), points[name]) for name, kind in POINTS.items() if name in points
    }
    lines = [line, *write_contact_points(actor=actor, party=party, points=typed, now=now)]
    if registration:
        PartyIdentifier.objects.create(party=party, scheme=PartyIdentifier.REGISTRATION, value=registration)
    if equals:
        _audit(actor, party, equals, now)
    return party, lines


def _clean(reach: Reach, region: str) -> tuple[dict[str, str], str]:
    """Normal forms of the addresses by their names, and the registration number; raises Invalid under them."""
    problems = Problems()
    points: dict[str, str] = {}
    for name, kind in POINTS.items():
        value = problems.text(name, getattr(reach, name), most=320)
        try:
            points |= {name: normalise(kind, value, region)} if value else {}
        except Invalid as refusal:
            problems.add(name, str(refusal))
    registration = problems.text("registration", reach.registration, most=120)
    if registration and not any(sign.isalnum() for sign in registration):
        problems.add("registration", _("“%(value)s” is not a registration number.") % {"value": registration})
    problems.refuse()
    return points, registration


def _audit(actor: User, party: Party, equals: Sequence[Equal], now: datetime) -> None:
    ids: list[Fact] = [equal.party.pk for equal in equals]
    record_audit(
        actor_id=actor.pk,
        verb="equal_party_added",
        now=now,
        subject_type="party",
        subject_id=party.pk,
        data={
            "equal_to": ids,
            "by": [key for key in LOOKUPS if any(key in equal.by for equal in equals)],
        },
    )
