"""Finding parties and relationships by how somebody types their names.

A name meets in one of three ways, the closest that anybody meets in being the one that counts: it is the
whole name; the name begins with it; or each of its words begins a word of the name.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Value

from accounts.models import User
from analytics.quicklog import name_key
from relationships.enums import PartyKind
from relationships.models import Fold, Party, PartyLink, Relationship

MOST = 40
OFFERED = 5
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that are no others with accents, in the spelling that the database folds them to."""
WHOLE, BEGINNING, WORDS, NOT = 3, 2, 1, 0

T = TypeVar("T")


@dataclass(frozen=True)
class FoundPerson:
    """Somebody whose name meets, how closely, and the parties they belong to (themselves among them)."""

    party: Party
    party_ids: frozenset[int]
    closeness: int


def plain(text: str) -> str:
    """The name without case, accents and double blanks."""
    key = name_key(text)
    return key if key.isascii() else key.translate(LETTERS)


def closeness(typed: str, name: str) -> int:
    """How `typed` meets a name: WHOLE, BEGINNING, WORDS or NOT."""
    sought, full = plain(typed), plain(name)
    if sought == full:
        return WHOLE
    if full.startswith(sought):
        return BEGINNING
    words = full.replace("-", " ").split()
    return WORDS if all(any(word.startswith(part) for word in words) for part in sought.split()) else NOT


def closest(found: Sequence[T], closeness_of: Callable[[T], int]) -> list[T]:
    """Those that meet most closely; none when nobody meets."""
    best = max((closeness_of(thing) for thing in found), default=NOT)
    return [thing for thing in found if best and closeness_of(thing) == best]


def relationships_called(viewer: User, name: str) -> list[Relationship]:
    """Open visible relationships whose party's name meets, in the closest way that any does."""
    rows = Relationship.objects.visible_to(viewer).open().alias(folded=Fold("party_name"))
    found, *others = [rows.filter(way).order_by().values("pk")[:MOST] for way in _ways(name)]
    held = Relationship.objects.filter(pk__in=found.union(*others)).select_related("party", "business_unit")
    met = closest(list(held), lambda row: closeness(name, row.party_name))
    return sorted(met, key=lambda row: (row.party_name, row.pk))[:MOST]


def relationships_of(viewer: User, party_ids: Collection[int]) -> list[Relationship]:
    """Open visible relationships with any of the parties."""
    rows = Relationship.objects.visible_to(viewer).open().filter(party_id__in=party_ids)
    return list(rows.select_related("party", "business_unit").order_by("party_name", "id")[:MOST])


def parties_like(viewer: User, name: str) -> tuple[list[Party], list[Relationship]]:
    """Visible parties of that very name without an open visible relationship, and open ones that sound like it."""
    own = Relationship.objects.visible_to(viewer).open()
    known = (
        Party.objects.visible_to(viewer)
        .exclude(kind=PartyKind.PERSON)
        .exclude(pk__in=own.values("party_id"))
        .alias(folded=Fold("name"))
        .filter(folded=Fold(Value(name.strip())))
        .order_by("name", "id")[:OFFERED]
    )
    similar = (
        own.alias(folded=Fold("party_name"))
        .filter(folded__trigram_word_similar=plain(name))
        .annotate(closeness=TrigramWordSimilarity(plain(name), Fold("party_name")))
        .select_related("party", "business_unit")
        .order_by("-closeness", "party_name", "id")[:OFFERED]
    )
    return list(known), list(similar)


def people_called(
    viewer: User, names: Sequence[str], *, near: int | None, today: date
) -> dict[str, list[FoundPerson]]:
    """For each name (by its `name_key`), the visible people whose names meet, in one query.

    Those who belong to the party `near` come first, so that a common first name does not crowd them out.
    """
    asked = list(dict.fromkeys(name_key(name) for name in names))
    if not asked:
        return {}
    first, *others = [
        part for number, name in enumerate(asked) for part in _people(viewer, name, number, near, today)
    ]
    found: dict[str, dict[int, FoundPerson]] = {name: {} for name in asked}
    for person in first.union(*others, all=True):
        name = asked[person.asked]
        met = closeness(name, person.name)
        if met:
            ids = frozenset([person.pk, *person.above, *person.below])
            found[name].setdefault(person.pk, FoundPerson(person, ids, met))
    return {name: _in_order(list(people.values()), near) for name, people in found.items()}


def _in_order(people: list[FoundPerson], near: int | None) -> list[FoundPerson]:
    """Those who belong to the party first, then those whose whole name it is, by name."""
    return sorted(
        people,
        key=lambda one: (near not in one.party_ids, one.closeness < WHOLE, one.party.name, one.party.pk),
    )[:MOST]


def names_of(viewer: User, party_ids: Collection[int]) -> dict[int, str]:
    """The names of those of the parties with whom the viewer may know of a relationship."""
    rows = Relationship.objects.visible_to(viewer).filter(party_id__in=party_ids)
    return dict(rows.values_list("party_id", "party_name"))


def _people(viewer: User, name: str, number: int, near: int | None, today: date) -> list[QuerySet[Any]]:
    """Querysets of at most MOST rows each: those of the party near, and the others one way to meet at a time.

    Nothing is sorted here: where tens of thousands share a first name, each part ends with the first rows found.
    """
    links = PartyLink.objects.as_of(today)
    persons = (
        Party.objects.visible_to(viewer)
        .filter(kind=PartyKind.PERSON)
        .alias(folded=Fold("name"))
        .annotate(
            asked=Value(number, output_field=IntegerField()),
            above=ArraySubquery(links.filter(target_party=OuterRef("pk")).values("source_party_id")),
            below=ArraySubquery(links.filter(source_party=OuterRef("pk")).values("target_party_id")),
        )
        .order_by()
    )
    ways = _ways(name)
    parts: list[QuerySet[Any]] = [persons.filter(way)[:MOST] for way in ways]
    if near is not None:
        down = links.filter(source_party_id=near).values(other=F("target_party_id"))
        up = links.filter(target_party_id=near).values(other=F("source_party_id"))
        parts.insert(0, persons.filter(ways[-1], pk__in=down.union(up, all=True))[:MOST])
        parts.insert(0, persons.filter(ways[-1], pk=near)[:MOST])
    return parts


def _ways(name: str) -> list[Q]:
    """How a name can be met, the closest way first; each is found by the trigram index of `folded`."""
    return [Q(folded=plain(name)), Q(folded__startswith=plain(name)), _holds(name)]


def _holds(name: str) -> Q:
    """Each word of the name is somewhere in `folded`: what an index can find; the rest is told by closeness."""
    condition = Q()
    for word in plain(name).split():
        condition &= Q(folded__contains=word)
    return condition
