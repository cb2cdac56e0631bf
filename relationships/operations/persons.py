"""Somebody who belongs to a party, written down with how to reach them in one go."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.refusals import Invalid
from relationships.enums import ContactPointKind, PartyKind
from relationships.models import LinkType, Party
from relationships.operations.contact_points import add_contact_point
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
) -> Party:
    """Somebody new whom `party` employs, unless another type of link is told; refusals name the field."""
    person = create_party(actor=actor, kind=PartyKind.PERSON, name=name, job_title=job_title, now=now)
    link_parties(
        actor=actor, source_party=party, target_party=person, type=type, now=now,
        influence=influence, stance=stance,
    )  # fmt: skip
    for kind, field, value in (
        (ContactPointKind.PHONE, "phone", phone),
        (ContactPointKind.EMAIL, "email", email),
    ):
        if value.strip():
            try:
                add_contact_point(actor=actor, party=person, kind=kind, value=value, now=now)
            except Invalid as refusal:
                raise Invalid({field: refusal.errors.get("value", [str(refusal)])}) from None
    return person
