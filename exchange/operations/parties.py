"""Parties from the typed rows: who is new, what the source says anew of the known, how to reach and link them."""

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Identifier, Literal

from core.refusals import Invalid
from core.wording import figure
from exchange.enums import Dataset, HeldReason
from exchange.operations.custom_values import hold_unfit_values, write_values
from exchange.operations.equal_values import REGISTRATION, hold_equal_values
from exchange.operations.profiles import hold_unfit_profiles, write_profiles
from exchange.operations.report import Outcome
from exchange.operations.sight import hold_out_of_sight, hold_unseen_parties
from exchange.operations.staging import execute, run_statement
from exchange.operations.terms import Terms
from relationships.enums import ContactPointKind
from relationships.operations.bulk import open_drafts, prepare_drafts, recognise_drafts
from relationships.operations.bulk_details import (
    add_drafted_contact_points,
    add_drafted_links,
    update_drafted_parties,
)
from relationships.operations.contact_points import normalise
from relationships.operations.state import mark_stale
from relationships.queries.erased import erased_among

BATCH = 5_000
IDENTIFIER = "identifier."
CONTACT_FIELDS = {
    "email": ContactPointKind.EMAIL,
    "phone": ContactPointKind.PHONE,
    "website": ContactPointKind.URL,
    "address": ContactPointKind.POSTAL,
}

REFERENCES = """
UPDATE ingest_rows SET ref = COALESCE(ref, left(name, 120)), party_kind = COALESCE(party_kind, 'organisation'),
       country = upper(country)
"""

CONFLICTS = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
FROM (SELECT n, first_value(values_key) OVER (PARTITION BY ref ORDER BY n) AS said
      FROM ingest_rows WHERE verdict IS NULL) first
WHERE rows.n = first.n AND rows.verdict IS NULL AND rows.values_key <> first.said
"""

DRAFT = """
INSERT INTO relationship_drafts (
    ref, n, party_kind, name, legal_name, job_title, sector, place, country, about, stage, objective, opened_at)
SELECT DISTINCT ON (ref) ref, n, party_kind, name, COALESCE(legal_name, ''), COALESCE(job_title, ''),
       COALESCE(sector, ''), COALESCE(place, ''), COALESCE(country, ''), COALESCE(about, ''), COALESCE(stage, ''),
       COALESCE(objective, ''), opened_at_value
FROM ingest_rows WHERE verdict IS NULL ORDER BY ref, n
"""

UNUSED = """
DELETE FROM relationship_drafts WHERE ref NOT IN (SELECT ref FROM ingest_rows WHERE verdict IS NULL)
"""

ORGANISATIONS = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
WHERE rows.verdict IS NULL AND rows.organisation_ref IS NOT NULL
  AND NOT EXISTS (SELECT FROM relationship_drafts draft
                  JOIN ingest_rows good ON good.n = draft.n AND good.verdict IS NULL
                  WHERE draft.ref = rows.organisation_ref)
  AND NOT EXISTS (SELECT FROM relationships_partyidentifier known
                  WHERE known.scheme = %(source)s AND known.value = rows.organisation_ref)
"""

SAID_ANEW = """
UPDATE relationship_drafts draft SET may_update = true
FROM ingest_rows rows
WHERE rows.n = draft.n AND draft.party_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM exchange_importedrow said
                  WHERE said.dataset = %(dataset)s AND said.source = %(source)s AND said.ref = draft.ref
                    AND said.values_key = rows.values_key)
"""

REMEMBER = """
INSERT INTO exchange_importedrow (dataset, source, ref, values_key)
SELECT %(dataset)s, %(source)s, draft.ref, rows.values_key
FROM relationship_drafts draft JOIN ingest_rows rows ON rows.n = draft.n
ORDER BY draft.ref
ON CONFLICT (dataset, source, ref) DO UPDATE SET values_key = EXCLUDED.values_key
WHERE exchange_importedrow.values_key <> EXCLUDED.values_key
"""

