"""Many interactions at once, set-based: the same rows and consequences that logging them one by one would leave."""

import json
from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.refusals import NotAllowed
from relationships.enums import Verb
from relationships.models import Relationship
from relationships.operations.interactions import how_it_sounds
from relationships.operations.replies import pair_replies
from relationships.operations.state import settle_states
from relationships.permissions import may_in

BATCH = 2_000

PREPARE = """
DROP TABLE IF EXISTS interaction_drafts;
CREATE TEMP TABLE interaction_drafts (
    n bigint PRIMARY KEY,
    relationship_id bigint NOT NULL,
    person_id bigint,
    speaker_id bigint,
    channel text NOT NULL,
    direction text NOT NULL,
    happened_at timestamptz NOT NULL,
    duration_minutes int,
    subject text NOT NULL,
    body text NOT NULL,
    outcome text NOT NULL,
    tags text[] NOT NULL,
    sentiment float8,
    sentiment_by text NOT NULL DEFAULT '',
    sentiment_words jsonb NOT NULL DEFAULT '[]',
    problem_severity int,
    external_id text NOT NULL,
    interaction_id bigint
) ON COMMIT DROP
"""

FORGET_KNOWN = """
DELETE FROM interaction_drafts draft USING relationships_interaction known
WHERE known.source = %(source)s AND known.external_id = draft.external_id AND known.corrects_id IS NULL
"""

UNJUDGED = """
SELECT draft.n, draft.body, draft.channel, draft.direction, party.locale
FROM interaction_drafts draft
JOIN relationships_relationship relationship ON relationship.id = draft.relationship_id
JOIN relationships_party party ON party.id = relationship.party_id
WHERE draft.sentiment IS NULL AND draft.body <> '' AND draft.channel <> 'note' AND draft.n > %(after)s
ORDER BY draft.n LIMIT %(batch)s
"""

JUDGE = """
UPDATE interaction_drafts draft
SET sentiment = said.compound, sentiment_by = said.model, sentiment_words = said.words::jsonb
FROM unnest(%s::bigint[], %s::float8[], %s::text[], %s::text[]) AS said (n, compound, model, words)
WHERE draft.n = said.n
"""

LOG = """
UPDATE interaction_drafts
SET interaction_id = nextval(pg_get_serial_sequence('relationships_interaction', 'id')),
    sentiment_by = CASE WHEN sentiment IS NOT NULL AND sentiment_by = '' THEN 'person' ELSE sentiment_by END;

INSERT INTO relationships_interaction (
    id, relationship_id, channel, direction, happened_at, duration_minutes, subject, body, outcome, tags, actor_id,
    recorded_at, recorded_by_id, sentiment, sentiment_by, sentiment_words, problem_severity,
    problem_closed_reason, confidentiality, source, external_id)
SELECT interaction_id, relationship_id, channel, direction, happened_at, duration_minutes, subject, body, outcome,
       tags, COALESCE(speaker_id, %(actor)s), %(now)s, %(actor)s, sentiment, sentiment_by, sentiment_words,
       problem_severity, '', 1, %(source)s, external_id
FROM interaction_drafts ORDER BY happened_at, n;

INSERT INTO relationships_interaction_people (interaction_id, party_id)
SELECT interaction_id, person_id FROM interaction_drafts WHERE person_id IS NOT NULL ORDER BY happened_at, n;

INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT draft.relationship_id, relationship.party_id, %(verb)s, 'interaction', draft.interaction_id, %(actor)s,
       draft.happened_at, %(now)s, '',
       jsonb_build_object('channel', draft.channel, 'direction', draft.direction), 1
FROM interaction_drafts draft
JOIN relationships_relationship relationship ON relationship.id = draft.relationship_id
ORDER BY draft.happened_at, draft.n;

UPDATE relationships_relationshipstate state SET
    last_interaction_at = GREATEST(state.last_interaction_at, met.last_at),
    last_inbound_at = GREATEST(state.last_inbound_at, met.last_in),
    last_outbound_at = GREATEST(state.last_outbound_at, met.last_out)
FROM (
    SELECT relationship_id, max(happened_at) AS last_at,
           max(happened_at) FILTER (WHERE direction <> 'out') AS last_in,
           max(happened_at) FILTER (WHERE direction <> 'in') AS last_out
    FROM interaction_drafts WHERE channel <> 'note' GROUP BY relationship_id
) met
WHERE met.relationship_id = state.relationship_id;
"""


def prepare_interaction_drafts() -> None:
    """Makes the empty table `interaction_drafts`, one row an interaction, until the transaction ends.

    `sentiment` is a person's own judgement. Whoever fills it answers for the values: they are checked before
    they come here.
    """
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)


@transaction.atomic
def log_drafted_interactions(*, actor: User, source: str, now: datetime) -> int:
    """Logs the drafts that the source has not named before, with all that follows; returns how many.

    Raises NotAllowed when the actor may not log in one of their relationships.
    """
    facts: dict[str, str | int | datetime] = {
        "actor": actor.pk,
        "source": source,
        "now": now,
        "verb": Verb.INTERACTION_LOGGED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(FORGET_KNOWN, facts)
        cursor.execute("SELECT DISTINCT relationship_id FROM interaction_drafts ORDER BY 1")
        relationship_ids = [row[0] for row in cursor.fetchall()]
        if not relationship_ids:
            return 0
        _require(actor, relationship_ids)
        _judge()
        cursor.execute(LOG, facts)
        cursor.execute("SELECT count(*), min(happened_at) FROM interaction_drafts")
        logged, first = cursor.fetchone()
    pair_replies(relationship_ids, since=first)
    settle_states(relationship_ids, stale_at=now)
    return int(logged)


def _require(actor: User, relationship_ids: list[int]) -> None:
    if actor.is_system:
        return
    for relationship in Relationship.objects.filter(pk__in=relationship_ids).iterator():
        if not may_in(actor, Permission.LOG_INTERACTIONS, relationship):
            raise NotAllowed(_("Your role does not allow this here."))


def _judge() -> None:
    """How the drafts sound that no person has judged, a batch at a time."""
    after: int = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(UNJUDGED, {"after": after, "batch": BATCH})
            rows = cursor.fetchall()
            if not rows:
                return
            after = rows[-1][0]
            scored = [
                (n, how_it_sounds(body, channel=channel, direction=direction, locale=locale))
                for n, body, channel, direction, locale in rows
            ]
            heard = [(n, sound) for n, sound in scored if sound is not None]
            cursor.execute(
                JUDGE,
                [
                    [n for n, _sound in heard],
                    [sound.compound for _n, sound in heard],
                    [sound.model_version for _n, sound in heard],
                    [json.dumps([asdict(word) for word in sound.words]) for _n, sound in heard],
                ],
            )
