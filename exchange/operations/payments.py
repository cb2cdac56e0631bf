"""Payments from the typed rows: whom each was paid to, found or opened by name, then the payments themselves."""

import re
from collections.abc import Hashable, Sequence

from django.db import connection
from django.db.models import F

from analytics.firm_names import FirmName, firm_name, match_firms
from commerce.operations.payments import prepare_payment_drafts, take_in_payments
from exchange.enums import HeldReason
from exchange.operations.report import Outcome
from exchange.operations.staging import run_statement
from exchange.operations.terms import Terms
from relationships.models import PartyIdentifier, Relationship
from relationships.operations.bulk import Opening, open_drafts, prepare_drafts

SCHEME = "supplier-name"
"""The scheme of the identifiers under which a supplier's spellings are remembered."""
WITHHELD_NAME = "Names withheld (redacted personal data)"
REDACTED = re.compile(r"\b(redacted|redaction|withheld)\b", re.IGNORECASE)
TAX_NUMBER = re.compile(r"\s*~\s*[\w ]*$")

TOTALS = """
UPDATE ingest_rows SET verdict = %(verdict)s
WHERE verdict IS NOT NULL AND paid_date IS NULL AND amount_value IS NOT NULL
  AND (COALESCE(supplier, reference) IS NULL OR COALESCE(supplier, reference) ~* '^(grand |sub[ -]?|sum )?totals?$')
"""

CURRENCIES = """
UPDATE ingest_rows SET verdict = %(verdict)s
WHERE verdict IS NULL AND currency IS NOT NULL AND upper(currency) NOT IN (
    SELECT code FROM accounts_currency WHERE retired_at IS NULL)
"""

KEYS = """
UPDATE ingest_rows SET
    occurrence = 1, source_key = encode(sha256(convert_to('external=' || external_id, 'UTF8')), 'hex')
WHERE external_id IS NOT NULL
"""

CONTRADICTIONS = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
FROM (SELECT n, first_value(values_key) OVER (PARTITION BY external_id ORDER BY n) AS said
      FROM ingest_rows WHERE verdict IS NULL AND external_id IS NOT NULL) first
WHERE rows.n = first.n AND rows.values_key <> first.said
"""

PREPARE = """
DROP TABLE IF EXISTS ingest_payees;
CREATE TEMP TABLE ingest_payees (name text PRIMARY KEY, ref text) ON COMMIT DROP
"""

NEW = """
rows.verdict IS NULL AND NOT EXISTS (
    SELECT FROM commerce_payment known
    WHERE known.source = %(source)s AND known.source_key = rows.source_key AND known.occurrence = rows.occurrence)
"""

NAMES = f"""
SELECT rows.supplier, min(rows.n) FROM ingest_rows rows WHERE {NEW} GROUP BY rows.supplier ORDER BY 2
"""  # noqa: S608  the condition is the constant above

REMEMBER_NAMES = "INSERT INTO ingest_payees SELECT * FROM unnest(%s::text[], %s::text[])"

DRAFT_SUPPLIERS = """
INSERT INTO relationship_drafts (ref, n, party_kind, name, party_id, relationship_id)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
"""

UNTOLD = (
    "UPDATE ingest_rows rows SET verdict = %(verdict)s FROM ingest_payees payee "  # noqa: S608  the same condition
    f"WHERE payee.name = rows.supplier AND payee.ref IS NULL AND {NEW}"
)

SPELLINGS = """
INSERT INTO relationships_partyidentifier (party_id, scheme, value)
SELECT draft.party_id, %s, spelled.value
FROM unnest(%s::text[], %s::text[]) AS spelled (ref, value)
JOIN relationship_drafts draft ON draft.ref = spelled.ref
ON CONFLICT DO NOTHING
"""

DRAFT_PAYMENTS = """
INSERT INTO payment_drafts
SELECT DISTINCT ON (rows.source_key, rows.occurrence) rows.n, COALESCE(known.relationship_id, draft.relationship_id),
       rows.paid_date_value, rows.amount_value, COALESCE(upper(rows.currency), %(currency)s),
       COALESCE(rows.reference, ''), rows.supplier, COALESCE(rows.description, ''), COALESCE(rows.expense_type, ''),
       COALESCE(rows.expense_area, ''), COALESCE(rows.body, ''), rows.source_key, rows.occurrence
FROM ingest_rows rows
LEFT JOIN commerce_payment known ON known.source = %(source)s AND known.source_key = rows.source_key
     AND known.occurrence = rows.occurrence