CONTACTS = """
SELECT rows.n, rows.ref, rows.country, rows.email, rows.phone, rows.website, rows.address
FROM relationship_drafts draft JOIN ingest_rows rows ON rows.n = draft.n AND rows.verdict IS NULL
WHERE COALESCE(rows.email, rows.phone, rows.website, rows.address) IS NOT NULL AND rows.n > %(after)s
ORDER BY rows.n LIMIT %(batch)s
"""

ADD_CONTACTS = """
INSERT INTO contact_point_drafts (ref, kind, value, normalised)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
"""

HOLD = """
UPDATE ingest_rows rows SET verdict = wrong.verdict
FROM unnest(%s::bigint[], %s::text[]) AS wrong (n, verdict) WHERE rows.n = wrong.n
"""

REPEATS = """
UPDATE ingest_rows rows SET verdict = first.verdict
FROM relationship_drafts draft JOIN ingest_rows first ON first.n = draft.n
WHERE first.verdict IS NOT NULL AND rows.ref = draft.ref AND rows.verdict IS NULL
"""

BELONGING = """
INSERT INTO link_drafts (source_id, target_id, type)
SELECT CASE WHEN draft.party_kind = 'person' THEN known.party_id ELSE draft.party_id END,
       CASE WHEN draft.party_kind = 'person' THEN draft.party_id ELSE known.party_id END,
       CASE WHEN draft.party_kind = 'person' THEN 'employs' ELSE 'subsidiary_of' END
FROM relationship_drafts draft
JOIN ingest_rows rows ON rows.n = draft.n AND rows.organisation_ref IS NOT NULL
JOIN relationships_partyidentifier known ON known.scheme = %(source)s AND known.value = rows.organisation_ref
ORDER BY 1, 2
"""


def bring_in_parties(terms: Terms) -> Outcome:
    """Imports every row without a verdict; a row that must be held after all gets one.

    A known party is changed only by a row that says something else than the source's last one of it, so what
    people have corrected since stands against a file that merely comes again.
    """
    remembered = {"dataset": Dataset.PARTIES.value, "source": terms.mapping.source}
    _draft(terms)
    _draft_contact_points(terms)
    hold_equal_values(terms)
    run_statement(REPEATS)
    run_statement(UNUSED)
    run_statement(SAID_ANEW, **remembered)
    terms.tell(_("who is new and who is known is settled; writing"))
    opened = open_drafts(actor=terms.actor, opening=terms.opening, now=terms.now)
    updated = update_drafted_parties(actor=terms.actor, now=terms.now)
    _add_identifiers(terms)
    write_profiles(terms)
    write_values(terms)
    run_statement(BELONGING, source=terms.mapping.source)
    created = {
        "parties": opened.parties,
        "contact_points": add_drafted_contact_points(actor=terms.actor, now=terms.now),
        "links": add_drafted_links(actor=terms.actor, origin=terms.mapping.source, now=terms.now),
    }
    if terms.kind is not None:
        created = {terms.kind.slug: opened.relationships, **created}
    run_statement(REMEMBER, **remembered)
    mark_stale(_changed_relationships(), now=terms.now)
    rows = _good_rows()
    return Outcome(
        created=created,
        updated={"parties": updated},
        unchanged={"parties": rows - opened.parties - updated},
    )


def _draft(terms: Terms) -> None:
    """One draft a reference, from the first row of it; rows that contradict it or others get a verdict."""
    run_statement(REFERENCES)
    run_statement(CONFLICTS, verdict=f"ref:{HeldReason.CONFLICT}")
    prepare_drafts()
    run_statement(DRAFT)
    recognise_drafts(terms.opening)
    hold_unfit_profiles(terms)
    hold_unfit_values(terms)
    for name in _claims(terms):
        _hold_claimed(name)
    hold_out_of_sight(terms, "ref")
    run_statement(
        ORGANISATIONS, source=terms.mapping.source, verdict=f"organisation_ref:{HeldReason.NOT_FOUND}"
    )
    hold_unseen_parties(terms, "organisation_ref")


def _identifiers(terms: Terms) -> list[str]:
    return [name for name in terms.mapping.columns if name.startswith(IDENTIFIER)]


