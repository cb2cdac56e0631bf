"""Purchases from the typed rows: customers that are new, then their orders, lines and products."""

from commerce.operations.order_lines import prepare_line_drafts, take_in_lines
from exchange.enums import HeldReason
from exchange.operations.report import Outcome
from exchange.operations.sight import hold_out_of_sight
from exchange.operations.staging import run_statement
from exchange.operations.terms import Terms
from relationships.operations.bulk import open_drafts, prepare_drafts, recognise_drafts
from relationships.operations.state import mark_stale

DRAFT_CUSTOMERS = """
INSERT INTO relationship_drafts (ref, n, party_kind, name)
SELECT customer_ref, min(n), %(party_kind)s,
       COALESCE((array_agg(customer_name ORDER BY n) FILTER (WHERE customer_name IS NOT NULL))[1],
                left(%(label)s || ' ' || customer_ref, 200))
FROM ingest_rows WHERE verdict IS NULL GROUP BY customer_ref
"""

DRAFT_LINES = """
INSERT INTO order_line_drafts (
    n, relationship_id, order_ref, line_ref, product_ref, product_name, quantity, unit_price, amount, ordered_at,
    is_return, country, source_key, occurrence)
SELECT rows.n, draft.relationship_id, rows.order_ref, COALESCE(rows.line, ''), rows.product_ref,
       rows.product_name, rows.quantity_value, rows.unit_price_value, rows.amount_value, rows.ordered_at_value,
       rows.is_return, COALESCE(rows.country, ''), rows.source_key, rows.occurrence
FROM ingest_rows rows JOIN relationship_drafts draft ON draft.ref = rows.customer_ref
WHERE rows.verdict IS NULL
"""

UNUSED = """
DELETE FROM relationship_drafts
WHERE ref NOT IN (SELECT customer_ref FROM ingest_rows WHERE verdict IS NULL)
"""

OTHER_CURRENCY = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
FROM relationship_drafts draft, commerce_order known
WHERE rows.verdict IS NULL AND draft.ref = rows.customer_ref AND rows.order_ref IS NOT NULL
  AND known.source = %(source)s AND known.ref = rows.order_ref
  AND known.relationship_id = draft.relationship_id AND known.currency <> %(currency)s
"""


def bring_in_purchases(terms: Terms) -> Outcome:
    """Imports every row without a verdict; a row that must be held after all gets one."""
    kind, source = terms.needed_kind, terms.mapping.source
    prepare_drafts()
    run_statement(DRAFT_CUSTOMERS, party_kind=terms.party_kind, label=str(kind.label))
    recognise_drafts(terms.opening)
    hold_out_of_sight(terms, "customer_ref")
    run_statement(
        OTHER_CURRENCY,
        verdict=f"order_ref:{HeldReason.CONFLICT}",
        source=source,
        currency=terms.currency.code,
    )
    run_statement(UNUSED)
    opened = open_drafts(actor=terms.actor, opening=terms.opening, now=terms.now)
    prepare_line_drafts()
    run_statement(DRAFT_LINES)
    taken = take_in_lines(source=source, currency=terms.currency.code, side=terms.side)
    if any(taken.created.values()) or any(taken.updated.values()):
        from commerce.operations.nightly import refresh_purchases  # noqa: PLC0415  loads scipy, 25 MB of it

        refresh_purchases(now=terms.now, relationship_ids=taken.relationship_ids)
        mark_stale(taken.relationship_ids, now=terms.now)
    return Outcome(
        created={kind.slug: opened.relationships, "parties": opened.parties, **taken.created},
        updated=taken.updated,
        unchanged={kind.slug: opened.known, **taken.unchanged},
    )
