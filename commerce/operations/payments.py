"""Payments taken in set-based: each once however often it comes."""

from dataclasses import dataclass

from django.db import connection, transaction

PREPARE = """
DROP TABLE IF EXISTS payment_drafts;
CREATE TEMP TABLE payment_drafts (
    n bigint NOT NULL,
    relationship_id bigint NOT NULL,
    paid_date date NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    ref text NOT NULL,
    payee text NOT NULL,
    description text NOT NULL,
    expense_type text NOT NULL,
    expense_area text NOT NULL,
    body text NOT NULL,
    source_key text NOT NULL,
    occurrence int NOT NULL
) ON COMMIT DROP
"""

TAKE_IN = """
WITH done AS (
    INSERT INTO commerce_payment AS known (
        relationship_id, paid_date, amount, currency, ref, payee, description, expense_type, expense_area, body,
        source, source_key, occurrence)
    SELECT relationship_id, paid_date, amount, currency, ref, payee, description, expense_type, expense_area, body,
           %(source)s, source_key, occurrence
    FROM payment_drafts ORDER BY n
    ON CONFLICT (source, source_key, occurrence) DO UPDATE SET
        paid_date = EXCLUDED.paid_date, amount = EXCLUDED.amount, currency = EXCLUDED.currency, ref = EXCLUDED.ref,
        payee = EXCLUDED.payee, description = EXCLUDED.description, expense_type = EXCLUDED.expense_type,
        expense_area = EXCLUDED.expense_area, body = EXCLUDED.body
    WHERE (known.paid_date, known.amount, known.currency, known.ref, known.payee, known.description,
           known.expense_type, known.expense_area, known.body)
       IS DISTINCT FROM (EXCLUDED.paid_date, EXCLUDED.amount, EXCLUDED.currency, EXCLUDED.ref, EXCLUDED.payee,
                         EXCLUDED.description, EXCLUDED.expense_type, EXCLUDED.expense_area, EXCLUDED.body)
    RETURNING (xmax = 0) AS fresh
)
SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh), (SELECT count(*) FROM payment_drafts)
FROM done
"""


@dataclass(frozen=True)
class TakenPayments:
    """How many payments are new, changed, or as they were."""

    created: int
    updated: int
    unchanged: int


def prepare_payment_drafts() -> None:
    """Makes the empty table `payment_drafts`, one row a payment, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)


@transaction.atomic
def take_in_payments(*, source: str) -> TakenPayments:
    """Turns the drafts into payments. One that is known stays with its relationship, and is updated where the source
    says something else of it. Whoever fills the drafts answers for the right to do so and for the values.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_IN, {"source": source})
        created, updated, drafted = cursor.fetchone()
    return TakenPayments(created, updated, drafted - created - updated)
