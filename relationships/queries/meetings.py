"""Who can be asked to a meeting, who is expected, and what each is told when that changes."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from relationships.enums import ContactPointKind
from relationships.models import ContactPoint, MeetingGuest, Party, PartyLink, Relationship
from relationships.models.meeting import Telling

MOST = 50


def addresses_of(party_ids: Sequence[int]) -> dict[int, str]:
    """By party, the e-mail address that they would be written to: the preferred one that is in use."""
    points = ContactPoint.objects.filter(
        party_id__in=party_ids, kind=ContactPointKind.EMAIL, do_not_use_since=None
    )
    found: dict[int, str] = {}
    for party_id, value in points.order_by("-is_preferred", "pk").values_list("party_id", "value"):
        found.setdefault(party_id, value)
    return found


def new_guests(
    *, people: Sequence[Party], colleagues: Sequence[User], organiser: User, taken: Collection[str] = ()
) -> list[MeetingGuest]:
    """Guests that are not yet written: each address once, and none of those `taken` (in lower case).

    Whoever has no address is left out, and so is who asks them. One query.
    """
    addresses = addresses_of([person.pk for person in people])
    rows = [
        MeetingGuest(party=person, name=person.name, address=addresses[person.pk])
        for person in people
        if person.pk in addresses
    ]
    rows += [
        MeetingGuest(colleague=each, name=each.name, address=each.email)
        for each in colleagues
        if each.pk != organiser.pk
    ]
    once: dict[str, MeetingGuest] = {}
    for row in rows:
        if row.address.lower() not in taken:
            once.setdefault(row.address.lower(), row)
    return list(once.values())


def expected(guests: Sequence[MeetingGuest], *, organiser_id: int, taker: User) -> list[MeetingGuest]:
    """Who is told of a meeting: its guests, and whoever holds it when that is no longer who asked for it."""
    if not guests or taker.pk == organiser_id:
        return list(guests)
    others = [guest for guest in guests if guest.colleague_id != taker.pk]
    return [*others, MeetingGuest(colleague=taker, name=taker.name, address=taker.email)]


def told_of(
    before: Sequence[MeetingGuest], after: Sequence[MeetingGuest]
) -> dict[Telling, list[MeetingGuest]]:
    """What each is told when those expected change; by address, so that nobody is told two things."""
    knew, come = ({guest.address.lower() for guest in guests} for guests in (before, after))
    return {
        Telling.INVITED: [guest for guest in after if guest.address.lower() not in knew],
        Telling.UNINVITED: [guest for guest in before if guest.address.lower() not in come],
        Telling.CHANGED: [guest for guest in after if guest.address.lower() in knew],
    }


def those_of(relationship: Relationship, *, as_of: date) -> QuerySet[Party]:
    """The party itself and its own contacts of the day. All are visible to whoever sees the relationship."""
    tied = PartyLink.objects.as_of(as_of).filter(
        Q(source_party=relationship.party_id, target_party=OuterRef("pk"))
        | Q(target_party=relationship.party_id, source_party=OuterRef("pk"))
    )
    contacts = Party.objects.contacts_of(relationship).filter(Exists(tied)).values("pk")
    return Party.objects.filter(Q(pk=relationship.party_id) | Q(pk__in=contacts))


def possible_guests(*, relationship: Relationship, as_of: date) -> list[Party]:
    """`those_of` the relationship that have an e-mail address, by name. One query."""
    usable = ContactPoint.objects.filter(
        party_id=OuterRef("pk"), kind=ContactPointKind.EMAIL, do_not_use_since=None
    )
    return list(those_of(relationship, as_of=as_of).filter(Exists(usable)).order_by("name", "pk")[:MOST])