def _claims(terms: Terms) -> list[str]:
    """Identifiers that name one party; two registration numbers may be equal, which is looked at for itself."""
    return [name for name in _identifiers(terms) if name != REGISTRATION]


def _hold_claimed(name: str) -> None:
    """An identifier names one party: a row whose identifier is another's, here or earlier in the file, is held."""
    execute(
        SQL(
            "UPDATE ingest_rows rows SET verdict = {verdict} FROM relationship_drafts draft "
            "WHERE rows.verdict IS NULL AND draft.ref = rows.ref AND rows.{column} IS NOT NULL AND (EXISTS ("
            "SELECT FROM relationships_partyidentifier known WHERE known.scheme = {scheme} "
            "AND known.value = rows.{column} AND known.party_id IS DISTINCT FROM draft.party_id) OR EXISTS ("
            "SELECT FROM ingest_rows earlier WHERE earlier.{column} = rows.{column} AND earlier.n < rows.n "
            "AND earlier.ref <> rows.ref AND earlier.verdict IS NULL))"
        ).format(
            verdict=Literal(f"{name}:{HeldReason.CONFLICT}"),
            column=Identifier(name),
            scheme=Literal(name.removeprefix(IDENTIFIER)),
        )
    )


def _draft_contact_points(terms: Terms) -> None:
    """Puts ways to reach the parties in their normal form, a batch at a time; a row with none such is held."""
    after = 0
    while rows := _contact_rows(after):
        after = rows[-1][0]
        terms.tell(_("%(rows)s rows: addresses and numbers read") % {"rows": figure(after)})
        points: list[tuple[str, str, str, str]] = []
        wrong: list[tuple[int, str]] = []
        for n, ref, country, *values in rows:
            region = country or terms.business_unit.country
            for (name, kind), value in zip(CONTACT_FIELDS.items(), values, strict=True):
                try:
                    points += [(ref, kind, value, normalise(kind, value, region))] if value else []
                except Invalid:
                    wrong.append((n, f"{name}:{HeldReason.MALFORMED}"))
        wrong += _erased(rows, points)
        with connection.cursor() as cursor:
            cursor.execute(ADD_CONTACTS, [list(column) for column in zip(*points, strict=True)] or [[]] * 4)
            cursor.execute(HOLD, [list(column) for column in zip(*wrong, strict=True)] or [[], []])


def _erased(
    rows: list[tuple[int, str, str, str, str, str, str]], points: list[tuple[str, str, str, str]]
) -> list[tuple[int, str]]:
    """The rows by which somebody who was erased would come back, each with its verdict."""
    gone = erased_among((kind, value) for _ref, kind, _written, value in points if kind in ("email", "phone"))
    refs = {ref: kind for ref, kind, _written, value in points if (kind, value) in gone}
    return [(n, f"{refs[ref]}:{HeldReason.ERASED}") for n, ref, *_more in rows if ref in refs]


def _contact_rows(after: int) -> list[tuple[int, str, str, str, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(CONTACTS, {"after": after, "batch": BATCH})
        found: list[tuple[int, str, str, str, str, str, str]] = cursor.fetchall()
    return found


def _add_identifiers(terms: Terms) -> None:
    for name in _identifiers(terms):
        execute(
            SQL(
                "INSERT INTO relationships_partyidentifier (party_id, scheme, value) "
                "SELECT draft.party_id, {scheme}, rows.{column} FROM relationship_drafts draft "
                "JOIN ingest_rows rows ON rows.n = draft.n AND rows.{column} IS NOT NULL "
                "ON CONFLICT DO NOTHING"
            ).format(scheme=Literal(name.removeprefix(IDENTIFIER)), column=Identifier(name))
        )


def _changed_relationships() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relationship_id FROM relationship_drafts WHERE may_update AND relationship_id IS NOT NULL"
        )
        return [row[0] for row in cursor.fetchall()]


def _good_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ingest_rows WHERE verdict IS NULL")
        return int(cursor.fetchone()[0])
