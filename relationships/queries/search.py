"""One search over everything that somebody may know of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from accounts.models import User
from core.arrays import Among
from relationships.enums import PartyKind
from relationships.models import PartyLink, Relationship
from relationships.queries.kept import BY_STEPS, LISTED, VIEWER, anyone_like, kept
from relationships.queries.search_parties import (
    FoundParty,
    Ranked,
    parties_found,
    parties_listed,
    points_met,
    ranked,
    similar_parties,
    told_of,
)
from relationships.queries.search_sought import Sought, read
from relationships.queries.search_talk import (
    FEWEST_LETTERS,
    MOST,
    SOURCES,
    can_be_said,
    common_words,
    only_latest,
    texts_found,
)
from relationships.queries.together import KeptPieces, WrittenPieces, pieces, together
from relationships.querysets import rights_of

PARTIES = ("organisations", "people")
GROUPS = (*PARTIES, *SOURCES)
FEW = 1_000
"""Up to so many relationships are looked through themselves, instead of what an index finds among all of them."""
BELIEVED_SECONDS, MOST_BELIEVED = 300, 1_000
many_until: dict[Any, float] = {}
"""Until when somebody is believed to know of more than a few: by database, person, rights and what was few."""
FIRST = 5
MOST_NAMES = 4
"""Lines of more parts are too rare for their statement to be kept."""
MOST_WORDS = 2
"""So many are looked for by a statement that every connection holds on to."""
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
    common = common_words(sought) if few is None and can_be_said(sought) else {}
    is_beside = not group and few is None and _are_few_and_rare(sought.words, common)
    rows = _met(viewer, sought, few, common, "parties" if is_beside else _part(group))
    if is_beside or rows.get("parties"):
        rows |= _seen(viewer, [row["party_id"] for row in rows["parties"]], sought if is_beside else None)
    is_near = "parties" in rows and not any(rows.values()) and len(sought.text) >= FEWEST_TO_BE_NEAR
    if is_near:
        rows["parties"] = similar_parties(viewer, sought)
    parties = _parties(rows.get("parties", []), sought, is_near=is_near)
    chosen = [group] if group else list(GROUPS)
    shown = [_group(name, parties.get(name, rows.get(name, [])), MOST if group else limit) for name in chosen]
    told = _told(viewer, [one for one in shown if one.hits], today)
    return Results(sought, told, is_near and bool(parties), only_latest(sought, common))


def _met(
    viewer: User, sought: Sought, few: list[int] | None, common: Mapping[str, frozenset[str]], only: str
) -> dict[str, Any]:
    """What meets the line, of each part or `only` of one."""
    if few is not None or len(sought.names) > MOST_NAMES:
        return together(**_parts(viewer, sought, few, common, only))
    standing, texts = sought.standing()
    stands = dict(zip(sought.words, standing.words, strict=True))
    alike = {name: frozenset(stands[word] for word in words) for name, words in common.items()}

    def written() -> WrittenPieces:
        return WrittenPieces(pieces(**_parts(anyone_like(viewer), standing, None, alike, only)))

    key = ("search", rights_of(viewer), standing, tuple(sorted(alike.items())), only)
    return kept(key, written).ask({VIEWER: viewer.pk}, texts)


def _are_few_and_rare(words: Sequence[str], common: Mapping[str, frozenset[str]]) -> bool:
    """Whether the index alone finds what holds the words, by one of the few statements that are kept for good."""
    return (
        len(words) <= MOST_WORDS
        and all(len(word) >= FEWEST_LETTERS for word in words)
        and not any(common.values())
    )


def _seen(viewer: User, party_ids: list[int], said: Sought | None) -> dict[str, Any]:
    """Those of the parties that the viewer may know of; beside them the texts that hold what is to be `said`.

    Its words are rare ones, which are found by their index whatever they are: so it is planned once for all.
    """
    standing, texts = Sought("", words=said.words if said else ()).standing()

    def parts() -> KeptPieces:
        who = anyone_like(viewer)
        held = texts_found(who, standing, None, {}) if said else {}
        return KeptPieces(pieces(parties=parties_listed(who), **held), BY_STEPS)

    wanted = kept(("search: seen", rights_of(viewer), standing.words), parts)
    return wanted.ask_listed({VIEWER: viewer.pk}, party_ids, texts)


def _parts(
    viewer: User, sought: Sought, few: list[int] | None, common: Mapping[str, frozenset[str]], only: str
) -> dict[str, Any]:
    found: dict[str, Any] = {"parties": parties_found(viewer, sought, few)}
    if can_be_said(sought):
        found |= texts_found(viewer, sought, few, common)
    return {name: part for name, part in found.items() if not only or name == only}


def _part(group: str) -> str:
    return group if group in SOURCES or not group else "parties"


def _few(viewer: User) -> list[int] | None:
    """All relationships that the viewer may know of, where they are few; else None.

    That there are many is believed for a while: it decides how is sought, and not what may be seen.
    """
    database, rights = str(connection.settings_dict["NAME"]), rights_of(viewer)
    who = (database, viewer.pk, rights, FEW)
    if many_until.get(who, 0.0) > monotonic():
        return None
    rows = kept(
        ("search: few", rights, FEW), lambda: WrittenPieces(pieces(seen=_seen_ids(anyone_like(viewer))))
    )
    ids = [row["pk"] for row in rows.ask({VIEWER: viewer.pk}, {})["seen"]]
    if len(ids) <= FEW:
        return ids
    if len(many_until) > MOST_BELIEVED:
        many_until.clear()
    many_until[who] = monotonic() + BELIEVED_SECONDS
    return None


def _seen_ids(viewer: User) -> "QuerySet[Any, dict[str, Any]]":
    rows: QuerySet[Any] = Relationship.objects.visible_to(viewer)
    return rows.order_by().values("pk")[: max(FEW, 0) + 1]


def _parties(rows: Sequence[dict[str, Any]], sought: Sought, *, is_near: bool) -> dict[str, list[Ranked]]:
    """Organisations and people, the closest first; nearly met names stay in the order of their nearness."""
    found = ranked(rows, points_met([row["id"] for row in rows], sought), sought, keep_order=is_near)
    by_group: dict[str, list[Ranked]] = {}
    for one in found:
        key = "people" if one[0]["kind"] == PartyKind.PERSON else "organisations"
        by_group.setdefault(key, []).append(one)
    return by_group


def _group(key: str, found: Sequence[Any], limit: int) -> Group:
    hits = [told_of(one) if key in PARTIES else TextHit(one) for one in found[:limit]]
    return Group(key, hits, min(len(found), MOST + 1))


def _told(viewer: User, groups: list[Group], today: date) -> list[Group]:
    """The groups, with what the viewer may know of the parties in them."""
    ids = sorted({hit.pk for group in groups for hit in group.hits if isinstance(hit, FoundParty)})
    roles: dict[int, list[Role]] = {}
    belong: dict[int, str] = {}
    known = _known(viewer, ids, today) if ids else {"roles": [], "up": [], "down": []}
    for row in known["roles"]:
        role = Role(row["id"], row["kind"], row["closed_at"] is None)
        roles.setdefault(row["party_id"], []).append(role)
    for row in sorted(known["up"] + known["down"], key=lambda row: str(row["name"])):
        belong.setdefault(row["person"], row["name"])
    return [
        Group(group.key, [_hit(hit, roles, belong) for hit in group.hits], group.found) for group in groups
    ]


def _known(viewer: User, party_ids: list[int], today: date) -> dict[str, Any]:
    """The visible relationships of each party, open ones first, and of those that it is linked to in any way."""

    def parts() -> KeptPieces:
        seen: QuerySet[Any] = Relationship.objects.visible_to(anyone_like(viewer))
        opened_first = seen.order_by(F("closed_at").desc(nulls_first=True), "kind", "pk")
        held = PartyLink.objects.as_of(today)
        up = seen.filter(party__links_out__in=held.filter(Among(F("target_party"), [LISTED])))
        down = seen.filter(party__links_in__in=held.filter(Among(F("source_party"), [LISTED])))
        return KeptPieces(
            pieces(
                roles=opened_first.filter(Among(F("party_id"), [LISTED])).values(
                    "id", "party_id", "kind", "closed_at"
                ),
                up=up.values(person=F("party__links_out__target_party_id"), name=F("party_name")),
                down=down.values(person=F("party__links_in__source_party_id"), name=F("party_name")),
            )
        )

    wanted = kept(("search: known", rights_of(viewer), today), parts)
    return wanted.ask_listed({VIEWER: viewer.pk}, party_ids)


def _hit(hit: Any, roles: Mapping[int, list[Role]], belong: Mapping[int, str]) -> Any:
    if not isinstance(hit, FoundParty):
        return hit
    belongs_to = belong.get(hit.pk, "") if hit.is_person else ""
    return PartyHit(hit, tuple(roles.get(hit.pk, ())), belongs_to)
