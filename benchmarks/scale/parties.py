"""Who is out there: parties with people, how to reach and how they belong together, and what they are to us."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.random import Generator

from benchmarks.scale.copying import NULL, Table, go_on_from, next_id
from benchmarks.scale.plan import CHUNK, NEWCOMERS, Book, Cast, Size, declared, zipf
from benchmarks.scale.profiles import Profiles
from benchmarks.scale.words import COUNTRIES, FAMILY, FORMS, GIVEN, PLACES, TITLES, TRADES
from relationships.enums import Verb
from relationships.models import ContactPoint, Event, LinkType, Party, PartyLink, Relationship

Progress = Callable[[str, int, int], None]
SOURCE = "scale"
PERSON = "person"
SHARED = 0.06
"""Share of the relationships that are with the same party as the one before, in another kind."""

PEOPLE = (0.35, 0.35, 0.2, 0.1)
"""How often a party has 0, 1, 2, 3 people."""

NAMES_GIVEN, NAMES_FAMILY = zipf(len(GIVEN), 0.9), zipf(len(FAMILY), 0.6)
DAY = 86_400


@dataclass
class Sheet:
    """The rows of one stretch, by table, until they are written."""

    parties: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    relationships: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    profiles: dict[int, list[int]] = field(default_factory=dict)


def tables() -> dict[str, Table]:
    """The tables that a stretch is written to."""
    return {
        "parties": Table(
            Party, "id", "kind", "name", "job_title", "sector", "place", "country", "created_at", "created_by_id"
        ),
        "points": Table(
            ContactPoint, "party_id", "kind", "value", "normalised", "label", "is_preferred", "created_at"
        ),
        "links": Table(
            PartyLink, "source_party_id", "target_party_id", "type_id", "strength", "influence", "created_at",
            "created_by_id",
        ),
        "relationships": Table(
            Relationship, "id", "party_id", "kind", "business_unit_id", "owner_id", "team_id", "stage",
            "party_name", "cadence_days", "confidentiality", "source", "external_ref", "opened_at", "created_at",
            "created_by_id", "closed_at", "closed_by_id", "closed_reason",
        ),
        "events": Table(
            Event, "id", "relationship_id", "party_id", "verb", "subject_id", "actor_id", "happened_at",
            "recorded_at", "data",
        ),
    }  # fmt: skip


class Population:
    """Makes the parties and relationships of a size, a stretch at a time."""

    def __init__(self, size: Size, cast: Cast) -> None:
        self.size, self.cast = size, cast
        self.kinds = declared()
        self.book = Book.empty(size.relationships, next_id(Relationship))
        self.book.events = next_id(Event)
        self.types = dict(LinkType.objects.values_list("slug", "id"))
        self.newcomers = size.draws("newcomers").random(size.relationships) < NEWCOMERS
        self.newcomers[0] = False
        self._party = next_id(Party)
        self._until = int(size.until.timestamp())

    def write(self, progress: Progress) -> Book:
        """Everything, into its tables; returns what later parts need of it."""
        into = tables()
        profiles = [Profiles(kind, self.size.until) for kind in self.kinds]
        for start in range(0, self.size.relationships, CHUNK):
            end = min(start + CHUNK, self.size.relationships)
            sheet = self._sheet(start, end)
            for name, table in into.items():
                table.copy(getattr(sheet, name))
            rng = self.size.draws("profiles", start)
            for number, ids in sorted(sheet.profiles.items()):
                profiles[number].copy(ids, rng)
            progress("relationships", end, self.size.relationships)
        for model in (Party, Relationship):
            go_on_from(model)
        return self.book

    def _sheet(self, start: int, end: int) -> Sheet:
        rng, sheet = self.size.draws("parties", start), Sheet()
        self._settle(start, end, rng)
        counts = rng.choice(len(PEOPLE), end - start, p=PEOPLE)
        again = rng.random(end - start) < SHARED
        name, spare = "", iter(_persons(rng, int(counts.sum()) + (end - start)))
        names = organisations(rng, end - start)
        for offset, number in enumerate(range(start, end)):
            kind = self.kinds[self.book.kind[number]]
            organisation = next(names)
            shared = (
                offset > 0
                and again[offset]
                and not again[offset - 1]
                and self.book.kind[number] != self.book.kind[number - 1]
                and PERSON not in (kind.party_kinds[0], self.kinds[self.book.kind[number - 1]].party_kinds[0])
            )
            if shared:
                for column in (self.book.party, self.book.first_person, self.book.people):
                    column[number] = column[number - 1]
            else:
                name = next(spare) if kind.party_kinds[0] == PERSON else organisation
                self._place(sheet, number, name, int(counts[offset]), spare, rng)
            self._relate(sheet, number, name, rng)
        return sheet

    def _settle(self, start: int, end: int, rng: Generator) -> None:
        """Kind, owner, rhythm and age of the relationships, into the book."""
        book, many = self.book, end - start
        book.kind[start:end] = rng.choice(len(self.kinds), many, p=zipf(len(self.kinds), 1.2))
        if start == 0:
            book.kind[0] = 0
        owners = rng.choice(len(self.cast.owners), many, p=self.cast.shares)
        book.owner[start:end] = owners
        rhythms = np.array([kind.cadence_days for kind in self.kinds])
        book.cadence[start:end] = rhythms[book.kind[start:end]] * rng.choice([1, 1, 1, 2, 3], many)
        ages = rng.integers(3 * 365 + 1, 6 * 365, many)
        young = self.newcomers[start:end]
        ages[young] = rng.integers(1, 60, int(young.sum()))
        book.opened[start:end] = self._until - ages * DAY - rng.integers(0, DAY, many)
        book.closed[start:end] = (rng.random(many) < 0.04) & ~young
        if start == 0:
            book.closed[0] = False

    def _place(
        self, sheet: Sheet, number: int, name: str, people: int, spare: Iterator[str], rng: Generator
    ) -> None:
        """A new party with its people."""
        at, actor = _moment(int(self.book.opened[number]) - 3_600), self.cast.system.pk
        kind = self.kinds[self.book.kind[number]].party_kinds[0]
        here, self._party = self._party, self._party + 1
        place, sector = PLACES[int(rng.integers(len(PLACES)))], TRADES[int(rng.integers(len(TRADES)))]
        country = COUNTRIES[int(rng.integers(len(COUNTRIES)))]
        sheet.parties.append(f"{here}\t{kind}\t{name}\t\t{sector}\t{place}\t{country}\t{at}\t{actor}")
        sheet.points.append(_point(here, "email", f"office{here}@party{here}.example", at))
        sheet.events.append(
            f'{self._next_event()}\t{NULL}\t{here}\t{Verb.PARTY_CREATED}\t{NULL}\t{actor}\t{at}\t{at}\t{{"name": ""}}'
        )
        people = 0 if kind == PERSON else max(people, 3 if number == 0 else 0)
        self.book.party[number] = here
        self.book.first_person[number], self.book.people[number] = self._party, people
        for index in range(people):
            self._employ(sheet, here, next(spare), TITLES[int(rng.integers(len(TITLES)))], index, at)
        if number and number % 3 == 0:
            sheet.links.append(self._link(here, self._near(number, rng), "partner_of", 0, at))

    def _near(self, number: int, rng: Generator) -> int:
        """A party that was placed earlier."""
        return int(self.book.party[int(rng.integers(max(number - 2_000, 0), number))])

    def _employ(self, sheet: Sheet, party: int, name: str, title: str, index: int, at: str) -> None:
        person, self._party = self._party, self._party + 1
        sheet.parties.append(f"{person}\t{PERSON}\t{name}\t{title}\t\t\t\t{at}\t{self.cast.system.pk}")
        address = f"{name.partition(' ')[0].lower()}{person}@party{party}.example"
        sheet.points.append(_point(person, "email", address, at))
        sheet.points.append(_point(person, "phone", f"+4420{person:08d}", at))
        sheet.links.append(self._link(party, person, "employs", 0, at))
        role = ("decides_for", "influences", "gatekeeps")[index % 3]
        sheet.links.append(self._link(person, party, role, 5 - index, at))

    def _link(self, source: int, target: int, slug: str, influence: int, at: str) -> str:
        return f"{source}\t{target}\t{self.types[slug]}\t{1 + source % 5}\t{influence}\t{at}\t{self.cast.system.pk}"

    def _relate(self, sheet: Sheet, number: int, name: str, rng: Generator) -> None:
        """What the party is to us, with the line of the timeline that tells of its opening."""
        book, pk = self.book, self.book.first_id + number
        kind, owner, actor = self.kinds[book.kind[number]], int(book.owner[number]), self.cast.system.pk
        opened, party = _moment(int(book.opened[number])), int(book.party[number])
        stages = len(kind.stages)
        stage = kind.stages[min(int(rng.exponential(1.2) + stages / 3), stages - 1)].slug
        draw = rng.random()
        confidentiality = 1 if draw < 0.97 else 2 if draw < 0.99 else 3
        ended = _moment(self._until - int(rng.integers(1, 300) * 3_600)) if book.closed[number] else NULL
        closing = f"{ended}\t{actor}\tNo more business" if book.closed[number] else f"{NULL}\t{NULL}\t"
        user = self.cast.owners[owner].pk
        sheet.relationships.append(
            f"{pk}\t{party}\t{kind.slug}\t{self.cast.unit.pk}\t{user}\t{self.cast.teams[owner]}\t{stage}\t{name}\t"
            f"{book.cadence[number]}\t{confidentiality}\t{SOURCE}\tR{number}\t{opened}\t{opened}\t{actor}\t{closing}"
        )
        sheet.events.append(
            f"{self._next_event()}\t{pk}\t{party}\t{Verb.RELATIONSHIP_OPENED}\t{NULL}\t{actor}\t{opened}\t{opened}\t"
            f'{{"kind": "{kind.slug}"}}'
        )
        sheet.profiles.setdefault(int(book.kind[number]), []).append(pk)
        book.owner[number] = user

    def _next_event(self) -> int:
        self.book.events += 1
        return self.book.events - 1


def organisations(rng: Generator, many: int) -> Iterator[str]:
    """Names of firms: by family and trade, by place and trade, or two families."""
    families = rng.choice(len(FAMILY), (many, 2), p=NAMES_FAMILY).tolist()
    draws = rng.integers(0, [len(TRADES), len(PLACES), len(FORMS), 3], (many, 4)).tolist()
    for (first, second), (trade, place, form, shape) in zip(families, draws, strict=True):
        if shape == 0:
            yield f"{FAMILY[first]} {TRADES[trade]} {FORMS[form]}"
        elif shape == 1:
            yield f"{PLACES[place]} {TRADES[trade]} {FORMS[form]}"
        else:
            yield f"{FAMILY[first]} & {FAMILY[second]} {TRADES[trade]}"


def _persons(rng: Generator, many: int) -> Iterator[str]:
    given = rng.choice(len(GIVEN), many, p=NAMES_GIVEN).tolist()
    family = rng.choice(len(FAMILY), many, p=NAMES_FAMILY).tolist()
    return (f"{GIVEN[g]} {FAMILY[f]}" for g, f in zip(given, family, strict=True))


def _point(party: int, kind: str, value: str, at: str) -> str:
    return f"{party}\t{kind}\t{value}\t{value}\tWork\tt\t{at}"


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat(" ")
