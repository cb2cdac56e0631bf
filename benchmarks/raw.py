"""The raw SQL S of what the product writes: an interaction, scores, an import, a file. Fixed here."""

from benchmarks.facts import VISIBLE

LOG = (
    """
    SELECT r.id, r.party_id FROM relationships_relationship r WHERE r.id = %(id)s FOR UPDATE
    """,
    """
    INSERT INTO relationships_interaction (
        relationship_id, channel, direction, happened_at, subject, body, outcome, tags, actor_id, recorded_at,
        recorded_by_id, sentiment, sentiment_by, sentiment_words, problem_closed_reason, confidentiality, source,
        external_id)
    VALUES (%(id)s, 'call', 'out', %(now)s, '', %(body)s, '', '{}', %(viewer)s, %(now)s, %(viewer)s, 0.2, 'person',
            '[]', '', 1, '', '') RETURNING id
    """,
    """
    INSERT INTO relationships_event (
        relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
        confidentiality)
    SELECT id, party_id, 'interaction_logged', 'interaction', currval('relationships_interaction_id_seq'), %(viewer)s,
           %(now)s, %(now)s, '', '{"channel": "call", "direction": "out"}', 1
    FROM relationships_relationship WHERE id = %(id)s
    """,
    """
    INSERT INTO relationships_commitment (
        relationship_id, direction, what, made_in_id, made_at, original_due_date, current_due_date, owner_id,
        materiality, state, evidence, withdrawn_reason, created_at, created_by_id)
    VALUES (%(id)s, 'ours', %(promise)s, currval('relationships_interaction_id_seq'), %(now)s, %(due)s, %(due)s,
            %(viewer)s, 'normal', 'agreed', '', '', %(now)s, %(viewer)s)
    """,
    """
    INSERT INTO relationships_event (
        relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
        confidentiality)
    SELECT id, party_id, 'commitment_made', 'commitment', currval('relationships_commitment_id_seq'), %(viewer)s,
           %(now)s, %(now)s, '', '{}', 1
    FROM relationships_relationship WHERE id = %(id)s
    """,
    """
    UPDATE relationships_relationshipstate SET
        last_interaction_at = GREATEST(last_interaction_at, %(now)s),
        last_outbound_at = GREATEST(last_outbound_at, %(now)s), stale_at = %(now)s,
        open_commitments = (SELECT count(*) FROM relationships_commitment WHERE relationship_id = %(id)s
            AND state IN ('proposed', 'agreed', 'in_progress', 'missed')),
        open_follow_ups = (SELECT count(*) FROM relationships_followup WHERE relationship_id = %(id)s
            AND done_at IS NULL AND cancelled_at IS NULL),
        open_problems = (SELECT count(*) FROM relationships_interaction WHERE relationship_id = %(id)s
            AND problem_severity IS NOT NULL AND problem_closed_at IS NULL AND superseded_at IS NULL),
        next_touch_date = (SELECT min(due) FROM (
            SELECT due_date AS due FROM relationships_followup
            WHERE relationship_id = %(id)s AND done_at IS NULL AND cancelled_at IS NULL
            UNION ALL SELECT current_due_date FROM relationships_commitment WHERE relationship_id = %(id)s
            AND direction <> 'theirs' AND state IN ('proposed', 'agreed', 'in_progress', 'missed')) plans)
    WHERE relationship_id = %(id)s
    """,
)
"""One transaction: the interaction with a promise, their lines of the timeline, and the relationship's facts."""

_DECAY = "exp(-ln(2::float8) * least(age / {half}::float8, 60::float8))"


def _decay(half_life: int) -> str:
    return _DECAY.format(half=half_life)


