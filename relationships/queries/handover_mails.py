"""Introductions on a handover: whom to tell who looks after them now, and the words prepared for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import NotAllowed
from relationships import kinds
from relationships.enums import ContactPointKind, PartyKind
from relationships.models import (
    ContactPoint,
    Handover,
    HandoverMail,
    HandoverPack,
    Party,
    PartyLink,
    Relationship,
)
from relationships.queries.handovers import visible_handover

MOST = 500


@dataclass(frozen=True)
class Address:
    """A mail address of somebody there; `person` is None for one of the organisation's own."""

    value: str
    name: str
    person: Party | None


@dataclass(frozen=True)
class Letter:
    """An introduction as it would go, or went: to whom, in which words. Without an address it cannot go."""

    pack: HandoverPack
    address: Address | None
    addresses: list[Address]
    subject: str
    body: str
    mail: HandoverMail | None

    @property
    def is_sent(self) -> bool:
        """Whether it went."""
        return self.mail is not None and self.mail.sent_at is not None

    @property
    def can_go(self) -> bool:
        """Whether it can be sent."""
        return self.address is not None and not self.is_sent


def own_handover(viewer: User, handover_id: int) -> Handover:
    """The handover, for who had the book or handed it over. Raises Missing and NotAllowed."""
    handover = visible_handover(viewer, handover_id)
    if viewer.pk not in (handover.leaver_id, handover.handed_by_id):
        raise NotAllowed(_("Only who had it, or who handed it over, introduces the new one."))
    return handover


def introduced_packs(viewer: User, handover: Handover) -> QuerySet[HandoverPack]:
    """What of a handover somebody is told of by letter, as far as the viewer may know of it.

    Not the relationships that are for few people only, and none where somebody else looks after them by now.
    """
    closed = [kind.slug for kind, _sight in kinds.registry.closed]
    return (
        HandoverPack.objects.visible_to(viewer)
        .filter(
            handover=handover,
            relationship__closed_at=None,
            relationship__owner=F("receiver"),
            relationship__confidentiality__lte=Confidentiality.INTERNAL,
        )
        .exclude(relationship__kind__in=closed)
        .select_related(
            "handover__leaver", "receiver", "relationship__party", "relationship__business_unit",
            "mail__person", "mail__sent_by",
        )
    )  # fmt: skip


def letters_of(
    *, viewer: User, handover: Handover, as_of: date, pack_ids: Sequence[int] | None = None
) -> list[Letter]:
    """The introductions of a handover that the viewer may know of, by name, in four queries."""
    rows = introduced_packs(viewer, handover)
    if pack_ids is not None:
        rows = rows.filter(pk__in=pack_ids)
    return letters_for(viewer, list(rows.order_by("relationship__party_name", "pk")[:MOST]), as_of)


def letters_for(viewer: User, packs: Sequence[HandoverPack], as_of: date) -> list[Letter]:
    """The introduction of each of these packs."""
    known = _addresses(viewer, [pack.relationship for pack in packs], as_of)
    return [_letter(pack, known[pack.relationship_id]) for pack in packs]


def _letter(pack: HandoverPack, addresses: list[Address]) -> Letter:
    mail: HandoverMail | None = getattr(pack, "mail", None)
    if mail is not None:
        person = mail.person
        chosen = Address(mail.address, person.name if person else pack.relationship.party_name, person)
        return Letter(pack, chosen, addresses, mail.subject, mail.body, mail)
    address = addresses[0] if addresses else None
    whole = render_to_string(
        "emails/handover_introduction.txt", {"pack": pack, "handover": pack.handover, "address": address}
    )
    subject, _line, body = whole.strip().partition("\n")
    return Letter(pack, address, addresses, subject.strip()[:200], body.strip() + "\n", None)


def _addresses(viewer: User, relationships: Sequence[Relationship], as_of: date) -> dict[int, list[Address]]:
    """By relationship, whom one would write to: people of influence first, the organisation's own addresses last."""
    parties = {relationship.party_id for relationship in relationships}
    near = _people_near(viewer, parties, as_of)
    wanted = parties | {person for people in near.values() for person in people}
    points = ContactPoint.objects.filter(
        party_id__in=wanted, kind=ContactPointKind.EMAIL, do_not_use_since=None
    ).select_related("party")
    by_party: dict[int, list[ContactPoint]] = {}
    for point in points.order_by("-is_preferred", "pk"):
        by_party.setdefault(point.party_id, []).append(point)
    return {
        relationship.pk: list(_of(relationship.party, near.get(relationship.party_id, []), by_party))
        for relationship in relationships
    }


def _people_near(viewer: User, parties: set[int], as_of: date) -> dict[int, list[int]]:
    """The people linked to each party on the day whom the viewer may know of, by influence and closeness."""
    person = PartyKind.PERSON
    links = (
        PartyLink.objects.visible_to(viewer)
        .as_of(as_of)
        .filter(
            Q(source_party__in=parties, target_party__kind=person)
            | Q(target_party__in=parties, source_party__kind=person)
        )
        .order_by("-influence", "-strength", "pk")
    )
    found: dict[int, list[int]] = {}
    for source, target in links.values_list("source_party_id", "target_party_id"):
        here, other = (source, target) if source in parties else (target, source)
        if other not in found.setdefault(here, []):
            found[here].append(other)
    return found


def _of(party: Party, people: Sequence[int], by_party: dict[int, list[ContactPoint]]) -> Iterable[Address]:
    order = [party.pk, *people] if party.kind == PartyKind.PERSON else [*people, party.pk]
    for pk in order:
        for point in by_party.get(pk, []):
            is_person = point.party.kind == PartyKind.PERSON
            yield Address(point.normalised, point.party.name, point.party if is_person else None)
