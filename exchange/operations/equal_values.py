"""New parties whose e-mail address, phone or registration number another party has: held, never merged.

A number that the row's own organisation has is its switchboard's: whoever belongs to it may have it too.
"""

from itertools import groupby
from operator import itemgetter

from django.db import connection
from psycopg2.sql import SQL, Identifier, Literal

from exchange.enums import HeldReason
from exchange.operations.staging import execute, run_statement
from exchange.operations.terms import Terms
from relationships.models import Party, PartyIdentifier

REGISTRATION = f"identifier.{PartyIdentifier.REGISTRATION}"

PREPARE = """
DROP TABLE IF EXISTS ingest_claims, ingest_equals;
CREATE TEMP TABLE ingest_claims (n bigint, ref text, organisation_ref text, field text, value text, country text)
ON COMMIT DROP;
CREATE TEMP TABLE ingest_equals (n bigint, field text, party_id bigint) ON COMMIT DROP
"""

POINTS = """
INSERT INTO ingest_claims
SELECT draft.n, draft.ref, rows.organisation_ref, point.kind, point.normalised, ''
FROM contact_point_drafts point JOIN relationship_drafts draft USING (ref)
JOIN ingest_rows rows ON rows.n = draft.n AND rows.verdict IS NULL
WHERE draft.party_id IS NULL AND point.kind IN ('email', 'phone')
"""

NUMBERS = SQL(
    "INSERT INTO ingest_claims SELECT draft.n, draft.ref, rows.organisation_ref, {field},"
    " upper(regexp_replace(rows.{column}, '[^[:alnum:]]', '', 'g')), draft.country "
    "FROM relationship_drafts draft JOIN ingest_rows rows ON rows.n = draft.n AND rows.verdict IS NULL "
    "WHERE draft.party_id IS NULL AND rows.{column} IS NOT NULL"
)

KNOWN = """
ANALYZE ingest_claims;
INSERT INTO ingest_equals
SELECT claim.n, claim.field, known.party_id
FROM ingest_claims claim
JOIN relationships_contactpoint known ON known.kind = claim.field AND known.normalised = claim.value
WHERE claim.field IN ('email', 'phone') AND NOT EXISTS (
    SELECT FROM relationships_partyidentifier theirs
    JOIN relationships_contactpoint own ON own.party_id = theirs.party_id
        AND own.kind = claim.field AND own.normalised = claim.value
    WHERE theirs.scheme = %(source)s AND theirs.value = claim.organisation_ref)
UNION ALL
SELECT claim.n, claim.field, known.party_id
FROM ingest_claims claim
JOIN relationships_partyidentifier known ON known.scheme = 'registration'
    AND upper(regexp_replace(known.value, '[^[:alnum:]]', '', 'g')) = claim.value
JOIN relationships_party party ON party.id = known.party_id
WHERE claim.field = %(registration)s
  AND (party.country = claim.country OR party.country = '' OR claim.country = '')
"""

SHARED = """
SELECT n, ref, organisation_ref, field, value, country FROM (
    SELECT claim.*, min(ref) OVER told <> max(ref) OVER told AS is_shared FROM ingest_claims claim
    WHERE NOT EXISTS (SELECT FROM ingest_equals held WHERE held.n = claim.n)
    WINDOW told AS (PARTITION BY field, value, country)
) claim WHERE is_shared ORDER BY n, field
"""

HELD = (
    "INSERT INTO ingest_equals SELECT * FROM unnest(%(rows)s::bigint[], %(fields)s::text[], NULL::bigint[])"
)

HOLD = """
UPDATE ingest_rows rows SET verdict = equal.field || ':' || %(reason)s
FROM (SELECT DISTINCT ON (n) n, field FROM ingest_equals ORDER BY n, field) equal
WHERE rows.n = equal.n AND rows.verdict IS NULL
"""


def hold_equal_values(terms: Terms) -> None:
    """Gives a verdict to rows of new parties that have what another party has, known or earlier in the file.

    A known one that the actor may not know of counts as not there: a held row would tell of it. Nor does an
    earlier row count that is held itself: of the party that it tells of there will be none.
    """
    if terms.accepts_equal:
        return
    run_statement(PREPARE)
    run_statement(POINTS)
    if REGISTRATION in terms.mapping.columns:
        execute(NUMBERS.format(field=Literal(REGISTRATION), column=Identifier(REGISTRATION)))
    run_statement(KNOWN, source=terms.mapping.source, registration=REGISTRATION)
    if not terms.actor.is_system:
        _forget_unseen(terms)
    _compare_rows()
    run_statement(HOLD, reason=HeldReason.EQUAL.value)


def _forget_unseen(terms: Terms) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT party_id FROM ingest_equals")
        known = {row[0] for row in cursor.fetchall()}
    seen = Party.objects.visible_to(terms.actor).filter(pk__in=known).values_list("pk", flat=True)
    unseen = sorted(known - set(seen))
    run_statement("DELETE FROM ingest_equals WHERE party_id = ANY(%(unseen)s)", unseen=unseen)


def _compare_rows() -> None:
    """Holds rows with what an earlier row has that is not held; only what several rows have is looked at."""
    first: dict[tuple[str, ...], str] = {}
    held: dict[int, str] = {}
    with connection.chunked_cursor() as cursor:
        cursor.execute(SHARED)
        for n, row in groupby(cursor, key=itemgetter(0)):
            told = list(row)
            for _n, ref, organisation_ref, field, *value in told:
                if first.get((field, *value), ref) not in (ref, organisation_ref):
                    held.setdefault(n, field)
            if n not in held:
                for _n, ref, _organisation_ref, field, *value in told:
                    first.setdefault((field, *value), ref)
    run_statement(HELD, rows=list(held), fields=list(held.values()))
