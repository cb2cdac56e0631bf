"""The parties around a party on a day, two links far, as the viewer may know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import User
from relationships import kinds
from relationships.enums import HealthStatus, PartyKind
from relationships.models import LinkType, Party, Relationship
from relationships.queries.steps import Statement, steps_from
from relationships.queries.tie_words import tie_words

NEAR, FAR = 60, 20
STRONG = 4
TONES = {"": "", HealthStatus.HEALTHY: "good", HealthStatus.WATCH: "warn", HealthStatus.AT_RISK: "bad"}
WORST_FIRST = ("bad", "warn", "good", "")

WALK = """
WITH near AS MATERIALIZED (SELECT step.*, {hub}::bigint AS from_id, 1 AS hops FROM ({first}) step),
places AS (SELECT DISTINCT other_id FROM near),
far AS (
    SELECT step.*, places.other_id AS from_id, 2 AS hops
    FROM places CROSS JOIN LATERAL ({second}) step
    WHERE step.other_id <> {hub}
)
SELECT walked.link_id, walked.from_id, walked.other_id, walked.hops, walked.strength, walked.since_date,
       walked.until_date, walked.is_forward, type.slug AS type_slug, type.forward, type.reverse,
       party.name, party.kind, party.job_title
FROM (SELECT * FROM near UNION ALL SELECT * FROM far) walked
JOIN relationships_linktype type ON type.id = walked.type_id
JOIN relationships_party party ON party.id = walked.other_id
ORDER BY walked.hops, walked.strength DESC, party.name, party.id, walked.link_id
"""


@dataclass(frozen=True)
class Ours:
    """What a party is to us: one visible open relationship."""

    kind: kinds.Kind
    url: str
    health_status: str


@dataclass(frozen=True)
class Neighbour:
    """A party in the neighbourhood; `via_id` is the party one link nearer by which it is reached."""

    party_id: int
    name: str
    is_person: bool
    job_title: str
    hops: int
    via_id: int
    ours: tuple[Ours, ...] = ()

    @property
    def url(self) -> str:
        """Their page."""
        return f"/parties/{self.party_id}/"

    @property
    def role(self) -> str:
        """What they are to us, or else their job."""
        return ", ".join(str(ours.kind.label) for ours in self.ours) or self.job_title

    @property
    def tone(self) -> str:
        """The colour of the worst of what they are to us."""
        return min((TONES[ours.health_status] for ours in self.ours), key=WORST_FIRST.index, default="")


@dataclass(frozen=True)
class Tie:
    """A link between two parties of the neighbourhood: how `from_name` stands to `to_name`."""

    link_id: int
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    words: str
    strength: int
    since_date: date | None
    until_date: date | None

    @property
    def strong(self) -> bool:
        """Whether it is drawn as a strong tie."""
        return self.strength >= STRONG


@dataclass(frozen=True)
class Neighbourhood:
    """Everybody within two links and every link that was followed, the nearest and closest first."""

    as_of: date
    neighbours: list[Neighbour]
    ties: list[Tie]


def neighbourhood(*, viewer: User, party: Party, as_of: date, link_type: str = "") -> Neighbourhood:
    """The neighbourhood of a visible party in two queries; `link_type` narrows it to links of one type.

    Up to 60 links of the party and 20 of each neighbour are followed, the closest first.
    """
    sql, params = _statement(viewer, party.pk, as_of, link_type)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    ours = _ours(viewer, {row["other_id"] for row in rows})
    found: dict[int, Neighbour] = {}
    ties: dict[int, Tie] = {}
    named = {party.pk: party.name} | {row["other_id"]: row["name"] for row in rows}
    for row in rows:
        found.setdefault(row["other_id"], _neighbour(row, ours))
        ties.setdefault(row["link_id"], _tie(row, named))
    return Neighbourhood(as_of, list(found.values()), list(ties.values()))


def link_types() -> list[LinkType]:
    """What two parties can be to each other."""
    return list(LinkType.objects.order_by("forward", "id"))


def _statement(viewer: User, party_id: int, as_of: date, link_type: str) -> Statement:
    narrowed: Statement = ("", [])
    if link_type:
        narrowed = ("AND link.type_id = (SELECT id FROM relationships_linktype WHERE slug = %s)", [link_type])
    hub = str(int(party_id))
    first, own = steps_from(f"{hub}::bigint", viewer=viewer, as_of=as_of, most=NEAR, narrowed=narrowed)
    second, more = steps_from("places.other_id", viewer=viewer, as_of=as_of, most=FAR, narrowed=narrowed)
    return WALK.format(hub=hub, first=first, second=second), [*own, *more]


def _ours(viewer: User, party_ids: set[int]) -> dict[int, list[Ours]]:
    """What the viewer may know that these parties are to us."""
    found: dict[int, list[Ours]] = {}
    rows = Relationship.objects.visible_to(viewer).open().filter(party_id__in=party_ids)
    for pk, party_id, kind, status in rows.order_by("kind", "pk").values_list(
        "pk", "party_id", "kind", "state__health_status"
    ):
        ours = Ours(kinds.registry.get(kind), f"/{kind}/{pk}/", status)
        found.setdefault(party_id, []).append(ours)
    return found


def _neighbour(row: Mapping[str, Any], ours: Mapping[int, list[Ours]]) -> Neighbour:
    return Neighbour(
        party_id=row["other_id"],
        name=row["name"],
        is_person=row["kind"] == PartyKind.PERSON,
        job_title=row["job_title"],
        hops=row["hops"],
        via_id=row["from_id"],
        ours=tuple(ours.get(row["other_id"], ())),
    )


def _tie(row: Mapping[str, Any], named: Mapping[int, str]) -> Tie:
    return Tie(
        link_id=row["link_id"],
        from_id=row["from_id"],
        from_name=named[row["from_id"]],
        to_id=row["other_id"],
        to_name=row["name"],
        words=tie_words(row["forward"] if row["is_forward"] else row["reverse"]),
        strength=row["strength"],
        since_date=row["since_date"],
        until_date=row["until_date"],
    )
