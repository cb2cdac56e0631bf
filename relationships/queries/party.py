"""One party that is nothing to us by itself: who it belongs to, and how to reach it."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from relationships.models import Party, PartyIdentifier
from relationships.queries.people import PeopleMap, Point, people_in, people_parts, points_of, read_points
from relationships.queries.together import together


@dataclass(frozen=True)
class PartyPage:
    """What stands around a party without a relationship."""

    people: PeopleMap
    points: tuple[Point, ...]
    identifiers: list[tuple[str, str]]


def party_page(*, viewer: User, party: Party, today: date) -> PartyPage:
    """Everything around a visible party, in one query."""
    found = together(
        **people_parts(viewer=viewer, party_id=party.pk, as_of=today, relationship=None),
        party=Party.objects.filter(pk=party.pk).values("id", points=points_of(party.pk)),
        identifiers=PartyIdentifier.objects.filter(party=party)
        .order_by("scheme", "value")
        .values("scheme", "value"),
    )
    return PartyPage(
        people=people_in(found, viewer=viewer, as_of=today),
        points=read_points(found["party"][0]["points"]),
        identifiers=[(row["scheme"], row["value"]) for row in found["identifiers"]],
    )
