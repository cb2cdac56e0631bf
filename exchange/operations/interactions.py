"""Interactions from the typed rows: each into the relationship that its reference names, once."""

from django.db import connection

from exchange.enums import HeldReason
from exchange.operations.report import Outcome
from exchange.operations.sight import hold_out_of_sight, hold_unseen_parties
from exchange.operations.staging import run_statement
from exchange.operations.terms import Terms
from relationships.operations.bulk import prepare_drafts, recognise_drafts
from relationships.operations.bulk_interactions import log_drafted_interactions, prepare_interaction_drafts

NOTHING_SAID = """
UPDATE ingest_rows SET verdict = %(verdict)s
WHERE verdict IS NULL AND COALESCE(subject, body, outcome) IS NULL
  AND (person_ref IS NULL OR channel = 'note')
"""

DRAFT_PARTIES = """
INSERT INTO relationship_drafts (ref, n, party_kind, name)
SELECT party_ref, min(n), 'organisation', party_ref FROM ingest_rows WHERE verdict IS NULL GROUP BY party_ref
"""

NO_RELATIONSHIP = """
UPDATE ingest_rows rows SET verdict = %(verdict)s FROM relationship_drafts draft
WHERE rows.verdict IS NULL AND draft.ref = rows.party_ref AND draft.relationship_id IS NULL
"""

NO_PERSON = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
WHERE rows.verdict IS NULL AND rows.person_ref IS NOT NULL AND NOT EXISTS (
    SELECT FROM relationships_partyidentifier known
    WHERE known.scheme = %(source)s AND known.value = rows.person_ref)
"""

NO_SPEAKER = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
WHERE rows.verdict IS NULL AND rows.speaker IS NOT NULL AND NOT EXISTS (
    SELECT FROM accounts_user colleague
    WHERE colleague.email = lower(rows.speaker) AND colleague.is_active AND NOT colleague.is_system)
"""

TAGS = """
UPDATE ingest_rows SET verdict = %(verdict)s
WHERE verdict IS NULL AND tags IS NOT NULL AND (
    array_length(string_to_array(tags, ';'), 1) > 20
    OR EXISTS (SELECT FROM unnest(string_to_array(tags, ';')) tag WHERE length(btrim(tag)) > 40))
"""

NAMES = """
UPDATE ingest_rows SET external_id = COALESCE(external_id, values_key || ':' || occurrence) WHERE verdict IS NULL
"""

CONTRADICTIONS = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
FROM (SELECT n, first_value(values_key) OVER (PARTITION BY external_id ORDER BY n) AS said
      FROM ingest_rows WHERE verdict IS NULL) first
WHERE rows.n = first.n AND rows.verdict IS NULL AND rows.values_key <> first.said;

UPDATE ingest_rows rows SET verdict = %(verdict)s
FROM relationships_interaction known, relationship_drafts draft
WHERE rows.verdict IS NULL AND known.source = %(source)s AND known.external_id = rows.external_id
  AND known.corrects_id IS NULL AND draft.ref = rows.party_ref
  AND (known.relationship_id, known.channel, known.direction, known.happened_at, known.subject, known.body)
      IS DISTINCT FROM (draft.relationship_id, rows.channel, rows.direction, rows.happened_at_value,
                        COALESCE(rows.subject, ''), COALESCE(rows.body, ''));
"""

DRAFT = """
INSERT INTO interaction_drafts (
    n, relationship_id, person_id, speaker_id, channel, direction, happened_at, duration_minutes, subject, body,
    outcome, tags, sentiment, problem_severity, external_id)
SELECT DISTINCT ON (rows.external_id) rows.n, draft.relationship_id, person.party_id, colleague.id, rows.channel,
       rows.direction, rows.happened_at_value, rows.duration_minutes_value, COALESCE(rows.subject, ''),
       COALESCE(rows.body, ''), COALESCE(rows.outcome, ''),
       ARRAY(SELECT DISTINCT lower(ltrim(btrim(tag), '#')) FROM unnest(string_to_array(rows.tags, ';')) tag
             WHERE btrim(tag, ' #') <> '' ORDER BY 1),
       rows.tone_value, rows.problem_severity::int, rows.external_id
FROM ingest_rows rows
JOIN relationship_drafts draft ON draft.ref = rows.party_ref
LEFT JOIN relationships_partyidentifier person
       ON person.scheme = %(source)s AND person.value = rows.person_ref
LEFT JOIN accounts_user colleague ON colleague.email = lower(rows.speaker)
WHERE rows.verdict IS NULL
ORDER BY rows.external_id, rows.n
"""


def bring_in_interactions(terms: Terms) -> Outcome:
    """Imports every row without a verdict; a row that must be held after all gets one.

    A row is known by its external id, or else by its values and occurrence. One that says something else than
    the same id said before is held: what was written down is corrected by people, not overwritten.
    """
    terms.needed_kind  # noqa: B018  refuses a mapping without a kind before anything is looked up
    _hold_what_does_not_fit(terms)
    prepare_interaction_drafts()
    run_statement(DRAFT, source=terms.mapping.source)
    logged = log_drafted_interactions(actor=terms.actor, source=terms.mapping.source, now=terms.now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ingest_rows WHERE verdict IS NULL")
        (rows,) = cursor.fetchone()
    return Outcome(
        created={"interactions": logged},
        updated={"interactions": 0},
        unchanged={"interactions": rows - logged},
    )


def _hold_what_does_not_fit(terms: Terms) -> None:
    """Verdicts for rows that say nothing, name nobody we know, or contradict what the source has said."""
    source = terms.mapping.source
    run_statement(NOTHING_SAID, verdict=f"body:{HeldReason.NOTHING_SAID}")
    run_statement(TAGS, verdict=f"tags:{HeldReason.TOO_LONG}")
    prepare_drafts()
    run_statement(DRAFT_PARTIES)
    recognise_drafts(terms.opening)
    run_statement(NO_RELATIONSHIP, verdict=f"party_ref:{HeldReason.NOT_FOUND}")
    hold_out_of_sight(terms, "party_ref")
    run_statement(NO_PERSON, source=source, verdict=f"person_ref:{HeldReason.NOT_FOUND}")
    hold_unseen_parties(terms, "person_ref")
    run_statement(NO_SPEAKER, verdict=f"speaker:{HeldReason.NOT_FOUND}")
    run_statement(NAMES)
    run_statement(CONTRADICTIONS, source=source, verdict=f"external_id:{HeldReason.CONFLICT}")