SCORES = f"""
WITH talk AS (
    SELECT i.id, i.relationship_id, i.channel, i.direction, i.reply_minutes, i.problem_severity, i.sentiment,
           i.channel <> 'note' AS contact,
           date_part('epoch', %(now)s::timestamptz - i.happened_at) / 86400::float8 AS age,
           date_part('epoch', %(now)s::timestamptz - i.problem_closed_at) / 86400::float8 AS closed_age
    FROM relationships_interaction i JOIN relationships_relationship r ON r.id = i.relationship_id
    WHERE {{whom}} AND i.superseded_at IS NULL AND r.closed_at IS NULL
), counted AS (
    SELECT relationship_id, count(*) FILTER (WHERE contact) AS n, min(age) FILTER (WHERE contact) AS since,
           max(age) AS span,
           100::float8 * (1 - exp(-least(sum({_decay(30)}) FILTER (WHERE contact), 180::float8) / 3::float8)) AS activity,
           sum({_decay(90)}) FILTER (WHERE contact AND direction <> 'out') AS inward,
           sum({_decay(90)}) FILTER (WHERE contact AND direction <> 'in') AS outward,
           sum({_decay(90)} * ln(greatest(reply_minutes, 1)::float8)) FILTER (WHERE direction = 'out')
               / NULLIF(sum({_decay(90)}) FILTER (WHERE direction = 'out' AND reply_minutes IS NOT NULL), 0) AS ours,
           sum({_decay(90)} * ln(greatest(reply_minutes, 1)::float8)) FILTER (WHERE direction = 'in')
               / NULLIF(sum({_decay(90)}) FILTER (WHERE direction = 'in' AND reply_minutes IS NOT NULL), 0) AS theirs,
           sum(CASE WHEN problem_severity IS NULL THEN 0 WHEN closed_age IS NULL THEN problem_severity
               ELSE problem_severity * exp(-ln(2::float8) * least(closed_age / 30::float8, 60::float8)) END) AS load,
           sum({_decay(90)} * sentiment) / NULLIF(sum({_decay(90)}) FILTER (WHERE sentiment IS NOT NULL), 0) AS tone,
           count(DISTINCT channel) FILTER (WHERE contact AND age < 1080) AS channels
    FROM talk GROUP BY relationship_id
), rhythm AS (
    SELECT relationship_id, percentile_cont(0.5::float8) WITHIN GROUP (ORDER BY gap) AS usual FROM (
        SELECT relationship_id, age - lag(age) OVER (PARTITION BY relationship_id ORDER BY age) AS gap
        FROM talk WHERE contact) gaps GROUP BY relationship_id
), people AS (
    SELECT talk.relationship_id, count(DISTINCT met.party_id) AS people
    FROM talk JOIN relationships_interaction_people met ON met.interaction_id = talk.id
    WHERE contact GROUP BY talk.relationship_id
), promised AS (
    SELECT relationship_id,
           (sum({_decay(180)}) FILTER (WHERE on_time) + 3) / (sum({_decay(180)}) + 5) AS kept
    FROM (SELECT c.relationship_id, c.delivered_at::date <= c.original_due_date AS on_time,
                 COALESCE(%(now)s::date - c.delivered_at::date, 0)::float8 AS age
          FROM relationships_commitment c JOIN relationships_relationship r ON r.id = c.relationship_id
          WHERE {{whom}} AND c.direction <> 'theirs' AND (c.delivered_at IS NOT NULL OR c.original_due_date < %(now)s)) c
    GROUP BY relationship_id
)
SELECT c.relationship_id, %(now)s::timestamptz AS as_of,
       (5 * c.activity + 8 * greatest(0, 100 - 25 * c.since / greatest(rhythm.usual, 1)) +
        7 * 100 * 2 * least(c.inward, c.outward) / NULLIF(c.inward + c.outward, 0) +
        10 * 100 / (1 + exp(c.ours - 6.17)) + 5 * 100 / (1 + exp(c.theirs - 6.17)) +
        15 * 100 * COALESCE(promised.kept, 0.6) + 20 * 100 * exp(-least(c.load, 60)) +
        10 * (50 + 100 * COALESCE(c.tone, 0)) + 5 * least(c.channels / 3.0, 1) * 100) / 85 AS score,
       jsonb_build_array(
           jsonb_build_object('key', 'activity', 'value', c.activity, 'n', c.n),
           jsonb_build_object('key', 'recency', 'value', c.since, 'usual', rhythm.usual),
           jsonb_build_object('key', 'reciprocity', 'inward', c.inward, 'outward', c.outward),
           jsonb_build_object('key', 'our_replies', 'value', c.ours),
           jsonb_build_object('key', 'their_replies', 'value', c.theirs),
           jsonb_build_object('key', 'promises', 'value', promised.kept),
           jsonb_build_object('key', 'problems', 'value', c.load),
           jsonb_build_object('key', 'sentiment', 'value', c.tone),
           jsonb_build_object('key', 'breadth', 'people', people.people, 'channels', c.channels)) AS parts
FROM counted c LEFT JOIN rhythm USING (relationship_id) LEFT JOIN people USING (relationship_id)
LEFT JOIN promised USING (relationship_id)
"""
"""Nine components of everybody's health, in one statement."""

SCORE_ALL = f"CREATE UNLOGGED TABLE benchmark_scores AS {SCORES.format(whom='TRUE')}"
SCORE_ALL_STATES = """
UPDATE relationships_relationshipstate s SET health = round(b.score::numeric, 1), scored_at = b.as_of
FROM benchmark_scores b WHERE b.relationship_id = s.relationship_id
"""
SCORE_SOME = f"""
INSERT INTO benchmark_scores {SCORES.format(whom="r.id = ANY(%(ids)s)")}
ON CONFLICT (relationship_id) DO UPDATE SET as_of = EXCLUDED.as_of, score = EXCLUDED.score, parts = EXCLUDED.parts
"""
SCORE_SOME_STATES = """
UPDATE relationships_relationshipstate s SET health = round(b.score::numeric, 1), scored_at = b.as_of, stale_at = NULL
FROM benchmark_scores b WHERE b.relationship_id = s.relationship_id AND s.relationship_id = ANY(%(ids)s)
"""

