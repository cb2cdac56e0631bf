"""Finding parties: by name, legal name, address, phone number, identifier, and by a name that is nearly theirs.

Each way reads no more than it is told of, from its own index; who may know of what is found is decided once, for
all of them together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Value

from accounts.models import User
from core.arrays import Among
from relationships.enums import ContactPointKind, PartyKind
from relationships.models import Bare, ContactPoint, Fold, Party, PartyIdentifier, PartyLink, Relationship
from relationships.queries.kept import LISTED
from relationships.queries.name_search import BEGINNING, NOT, WHOLE, WORDS, plain
from relationships.queries.search_sought import WHOLE_NUMBER, Sought, read
from relationships.querysets import PartyQuerySet

MOST = 100
"""Of one way to be found, and of a group that is told: beyond it a longer line helps more than a longer list."""
SIMILAR = 10
SHORTEST_INSIDE = 3
"""Letters that an index finds inside of a word; fewer are looked for where a word begins."""
CERTAIN, PARTLY, LEGAL = WHOLE + 1.0, WORDS - 0.5, 0.25
"""A whole number or address is surer than a name, a part of one less sure than its words; a legal name counts less."""
NEARNESS = 0.5
"""How much of a name must be as it was typed, by its groups of three letters: one slip in seven letters or more."""
FIELDS = ("id", "name", "legal_name", "kind", "job_title", "place")


@dataclass(frozen=True)
class FoundParty:
    """A party, how closely it meets what was sought, and `by`: the number or address that met, if one did."""

    pk: int
    name: str
    kind: str
    about: str
    closeness: float
    by: str = ""

    @property
    def is_person(self) -> bool:
        """Whether this is one human being."""
        return self.kind == PartyKind.PERSON


Ranked = tuple[dict[str, Any], float, str]
"""A row of a party, how closely it meets what was sought, and the number, address or legal name that met."""


def parties_found(viewer: User, sought: Sought, few: Sequence[int] | None) -> "QuerySet[Any, Any]":
    """The ids of the parties that any way leads to, visible or not, as `party_id`; for `queries.together`.

    `few` are all relationships that the viewer may know of where those are few: theirs are then looked through
    themselves, so that a common name does not hide the one person whom they know among thousands whom they do not.
    """
    first, *others = _ways(viewer, sought, few)
    return first.union(*others)


def parties_listed(viewer: User) -> "QuerySet[Any, Any]":
    """Those of LISTED that the viewer may know of, with what is told of them, unordered."""
    rows: QuerySet[Any] = Party.objects.visible_to(viewer).filter(Among(F("pk"), [LISTED]))
    return rows.values(*FIELDS)


def points_met(party_ids: Collection[int], sought: Sought) -> dict[int, str]:
    """The contact point or identifier that met, by the id of its party."""
    ways = [
        way.filter(party__in=party_ids).order_by().values_list("party_id", field)
        for way, field in _points(sought)
    ]
    if not ways or not party_ids:
        return {}
    return dict(ways[0].union(*ways[1:], all=True)) if len(ways) > 1 else dict(ways[0])


def similar_parties(viewer: User, sought: Sought) -> list[dict[str, Any]]:
    """The visible parties whose names are nearly what was typed, the nearest first."""
    name = sought.name
    like = {"folded__trigram_word_similar": name}
    ours = Relationship.objects.visible_to(viewer).alias(folded=Fold("party_name")).filter(**like)
    near = ours.annotate(nearness=TrigramWordSimilarity(name, Fold("party_name")))
    people = Party.objects.filter(kind=PartyKind.PERSON).alias(folded=Fold("name")).filter(**like)
    known = people.annotate(nearness=TrigramWordSimilarity(name, Fold("name")))
    first, second = near.order_by("-nearness", "pk"), known.order_by("-nearness", "pk")
    found = first.values("party_id")[:MOST].union(second.values("pk")[:MOST])
    rows: QuerySet[Any] = Party.objects.visible_to(viewer).filter(pk__in=found)
    nearest = rows.annotate(nearness=TrigramWordSimilarity(name, Fold("name")))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [NEARNESS])
        met = list(nearest.order_by("-nearness", "name", "pk").values(*FIELDS)[:SIMILAR])
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold TO DEFAULT")
    return met


def ranked(
    rows: Sequence[dict[str, Any]], points: Mapping[int, str], sought: Sought, *, keep_order: bool = False
) -> list[Ranked]:
    """What was found, the closest first: whole number or name, beginning of the name, words of it, the rest."""
    rated: list[tuple[float, str, int, str, dict[str, Any]]] = []
    for row in rows:
        name, pk = plain(row["name"]), row["id"]
        rate, by = _rated(row, points.get(pk, ""), sought, _met(sought, name))
        rated.append((-rate, name, pk, by, row))
    if not keep_order:
        rated.sort()  # by the id at the latest: of one party there is one row
    return [(row, -rate, by) for rate, _name, _pk, by, row in rated]


def told_of(one: Ranked) -> FoundParty:
    """A party that was found, as it is shown."""
    row, rate, by = one
    return FoundParty(row["id"], row["name"], row["kind"], row["job_title"] or row["place"], rate, by)


def _rated(row: dict[str, Any], point: str, sought: Sought, named: float) -> tuple[float, str]:
    """How closely a party is met, and by what beside its name."""
    legal = _met(sought, plain(row["legal_name"])) - LEGAL if row["legal_name"] else NOT
    rate, by = (named, "") if named >= legal else (legal, row["legal_name"])
    if point and rate < WHOLE:
        rate, by = (CERTAIN if _is_whole(point, sought) else max(rate, PARTLY)), point
    return rate, by


def _met(sought: Sought, name: str) -> float:
    """How closely a folded name is met: as `name_search.closeness` tells it."""
    if name.startswith(sought.name):
        return WHOLE if name == sought.name else BEGINNING
    words = name.replace("-", " ").split()
    return WORDS if all(any(word.startswith(part) for word in words) for part in sought.names) else NOT


def _is_whole(point: str, sought: Sought) -> bool:
    """Whether all of the number or address was typed, rather than a part of it."""
    again = read(point)
    if sought.digits and again.digits:
        return again.digits.endswith(sought.digits) and len(sought.digits) >= WHOLE_NUMBER
    return (bool(sought.address) and again.address == sought.address) or again.code == sought.code != ""


def _ways(viewer: User, sought: Sought, few: Sequence[int] | None) -> list["QuerySet[Any, Any]"]:
    """Querysets of the ids of parties, each from one index and up to a bound."""
    ours = Relationship.objects.visible_to(viewer).alias(folded=Fold("party_name"))
    every = Party.objects.alias(folded=Fold("name"))
    ways: list[QuerySet[Any, Any]] = []
    for meets in _meetings(sought):
        ways.append(ours.filter(meets).order_by().values("party_id")[:MOST])
        ways.append(every.filter(meets).order_by().values("pk")[: 2 * MOST])
    legal = Party.objects.exclude(legal_name="").alias(folded=Fold("legal_name"))
    ways.append(legal.filter(_holds(sought)).order_by().values("pk")[:MOST])
    ways += [way.order_by().values("party_id")[:MOST] for way, _field in _points(sought)]
    if few is not None:
        known = _known_to_few(few)
        ways.append(known.alias(folded=Fold("name")).filter(_holds(sought)).values("pk"))
        ways += [
            way.filter(party__in=known.values("pk")).values("party_id") for way, _field in _points(sought)
        ]
    return ways


def _known_to_few(few: Sequence[int]) -> PartyQuerySet[Party]:
    """The parties of the relationships and those linked to them, whether or not the viewer may know of each."""
    own = Relationship.objects.filter(pk__in=few).values("party_id")
    to = PartyLink.objects.filter(source_party__in=own).values("target_party_id")
    back = PartyLink.objects.filter(target_party__in=own).values("source_party_id")
    return Party.objects.filter(pk__in=own.union(to, back))


def _meetings(sought: Sought) -> list[Q]:
    """How a name can be met, the closest way first; each is found by the trigram index of `folded`."""
    return [Q(folded=sought.name), Q(folded__startswith=sought.name), _holds(sought)]


def _holds(sought: Sought) -> Q:
    """Each part is somewhere in `folded`, whatever their order; a short one where a word begins."""
    condition = Q()
    for part in sought.names:
        if len(part) >= SHORTEST_INSIDE:
            condition &= Q(folded__contains=part)
        else:
            condition &= Q(folded__startswith=part) | Q(folded__contains=f" {part}")
    return condition


def _points(sought: Sought) -> list[tuple["QuerySet[Any, Any]", str]]:
    """The contact points and identifiers that meet, with the name of the column to show."""
    found: list[tuple[QuerySet[Any, Any], str]] = []
    if sought.digits:
        phones = ContactPoint.objects.filter(kind=ContactPointKind.PHONE, normalised__contains=sought.digits)
        found.append((phones, "value"))
    if sought.address:
        kinds = (ContactPointKind.EMAIL, ContactPointKind.URL, ContactPointKind.SOCIAL)
        points = ContactPoint.objects.filter(kind__in=kinds, normalised__contains=sought.address)
        found.append((points, "value"))
    if sought.code:
        bare = PartyIdentifier.objects.alias(bare=Bare("value")).filter(bare__startswith=Value(sought.code))
        found.append((bare, "value"))
    return found
