"""What belongs to the parties of a bulk opening: corrected names and facts, ways to reach them, links."""

from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from relationships.enums import Verb

CHANGES = """
DROP TABLE IF EXISTS party_changes;
CREATE TEMP TABLE party_changes ON COMMIT DROP AS
SELECT party.id, party.name AS before, draft.name AS name, draft.legal_name, draft.job_title, draft.sector,
       draft.place, draft.country, draft.about, array_remove(ARRAY[
           CASE WHEN draft.about NOT IN ('', party.about) THEN 'about' END,
           CASE WHEN draft.country NOT IN ('', party.country) THEN 'country' END,
           CASE WHEN draft.job_title NOT IN ('', party.job_title) THEN 'job_title' END,
           CASE WHEN draft.legal_name NOT IN ('', party.legal_name) THEN 'legal_name' END,
           CASE WHEN draft.place NOT IN ('', party.place) THEN 'place' END,
           CASE WHEN draft.sector NOT IN ('', party.sector) THEN 'sector' END], NULL) AS fields
FROM relationship_drafts draft JOIN relationships_party party ON party.id = draft.party_id
WHERE draft.may_update AND NOT draft.is_new_party;

DELETE FROM party_changes WHERE before = name AND fields = '{}';

UPDATE relationships_party party SET
    name = changed.name, version = party.version + 1,
    legal_name = COALESCE(NULLIF(changed.legal_name, ''), party.legal_name),
    job_title = COALESCE(NULLIF(changed.job_title, ''), party.job_title),
    sector = COALESCE(NULLIF(changed.sector, ''), party.sector),
    place = COALESCE(NULLIF(changed.place, ''), party.place),
    country = COALESCE(NULLIF(changed.country, ''), party.country),
    about = COALESCE(NULLIF(changed.about, ''), party.about)
FROM party_changes changed WHERE party.id = changed.id;

UPDATE relationships_relationship relationship SET party_name = changed.name
FROM party_changes changed WHERE relationship.party_id = changed.id AND changed.before <> changed.name;

INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT NULL, told.id, told.verb, '', NULL, %(actor)s, %(now)s, %(now)s, '', told.data, 1
FROM (
    SELECT id, %(renamed)s AS verb, jsonb_build_object('from', before, 'to', name) AS data, 1 AS part
    FROM party_changes WHERE before <> name
    UNION ALL
    SELECT id, %(edited)s, jsonb_build_object('fields', to_jsonb(fields)), 2 FROM party_changes WHERE fields <> '{}'
) told ORDER BY told.id, told.part;
"""

CONTACT_POINTS = """
ANALYZE relationship_drafts, contact_point_drafts;

WITH given AS (
    SELECT DISTINCT ON (draft.party_id, point.kind, point.normalised)
           draft.party_id, point.kind, point.value, point.normalised
    FROM contact_point_drafts point JOIN relationship_drafts draft ON draft.ref = point.ref
), ranked AS (
    SELECT given.*, row_number() OVER (PARTITION BY party_id, kind ORDER BY normalised) = 1
                    AND NOT EXISTS (SELECT FROM relationships_contactpoint known
                                    WHERE known.party_id = given.party_id AND known.kind = given.kind) AS first
    FROM given
), added AS (
    INSERT INTO relationships_contactpoint (party_id, kind, value, normalised, label, is_preferred, created_at)
    SELECT party_id, kind, value, normalised, '', first, %(now)s FROM ranked ORDER BY party_id, kind
    ON CONFLICT (party_id, kind, normalised) DO NOTHING
    RETURNING party_id, kind
)
INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT NULL, party_id, %(verb)s, '', NULL, %(actor)s, %(now)s, %(now)s, '',
       jsonb_build_object('kind', kind, 'label', ''), 1
FROM added
"""

LINKS = """
WITH given AS (
    SELECT DISTINCT pair.source_id, pair.target_id, type.id AS type_id, type.slug
    FROM link_drafts pair JOIN relationships_linktype type ON type.slug = pair.type
    WHERE pair.source_id <> pair.target_id AND NOT EXISTS (
        SELECT FROM relationships_partylink known
        WHERE known.source_party_id = pair.source_id AND known.target_party_id = pair.target_id
          AND known.type_id = type.id AND known.until_date IS NULL)
), added AS (
    INSERT INTO relationships_partylink (
        source_party_id, target_party_id, type_id, strength, influence, stance, origin, note, created_at,
        created_by_id)
    SELECT source_id, target_id, type_id, 3, 0, '', %(origin)s, '', %(now)s, %(actor)s FROM given
    RETURNING id, source_party_id, target_party_id, type_id
), told AS (
    INSERT INTO relationships_event (
        relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
        confidentiality)
    SELECT NULL, side.party_id, %(verb)s, 'partylink', added.id, %(actor)s, %(now)s, %(now)s, '',
           jsonb_build_object('type', type.slug, 'end', side.place), 1
    FROM added JOIN relationships_linktype type ON type.id = added.type_id
    CROSS JOIN LATERAL (VALUES (source_party_id, 'source'), (target_party_id, 'target')) AS side (party_id, place)
    RETURNING 1
)
SELECT count(*) FROM added
"""


@transaction.atomic
def update_drafted_parties(*, actor: User, now: datetime) -> int:
    """Writes what the drafts marked `may_update` say into their parties; returns how many changed.

    An empty field says nothing. A new name is written through to the relationships; the timeline is told.
    """
    facts: dict[str, str | int | datetime] = {
        "actor": actor.pk,
        "now": now,
        "renamed": Verb.PARTY_RENAMED.value,
        "edited": Verb.PARTY_EDITED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, facts)
        cursor.execute("SELECT count(*) FROM party_changes")
        return int(cursor.fetchone()[0])


@transaction.atomic
def add_drafted_contact_points(*, actor: User, now: datetime) -> int:
    """Adds the drafted ways to reach the drafted parties that are new; returns how many.

    The first of its kind is the preferred one.
    """
    facts: dict[str, str | int | datetime] = {
        "actor": actor.pk,
        "now": now,
        "verb": Verb.CONTACT_POINT_ADDED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(CONTACT_POINTS, facts)
        return int(cursor.rowcount)


@transaction.atomic
def add_drafted_links(*, actor: User, origin: str, now: datetime) -> int:
    """Adds the drafted links that are not open already, told on both timelines; returns how many."""
    facts: dict[str, str | int | datetime] = {
        "actor": actor.pk,
        "now": now,
        "verb": Verb.LINK_ADDED.value,
        "origin": origin[:80],
    }
    with connection.cursor() as cursor:
        cursor.execute(LINKS, facts)
        return int(cursor.fetchone()[0])
