"""Who would feel it if a relationship ended: the party's other roles, and everybody within two links of it.

Only what the viewer may know of is there; the rest is neither named nor counted.
"""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from relationships import kinds
from relationships.models import Relationship
from relationships.queries.neighbourhood import Neighbour, Tie, neighbourhood


@dataclass(frozen=True)
class Affected:
    """Somebody affected: how they hang together with whom it is about, or with whom they are reached by."""

    neighbour: Neighbour
    tie: Tie

    @property
    def words(self) -> str:
        """The tie in words, from the one who is nearer."""
        return f"{self.tie.from_name} {self.tie.words} {self.tie.to_name}"


@dataclass(frozen=True)
class ExitImpact:
    """The party's other roles with us, and who is affected in the order in which they would be told."""

    roles: list[tuple[kinds.Kind, str]]
    affected: list[Affected]

    @property
    def with_us(self) -> int:
        """How many of those affected have a relationship with us too."""
        return sum(bool(each.neighbour.ours) for each in self.affected)


def exit_impact(*, viewer: User, relationship: Relationship, as_of: date) -> ExitImpact:
    """Whom an end of this relationship touches, in three queries. `relationship` comes with its party.

    The nearest are told first; among them people before organisations, those who have a relationship with us
    before others, and strong ties before weak ones.
    """
    found = neighbourhood(viewer=viewer, party=relationship.party, as_of=as_of)
    by_id = {neighbour.party_id: neighbour for neighbour in found.neighbours}
    affected: dict[int, Affected] = {}
    for tie in found.ties:
        neighbour = by_id[tie.to_id]
        if neighbour.via_id == tie.from_id:
            affected.setdefault(tie.to_id, Affected(neighbour, tie))
    others = (
        Relationship.objects.visible_to(viewer)
        .open()
        .filter(party=relationship.party_id)
        .exclude(pk=relationship.pk)
    )
    roles = others.order_by("kind", "pk").values_list("kind", "pk")
    return ExitImpact(
        roles=[(kinds.registry.get(kind), f"/{kind}/{pk}/") for kind, pk in roles],
        affected=sorted(affected.values(), key=_order),
    )


def _order(each: Affected) -> tuple[int, bool, bool, int, str, int]:
    neighbour = each.neighbour
    return (
        neighbour.hops,
        not neighbour.is_person,
        not neighbour.ours,
        -each.tie.strength,
        neighbour.name,
        neighbour.party_id,
    )
