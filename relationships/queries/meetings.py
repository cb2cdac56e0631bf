"""Who can be asked to a meeting."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from relationships.enums import ContactPointKind
from relationships.models import ContactPoint, Party, PartyLink, Relationship

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


def possible_guests(*, relationship: Relationship, as_of: date) -> list[Party]:
    """The party itself and its own contacts of the day, those of them that have an e-mail address, by name.

    All of them are visible to whoever sees the relationship. One query.
    """
    usable = ContactPoint.objects.filter(
        party_id=OuterRef("pk"), kind=ContactPointKind.EMAIL, do_not_use_since=None
    )
    tied = PartyLink.objects.as_of(as_of).filter(
        Q(source_party=relationship.party_id, target_party=OuterRef("pk"))
        | Q(target_party=relationship.party_id, source_party=OuterRef("pk"))
    )
    contacts = Party.objects.contacts_of(relationship).filter(Exists(tied)).values("pk")
    rows = Party.objects.filter(Q(pk=relationship.party_id) | Q(pk__in=contacts)).filter(Exists(usable))
    return list(rows.order_by("name", "pk")[:MOST])
