"""Order lines taken in set-based: products, orders and lines, each once however often it comes."""

from dataclasses import dataclass

from django.db import connection, transaction

PREPARE = """
DROP TABLE IF EXISTS order_line_drafts;
CREATE TEMP TABLE order_line_drafts (
    n bigint NOT NULL,
    relationship_id bigint NOT NULL,
    order_ref text,
    line_ref text NOT NULL,
    product_ref text,
    product_name text,
    quantity numeric,
    unit_price numeric,
    amount numeric NOT NULL,
    ordered_at timestamptz NOT NULL,
    is_return boolean NOT NULL,
    country text NOT NULL,
    source_key text NOT NULL,
    occurrence int NOT NULL
) ON COMMIT DROP
"""

PRODUCTS = """
INSERT INTO commerce_product (source, ref, name)
SELECT %(source)s, COALESCE(product_ref, left(product_name, 120)),
       COALESCE((array_agg(product_name ORDER BY n) FILTER (WHERE product_name IS NOT NULL))[1], '')
FROM order_line_drafts WHERE COALESCE(product_ref, product_name) IS NOT NULL
GROUP BY 2
ON CONFLICT (source, ref) DO UPDATE SET name = EXCLUDED.name
WHERE commerce_product.name = '' AND EXCLUDED.name <> ''
RETURNING (xmax = 0) AS fresh
"""

ORDERS = """
INSERT INTO commerce_order (relationship_id, side, source, ref, ordered_at, currency, amount, country)
SELECT relationship_id, %(side)s, %(source)s, COALESCE(order_ref, source_key || ':' || occurrence), min(ordered_at),
       %(currency)s, 0, COALESCE((array_agg(country ORDER BY n) FILTER (WHERE country <> ''))[1], '')
FROM order_line_drafts
GROUP BY relationship_id, COALESCE(order_ref, source_key || ':' || occurrence)
ON CONFLICT (source, ref, relationship_id) DO NOTHING
RETURNING true AS fresh
"""

LINES = """
INSERT INTO commerce_orderline (
    order_id, relationship_id, product_id, kind, line_ref, quantity, unit_price, amount, currency, ordered_at,
    source, source_key, occurrence)
SELECT parent.id, draft.relationship_id, product.id, CASE WHEN draft.is_return THEN 'return' ELSE 'sale' END,
       draft.line_ref, draft.quantity, draft.unit_price, draft.amount, %(currency)s, draft.ordered_at,
       %(source)s, draft.source_key, draft.occurrence
FROM order_line_drafts draft
JOIN commerce_order parent ON parent.source = %(source)s AND parent.relationship_id = draft.relationship_id
 AND parent.ref = COALESCE(draft.order_ref, draft.source_key || ':' || draft.occurrence)
LEFT JOIN commerce_product product ON product.source = %(source)s
 AND product.ref = COALESCE(draft.product_ref, left(draft.product_name, 120))
ORDER BY draft.n
ON CONFLICT (source, source_key, occurrence) DO UPDATE SET
    order_id = EXCLUDED.order_id, relationship_id = EXCLUDED.relationship_id, product_id = EXCLUDED.product_id,
    kind = EXCLUDED.kind, quantity = EXCLUDED.quantity, unit_price = EXCLUDED.unit_price,
    amount = EXCLUDED.amount, ordered_at = EXCLUDED.ordered_at
WHERE (commerce_orderline.order_id, commerce_orderline.product_id, commerce_orderline.kind,
       commerce_orderline.quantity, commerce_orderline.unit_price, commerce_orderline.amount,
       commerce_orderline.ordered_at)
   IS DISTINCT FROM (EXCLUDED.order_id, EXCLUDED.product_id, EXCLUDED.kind, EXCLUDED.quantity,
                     EXCLUDED.unit_price, EXCLUDED.amount, EXCLUDED.ordered_at)
RETURNING (xmax = 0) AS fresh
"""

MOVED = """
CREATE TEMP TABLE order_line_moved ON COMMIT DROP AS
SELECT DISTINCT line.order_id, line.relationship_id
FROM commerce_orderline line JOIN order_line_drafts draft USING (source_key, occurrence)
WHERE line.source = %(source)s
"""

TOTALS = """
WITH touched AS (
    SELECT id FROM commerce_order
    WHERE source = %(source)s AND (relationship_id, ref) IN (
        SELECT relationship_id, COALESCE(order_ref, source_key || ':' || occurrence) FROM order_line_drafts)
    UNION SELECT order_id FROM order_line_moved
), total AS (
    SELECT touched.id, sum(line.amount) AS amount, min(line.ordered_at) AS ordered_at
    FROM touched JOIN commerce_orderline line ON line.order_id = touched.id GROUP BY touched.id
)
UPDATE commerce_order parent SET amount = total.amount, ordered_at = total.ordered_at
FROM total
WHERE parent.id = total.id
  AND (parent.amount, parent.ordered_at) IS DISTINCT FROM (total.amount, total.ordered_at);

DELETE FROM commerce_order emptied USING order_line_moved moved
WHERE emptied.id = moved.order_id
  AND NOT EXISTS (SELECT FROM commerce_orderline line WHERE line.order_id = emptied.id);
"""


@dataclass(frozen=True)
class Taken:
    """How many rows of each table are new, changed, or as they were; and whose purchases they concern."""

    created: dict[str, int]
    updated: dict[str, int]
    unchanged: dict[str, int]
    relationship_ids: list[int]


def prepare_line_drafts() -> None:
    """Makes the empty table `order_line_drafts`, one row a line, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)


@transaction.atomic
def take_in_lines(*, source: str, currency: str, side: str) -> Taken:
    """Turns the drafts into products, orders and lines of one currency.

    A line whose key is known is updated when its values differ; its order's total follows. Whoever fills the
    drafts answers for the right to do so and for the values.
    """
    facts = {"source": source, "currency": currency, "side": side}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE order_line_drafts; DROP TABLE IF EXISTS order_line_moved")
        cursor.execute(MOVED, facts)
        products = _count(PRODUCTS, facts)
        orders = _count(ORDERS, facts)
        lines = _count(LINES, facts)
        cursor.execute(TOTALS, facts)
        cursor.execute(
            "SELECT count(*), count(DISTINCT COALESCE(product_ref, left(product_name, 120))), "
            "count(DISTINCT (relationship_id, COALESCE(order_ref, source_key || ':' || occurrence))) "
            "FROM order_line_drafts"
        )
        totals = dict(zip(("lines", "products", "orders"), cursor.fetchone(), strict=True))
        cursor.execute(
            "SELECT relationship_id FROM order_line_drafts UNION SELECT relationship_id FROM order_line_moved "
            "ORDER BY 1"
        )
        ids = [row[0] for row in cursor.fetchall()]
    counted = {"products": products, "orders": orders, "lines": lines}
    return Taken(
        created={name: fresh for name, (fresh, _) in counted.items()},
        updated={name: changed for name, (_, changed) in counted.items()},
        unchanged={name: totals[name] - sum(counted[name]) for name in counted},
        relationship_ids=ids,
    )


def _count(statement: str, facts: dict[str, str]) -> tuple[int, int]:
    """(inserted, updated) of an upsert that returns `fresh`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH done AS ({statement}) "  # noqa: S608  the statements are the constants above
            "SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM done",
            facts,
        )
        fresh, changed = cursor.fetchone()
    return fresh, changed