LEFT JOIN ingest_payees payee ON payee.name = rows.supplier
LEFT JOIN relationship_drafts draft ON draft.ref = payee.ref
WHERE rows.verdict IS NULL
ORDER BY rows.source_key, rows.occurrence, rows.n
"""


def bring_in_payments(terms: Terms) -> Outcome:
    """Imports every row without a verdict; a row that must be held after all gets one.

    A row is known by its external id, or else by its values and occurrence: equal rows are lines of one document,
    as ledgers list them. A payment that is known stays with the supplier that it was given to.
    """
    kind, source = terms.needed_kind, terms.mapping.source
    run_statement(TOTALS, verdict=f"amount:{HeldReason.TOTAL}")
    run_statement(CURRENCIES, verdict=f"currency:{HeldReason.NOT_A_CHOICE}")
    run_statement(CONTRADICTIONS, verdict=f"external_id:{HeldReason.CONFLICT}")
    run_statement(KEYS)
    prepare_drafts()
    spellings = _draft_suppliers(terms)
    run_statement(UNTOLD, verdict=f"supplier:{HeldReason.AMBIGUOUS}", source=source)
    opened = open_drafts(actor=terms.actor, opening=_opening(terms), now=terms.now)
    with connection.cursor() as cursor:
        cursor.execute(SPELLINGS, [SCHEME, *_columns(spellings, 2)])
    prepare_payment_drafts()
    run_statement(DRAFT_PAYMENTS, source=source, currency=terms.currency.code)
    taken = take_in_payments(source=source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT relationship_id) FROM payment_drafts")
        (suppliers,) = cursor.fetchone()
    return Outcome(
        created={kind.slug: opened.relationships, "parties": opened.parties, "payments": taken.created},
        updated={"payments": taken.updated},
        unchanged={"payments": taken.unchanged},
        suppliers=suppliers,
    )


def _opening(terms: Terms) -> Opening:
    opening = terms.opening
    return Opening(opening.kind, SCHEME, opening.business_unit, opening.owner, opening.stage, opening.sample)


def _draft_suppliers(terms: Terms) -> list[tuple[str, str]]:
    """One draft for each supplier of the rows that are not known yet; gives (its ref, each of its spellings' keys).

    A name that could be several suppliers' is left without a draft.
    """
    run_statement(PREPARE)
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"source": terms.mapping.source})
        names: dict[str, int] = dict(cursor.fetchall())
    spelled = {name: WITHHELD_NAME if REDACTED.search(name) else name for name in names}
    firms = _known_firms(terms, {firm_name(text).base for text in spelled.values()})
    meant = match_firms(spelled.values(), firms)
    refs = _free_refs({firm for firm in meant.values() if isinstance(firm, FirmName)})
    drafts: dict[str, tuple[str, int, str, str, int | None, int | None]] = {}
    payees: list[tuple[str, str | None]] = []
    spellings: dict[tuple[str, str], None] = {}
    for name, n in names.items():
        found = meant[spelled[name]]
        ref = None if found is None else _ref(found, refs)
        payees.append((name, ref))
        if ref is None:
            continue
        party, relationship = found if isinstance(found, tuple) else (None, None)
        shown = TAX_NUMBER.sub("", spelled[name]) or name
        drafts.setdefault(ref, (ref, n, terms.party_kind, shown, party, relationship))
        spellings[ref, firm_name(spelled[name]).key[:120]] = None
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER_NAMES, _columns(payees, 2))
        cursor.execute(DRAFT_SUPPLIERS, _columns(list(drafts.values()), 6))
    return list(spellings)


def _ref(found: Hashable, refs: dict[FirmName, str]) -> str:
    """The reference of a draft; what is known has a number that no name begins with."""
    return refs[found] if isinstance(found, FirmName) else f"#{found}"


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    """Rows as the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def _known_firms(terms: Terms, bases: set[str]) -> dict[FirmName, frozenset[Hashable]]:
    """The unit's suppliers that the actor may know of and whose names could be meant, by name and past spellings.

    A firm is (party, relationship); of several relationships of a party the open one counts, or else the last.
    """
    visible = (
        Relationship.objects.all() if terms.actor.is_system else Relationship.objects.visible_to(terms.actor)
    )
    own = visible.filter(kind=terms.needed_kind.slug, business_unit=terms.business_unit)
    own = own.order_by(F("closed_at").asc(nulls_last=True), "id")
    spelled = own.filter(party__identifiers__scheme=SCHEME)
    found: dict[FirmName, set[int]] = {}
    current: dict[int, int] = {}
    for rows in (
        own.values_list("party_id", "id", "party__name"),
        spelled.values_list("party_id", "id", "party__identifiers__value"),
    ):
        for party, relationship, name in rows.iterator(chunk_size=5_000):
            if (firm := firm_name(name)).base in bases:
                found.setdefault(firm, set()).add(party)
                current[party] = relationship
    return {firm: frozenset((party, current[party]) for party in parties) for firm, parties in found.items()}


def _free_refs(firms: set[FirmName]) -> dict[FirmName, str]:
    """A reference for each new firm; one that somebody has whom the actor may not know of is numbered on."""
    known = PartyIdentifier.objects.filter(scheme=SCHEME)
    keys = {firm: firm.key[:110] for firm in sorted(firms, key=lambda firm: firm.key)}
    taken = set(known.filter(value__in=list(keys.values())).values_list("value", flat=True))
    refs: dict[FirmName, str] = {}
    for firm, key in keys.items():
        ref, number = key, 1
        while ref in taken:
            number += 1
            ref = f"{key} ({number})"
            if known.filter(value=ref).exists():
                taken.add(ref)
        taken.add(ref)
        refs[firm] = ref
    return refs
