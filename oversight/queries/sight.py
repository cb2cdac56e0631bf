"""What a colleague sees, and why: the verdict is that of `visible_to`, its reasons those of `may_know`."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from accounts.enums import Confidentiality
from accounts.models import User
from relationships import kinds
from relationships.enums import PartyKind
from relationships.models import ConfidentialAccess, Party, PartyLink, Relationship
from relationships.permissions import Way, ways_into_class, ways_reaching
from relationships.queries.relationship_list import named

FOUND = 20


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may know of a relationship, what brings it into their reach, what opens its class."""

    relationship: Relationship
    sees: bool
    reach: list[Way]
    opened: list[Way]
    access: ConfidentialAccess | None


@dataclass(frozen=True)
class PartyVerdict:
    """Whether somebody may know of a party: through its own relationships, those it is linked to, or as nobody's.

    `is_unclaimed` is said of what the asker may know of: there is no relationship of its own among that.

    `is_few` tells that its own class shuts out whoever is not its writer, nor its owner, nor named.
    """

    party: Party
    sees: bool
    roles: list[Verdict]
    through: list[Relationship]
    is_unclaimed: bool
    is_few: bool


@dataclass(frozen=True)
class KindCount:
    """Of the relationships of a kind that the asker may know of, how many the colleague sees."""

    kind: kinds.Kind
    seen: int
    of: int


def counts_by_kind(viewer: User, person: User) -> list[KindCount]:
    """By kind, what the viewer may know of and how much of it the person sees. Two queries."""
    rows = Relationship.objects.visible_to(viewer).order_by()
    every = dict(rows.values_list("kind").annotate(n=Count("pk")))
    both = rows.filter(pk__in=Relationship.objects.visible_to(person))
    seen = dict(both.values_list("kind").annotate(n=Count("pk")))
    return [KindCount(kind, seen.get(kind.slug, 0), every.get(kind.slug, 0)) for kind in kinds.registry]


def verdicts(viewer: User, person: User, q: str) -> list[Verdict]:
    """Of the relationships that the viewer may know of and that are called so, whether the person sees each."""
    rows = named(Relationship.objects.visible_to(viewer), q).select_related("team", "business_unit", "owner")
    return judge(person, list(rows.order_by("party_name", "pk")[:FOUND]))


def judge(person: User, relationships: list[Relationship]) -> list[Verdict]:
    """Whether the person sees each of the relationships, and why. Two queries beside the person's own rights."""
    ids = [relationship.pk for relationship in relationships]
    if not ids:
        return []
    seen = set(Relationship.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    accesses = {
        access.relationship_id: access
        for access in ConfidentialAccess.objects.filter(relationship_id__in=ids, user=person)
    }
    found = []
    for relationship in relationships:
        access = accesses.get(relationship.pk)
        found.append(
            Verdict(
                relationship,
                relationship.pk in seen,
                ways_reaching(person, relationship),
                ways_into_class(person, relationship, is_named=access is not None),
                access,
            )
        )
    return found


def party_verdict(viewer: User, person: User, party: Party) -> PartyVerdict:
    """Whether the person sees a party that the viewer may know of, and through what."""
    known = Relationship.objects.visible_to(viewer)
    own = list(known.filter(party=party).select_related("team", "business_unit", "owner").order_by("pk"))
    ties = PartyLink.objects.all()
    near = known.filter(
        Q(party__in=ties.filter(source_party=party).values("target_party"))
        | Q(party__in=ties.filter(target_party=party).values("source_party"))
    )
    shared = near.filter(pk__in=Relationship.objects.visible_to(person))
    through = shared if party.is_person or not own else shared.none()
    return PartyVerdict(
        party=party,
        sees=Party.objects.visible_to(person).filter(pk=party.pk).exists(),
        roles=judge(person, own),
        through=list(through.order_by(F("party_name"), "pk")[:FOUND]),
        is_unclaimed=not own,
        is_few=party.confidentiality > Confidentiality.RESTRICTED,
    )


def people_found(viewer: User, q: str) -> list[Party]:
    """People and other parties without a relationship of their own that are called so."""
    rows = named(Party.objects.visible_to(viewer), q, field="name").filter(kind=PartyKind.PERSON)
    return list(rows.order_by("name", "pk")[:FOUND])