STAGE = """
CREATE UNLOGGED TABLE benchmark_staged (
    n bigint, ref text, name text, sector text, place text, country text, email text, phone text,
    party_id bigint, relationship_id bigint)
"""
STAGED = (
    "COPY benchmark_staged (ref, name, sector, place, country, email, phone) FROM STDIN (FORMAT csv, HEADER)"
)
TAKE_IN = (
    """
    UPDATE benchmark_staged SET party_id = nextval('relationships_party_id_seq'),
        relationship_id = nextval('relationships_relationship_id_seq')
    """,
    """
    INSERT INTO relationships_party (id, kind, name, legal_name, job_title, sector, place, country, time_zone, locale,
        about, confidentiality, version, is_sample, created_at, created_by_id)
    SELECT party_id, 'organisation', name, '', '', sector, place, country, '', '', '', 1, 1, false, %(now)s, %(actor)s
    FROM benchmark_staged
    """,
    """
    INSERT INTO relationships_partyidentifier (party_id, scheme, value)
    SELECT party_id, %(source)s, ref FROM benchmark_staged
    """,
    """
    INSERT INTO relationships_contactpoint (party_id, kind, value, normalised, label, is_preferred, created_at)
    SELECT party_id, kind, value, value, '', true, %(now)s
    FROM benchmark_staged CROSS JOIN LATERAL (VALUES ('email', email), ('phone', phone)) point (kind, value)
    WHERE NOT EXISTS (SELECT FROM relationships_contactpoint known
                      WHERE known.kind = point.kind AND known.normalised = point.value)
    """,
    """
    INSERT INTO relationships_relationship (id, party_id, kind, business_unit_id, owner_id, stage, party_name, objective,
        sensitivity_note, cadence_days, revenue_type, confidentiality, source, external_ref, version, is_sample,
        opened_at, created_at, created_by_id, closed_reason)
    SELECT relationship_id, party_id, %(kind)s, %(unit)s, %(actor)s, %(stage)s, name, '', '', 30, 'transactional', 1,
           %(source)s, ref, 1, false, %(now)s, %(now)s, %(actor)s, '' FROM benchmark_staged
    """,
    """
    INSERT INTO relationships_relationshipstate (relationship_id, kind, owner_id, next_touch_date, next_touch_owner_id,
        next_touch_reason, open_commitments, open_follow_ups, open_problems, health_status, health_weeks, value_tier,
        value_currency, stale_at)
    SELECT relationship_id, %(kind)s, %(actor)s, %(now)s::date + 30, %(actor)s, 'cadence', 0, 0, 0, '', '{}', '', '', %(now)s
    FROM benchmark_staged
    """,
    """
    INSERT INTO relationships_event (relationship_id, party_id, verb, subject_type, actor_id, happened_at, recorded_at,
        reason, data, confidentiality)
    SELECT told.relationship_id, party_id, told.verb, '', %(actor)s, %(now)s, %(now)s, '', told.data, 1
    FROM benchmark_staged s CROSS JOIN LATERAL (VALUES
        (NULL::bigint, 'party_created', jsonb_build_object('name', name)),
        (s.relationship_id, 'relationship_opened', jsonb_build_object('kind', %(kind)s::text)),
        (NULL, 'contact_point_added', jsonb_build_object('kind', 'email', 'label', '')),
        (NULL, 'contact_point_added', jsonb_build_object('kind', 'phone', 'label', '')))
        told (relationship_id, verb, data)
    """,
)
"""An import as bare as it can be, into the same tables with the same indexes: COPY, then INSERT … SELECT."""

EXPORT = f"""
SELECT r.party_name, r.stage, s.health, s.health_status, s.last_interaction_at, s.next_touch_date, s.open_commitments,
       s.open_problems{{own}}, s.value_tier, s.value_amount, s.value_currency, o.name, r.cadence_days, r.opened_at,
       r.external_ref
FROM relationships_relationship r
JOIN relationships_relationshipstate s ON s.relationship_id = r.id
JOIN accounts_user o ON o.id = r.owner_id
LEFT JOIN {{profile}} own ON own.relationship_id = r.id
WHERE r.kind = %(kind)s AND r.closed_at IS NULL AND {VISIBLE}
"""
"""Everything that the file of a list says, as it is kept: neither in words nor in order."""
