"""Somebody who belongs to a party, written down with how to reach them in one go."""

from datetime import datetime

from django.db import transaction

from accounts.models import BusinessUnit, User
from relationships.enums import PartyKind
from relationships.models import LinkType, Party
from relationships.operations.equal_parties import Reach, clean_reach, heed_equals, note_equals, write_reach
from relationships.operations.events import record_events
from relationships.operations.links import link_parties
from relationships.operations.parties import create_party


@transaction.atomic
def add_person(
    *,
    actor: User,
    party: Party,
    name: str,
    now: datetime,
    job_title: str = "",
    phone: str = "",
    email: str = "",
    influence: int = 0,
    stance: str = "",
    type: LinkType | str = "employs",
    is_another: bool = False,
) -> Party:
    """Somebody new whom `party` employs, unless another type of link is told; refusals name the field.

    Raises KnownAlready where a party that the actor may know of has the address or number, unless it is that of
    `party` itself, whose switchboard many share; with `is_another` they are written down all the same, and the
    security record says so.
    """
    reach = Reach(email, phone)
    points, _none = clean_reach(reach, BusinessUnit.objects.get(is_default=True).country)
    theirs = set(
        party.contact_points.filter(normalised__in=points.values()).values_list("normalised", flat=True)
    )
    told = {key: value for key, value in points.items() if value not in theirs}
    equals = heed_equals(actor=actor, told=told, country="", is_another=is_another)
    person = create_party(actor=actor, kind=PartyKind.PERSON, name=name, job_title=job_title, now=now)
    link_parties(
        actor=actor, source_party=party, target_party=person, type=type, now=now,
        influence=influence, stance=stance,
    )  # fmt: skip
    record_events(write_reach(actor=actor, party=person, reach=reach, points=points, now=now))
    note_equals(actor=actor, party=person, equals=equals, now=now)
    return person
