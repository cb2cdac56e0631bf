"""One search over everything that somebody may know of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F

from accounts.models import User
from relationships.models import PartyLink, Relationship
from relationships.queries.search_parties import (
    FoundParty,
    parties_found,
    points_met,
    ranked,
    similar_parties,
)
from relationships.queries.search_sought import Sought, read
from relationships.queries.search_talk import (
    MOST,
    SOURCES,
    can_be_said,
    common_words,
    only_latest,
    texts_found,
)
from relationships.queries.together import together

GROUPS = ("organisations", "people", *SOURCES)
FEW = 1_000
"""Up to so many relationships are looked through themselves, instead of what an index finds among all of them."""
FIRST = 5
FEWEST_TO_BE_NEAR = 5
"""Letters of which one may be wrong: with fewer, everybody is called nearly so."""


@dataclass(frozen=True)
class Role:
    """What a party is to us: one visible relationship of it."""

    relationship: int
    kind: str
    is_open: bool


@dataclass(frozen=True)
class PartyHit:
    """A party that was found, what it is to us, and for a person whom they belong to."""

    party: FoundParty
    roles: tuple[Role, ...] = ()
    belongs_to: str = ""


@dataclass(frozen=True)
class TextHit:
    """Something said or written that was found; `row` has what `search_talk.texts_found` tells."""

    row: Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """What was found of one sort, the best or newest first; `found` counts on to `MOST + 1` at most."""

    key: str
    hits: list[Any]
    found: int


@dataclass(frozen=True)
class Results:
    """What a search found. `is_near` says that nothing met, and that these are names nearly like it.

    `is_recent` says that of some texts only the latest were looked through, `search_talk.LATEST` of each sort.
    """

    sought: Sought
    groups: list[Group] = field(default_factory=list)
    is_near: bool = False
    is_recent: bool = False

    @property
    def found(self) -> int:
        """How many there are in all groups."""
        return sum(group.found for group in self.groups)


def search(*, viewer: User, typed: str, today: date, group: str = "", limit: int = FIRST) -> Results:
    """What meets the line, in groups of at most `limit`; in `group` alone, if one is named, up to MOST."""
    sought = read(typed)
    if not sought.is_enough:
        return Results(sought)
    few = _few(viewer)
    parts: dict[str, Any] = {"parties": parties_found(viewer, sought, few)}
    common: dict[str, set[str]] = {}
    if can_be_said(sought):
        common = common_words(sought) if few is None else {}
        parts |= texts_found(viewer, sought, few, common)
    asked = {name: part for name, part in parts.items() if not group or name == _part(group)}
    rows = together(**asked)
    is_near = "parties" in rows and not any(rows.values()) and len(sought.text) >= FEWEST_TO_BE_NEAR
    if is_near:
        rows["parties"] = similar_parties(viewer, sought)
    parties = _parties(rows.get("parties", []), sought, is_near=is_near)
    chosen = [group] if group else list(GROUPS)
    shown = [_group(name, parties.get(name, rows.get(name, [])), MOST if group else limit) for name in chosen]
    told = _told(viewer, [one for one in shown if one.hits], today)
    return Results(sought, told, is_near and bool(parties), only_latest(sought, common))


def _part(group: str) -> str:
    return group if group in SOURCES else "parties"


def _few(viewer: User) -> list[int] | None:
    """All relationships that the viewer may know of, where they are few; else None."""
    ids = list(Relationship.objects.visible_to(viewer).order_by().values_list("pk", flat=True)[: FEW + 1])
    return ids if len(ids) <= FEW else None


def _parties(rows: Sequence[dict[str, Any]], sought: Sought, *, is_near: bool) -> dict[str, list[FoundParty]]:
    """Organisations and people, the closest first; nearly met names stay in the order of their nearness."""
    found = ranked(rows, points_met([row["id"] for row in rows], sought), sought, keep_order=is_near)
    by_group: dict[str, list[FoundParty]] = {}
    for party in found:
        by_group.setdefault("people" if party.is_person else "organisations", []).append(party)
    return by_group


def _group(key: str, found: Sequence[Any], limit: int) -> Group:
    hits = [one if isinstance(one, FoundParty) else TextHit(one) for one in found[:limit]]
    return Group(key, hits, min(len(found), MOST + 1))


def _told(viewer: User, groups: list[Group], today: date) -> list[Group]:
    """The groups, with what the viewer may know of the parties in them."""
    ids = {hit.pk for group in groups for hit in group.hits if isinstance(hit, FoundParty)}
    if not ids:
        return groups
    roles = _roles(viewer, ids)
    without = {hit.pk for group in groups if group.key == "people" for hit in group.hits}
    belong = _belongings(viewer, without, today)
    return [
        Group(group.key, [_hit(hit, roles, belong) for hit in group.hits], group.found) for group in groups
    ]


def _hit(hit: Any, roles: Mapping[int, list[Role]], belong: Mapping[int, str]) -> Any:
    if not isinstance(hit, FoundParty):
        return hit
    return PartyHit(hit, tuple(roles.get(hit.pk, ())), belong.get(hit.pk, ""))


def _roles(viewer: User, party_ids: set[int]) -> dict[int, list[Role]]:
    """The visible relationships of each party, open ones first."""
    rows = Relationship.objects.visible_to(viewer).filter(party_id__in=party_ids)
    found: dict[int, list[Role]] = {}
    ordered = rows.order_by(F("closed_at").desc(nulls_first=True), "kind", "pk")
    for pk, party_id, kind, closed_at in ordered.values_list("pk", "party_id", "kind", "closed_at"):
        found.setdefault(party_id, []).append(Role(pk, kind, closed_at is None))
    return found


def _belongings(viewer: User, party_ids: set[int], today: date) -> dict[int, str]:
    """For each person the first visible relationship's party that they are linked to, by name."""
    if not party_ids:
        return {}
    links = PartyLink.objects.as_of(today)
    up = links.filter(target_party__in=party_ids).values_list("target_party_id", "source_party_id")
    down = links.filter(source_party__in=party_ids).values_list("source_party_id", "target_party_id")
    pairs = list(up.union(down))
    known = Relationship.objects.visible_to(viewer).filter(party_id__in={other for _one, other in pairs})
    names = dict(known.values_list("party_id", "party_name"))
    found: dict[int, str] = {}
    for person, other in pairs:
        if other in names and (person not in found or names[other] < found[person]):
            found[person] = names[other]
    return found
