"""Who can introduce us: the ways from somebody of ours to a party, over people and firms that know each other.

The first step is a colleague who talked with somebody both ways in the last year; the others are open links. Of
each possible first contact the strongest way counts, and of two as strong the shorter one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from relationships.enums import PartyKind
from relationships.models import LinkType, Party
from relationships.queries.steps import Statement, is_told, steps_from
from relationships.queries.tie_words import tie_words

MOST_STEPS = 4
TALK_DAYS = 365
HALF_LIFE_DAYS = 180
STRONGEST = 5
STRONGEST_TALKS = 5
FANOUT, BREADTH, SHOWN = 40, 200, 12
NO_HELP = "AND link.type_id NOT IN (SELECT id FROM relationships_linktype WHERE is_sensitive OR slug = 'competes_with')"

HOP = """
hop{n} AS MATERIALIZED (
    SELECT * FROM (
        SELECT DISTINCT ON (walked.party_id) walked.* FROM (
            SELECT step.other_id AS party_id, LEAST(before.weakest, step.strength) AS weakest,
                   before.trail || step.other_id AS trail, before.links || step.link_id AS links,
                   before.forward || step.is_forward AS forward
            FROM hop{before} before CROSS JOIN LATERAL ({steps}) step
            WHERE step.other_id <> ALL (before.trail)
        ) walked
        ORDER BY walked.party_id, walked.weakest DESC, walked.links
    ) once
    ORDER BY weakest DESC, party_id LIMIT {breadth}
)"""

FOUND = """
WITH hop0 AS (
    SELECT %s::bigint AS party_id, {strongest} AS weakest, ARRAY[%s::bigint] AS trail,
           ARRAY[]::bigint[] AS links, ARRAY[]::boolean[] AS forward
), {hops},
contact AS MATERIALIZED (
    SELECT DISTINCT ON (party_id) * FROM ({every}) reached
    ORDER BY party_id, weakest DESC, cardinality(links), links
),
talk AS (
    SELECT contact.party_id, said.actor_id, count(*) AS talks, max(said.happened_at) AS last_at
    FROM contact CROSS JOIN LATERAL (
        SELECT i.id, i.actor_id, i.happened_at, i.direction
        FROM relationships_interaction_people present
        JOIN relationships_interaction i ON i.id = present.interaction_id
        WHERE present.party_id = contact.party_id
          AND i.superseded_at IS NULL AND i.channel <> 'note' AND i.happened_at BETWEEN %s AND %s
        UNION
        SELECT i.id, i.actor_id, i.happened_at, i.direction
        FROM relationships_relationship ours
        JOIN relationships_interaction i ON i.relationship_id = ours.id
        WHERE ours.party_id = contact.party_id
          AND i.superseded_at IS NULL AND i.channel <> 'note' AND i.happened_at BETWEEN %s AND %s
    ) said
    WHERE {told}
    GROUP BY contact.party_id, said.actor_id
    HAVING bool_or(said.direction <> 'out') AND bool_or(said.direction <> 'in')
)
SELECT colleague.id, colleague.name, talk.talks, talk.last_at, contact.trail, contact.links, contact.forward,
       LEAST(contact.weakest, {strongest}, talk.talks) AS weakest,
       LEAST(contact.weakest, {strongest}, talk.talks)
           * power(0.5::float8, EXTRACT(EPOCH FROM %s - talk.last_at)::float8 / {half_life}::float8) AS score
FROM talk
JOIN contact ON contact.party_id = talk.party_id
JOIN accounts_user colleague ON colleague.id = talk.actor_id
WHERE colleague.is_active AND NOT colleague.is_system
ORDER BY score DESC, cardinality(contact.links), colleague.name, colleague.id, contact.party_id LIMIT {shown}
"""


@dataclass(frozen=True)
class Step:
    """Somebody on the way; `words` tell how the one before stands to them, `strength` how close (1 to 5)."""

    party_id: int
    name: str
    is_person: bool
    words: str
    strength: int

    @property
    def url(self) -> str:
        """Their page."""
        return f"/parties/{self.party_id}/"


@dataclass(frozen=True)
class Introduction:
    """One way: the colleague, then everybody up to the party that is sought.

    `score` is the weakest step (1 to 5; a talk with the first contact counts one, up to five) by how fresh the
    last talk is, halved every 180 days.
    """

    colleague_id: int
    colleague: str
    talks: int
    last_talk_at: datetime
    steps: tuple[Step, ...]
    weakest: int
    score: float

    @property
    def hops(self) -> int:
        """How many introductions or talks lie on the way."""
        return len(self.steps)

    @property
    def is_direct(self) -> bool:
        """Whether the colleague knows the party itself."""
        return len(self.steps) == 1


def introductions(*, viewer: User, party: Party, as_of: date, now: datetime) -> list[Introduction]:
    """The best ways to a visible party, at most four steps long, in three queries whatever there is.

    Whom the viewer may not know is no step, and a talk that they may not read is no acquaintance.
    """
    sql, params = _statement(viewer, party.pk, as_of, now)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _read(rows)


def _statement(viewer: User, party_id: int, as_of: date, now: datetime) -> Statement:
    params: list[Any] = [party_id, party_id]
    hops = []
    for number in range(1, MOST_STEPS):
        steps, own = steps_from(
            "before.party_id", viewer=viewer, as_of=as_of, most=FANOUT, narrowed=(NO_HELP, [])
        )
        hops.append(HOP.format(n=number, before=number - 1, steps=steps, breadth=BREADTH))
        params += own
    told, telling = is_told("said.id", viewer)
    since = now - timedelta(days=TALK_DAYS)
    sql = FOUND.format(
        hops=",".join(hops),
        every=" UNION ALL ".join(f"SELECT * FROM hop{number}" for number in range(MOST_STEPS)),  # noqa: S608  numbers
        told=told,
        strongest=STRONGEST,
        half_life=HALF_LIFE_DAYS * 86_400,
        shown=SHOWN,
    )
    return sql, [*params, since, now, since, now, *telling, now]


def _read(rows: Sequence[Mapping[str, Any]]) -> list[Introduction]:
    parties = Party.objects.in_bulk({pk for row in rows for pk in row["trail"]}) if rows else {}
    links = {pk for row in rows for pk in row["links"]}
    ties = {
        link_id: (forward, reverse, strength)
        for link_id, forward, reverse, strength in LinkType.objects.filter(links__in=links).values_list(
            "links__id", "forward", "reverse", "links__strength"
        )
    } if links else {}  # fmt: skip
    return [_introduction(row, parties, ties) for row in rows]


def _introduction(
    row: Mapping[str, Any], parties: Mapping[int, Party], ties: Mapping[int, tuple[str, str, int]]
) -> Introduction:
    """The way as it is gone: the trail was found from its end."""
    first = parties[row["trail"][-1]]
    steps = [
        Step(first.pk, first.name, first.kind == PartyKind.PERSON, "", min(STRONGEST_TALKS, row["talks"]))
    ]
    back = zip(row["trail"][:-1], row["links"], row["forward"], strict=True)
    for party_id, link_id, was_forward in reversed(list(back)):
        forward, reverse, strength = ties[link_id]
        party = parties[party_id]
        words = tie_words(reverse if was_forward else forward)
        steps.append(Step(party.pk, party.name, party.kind == PartyKind.PERSON, words, strength))
    return Introduction(
        colleague_id=row["id"],
        colleague=row["name"],
        talks=row["talks"],
        last_talk_at=row["last_at"],
        steps=tuple(steps),
        weakest=row["weakest"],
        score=row["score"],
    )
