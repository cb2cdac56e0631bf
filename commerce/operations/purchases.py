"""Purchases rolled up per relationship: what RFM and the purchase models know of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from analytics.rfm import CELLS

FACTS = """
WITH line AS (
    SELECT line.relationship_id, line.kind, line.amount, line.currency,
           (line.ordered_at AT TIME ZONE unit.time_zone)::date AS day,
           (%(now)s AT TIME ZONE unit.time_zone)::date AS today
    FROM commerce_orderline line
    JOIN relationships_relationship relationship ON relationship.id = line.relationship_id
    JOIN accounts_businessunit unit ON unit.id = relationship.business_unit_id
    WHERE line.ordered_at <= %(now)s AND (%(ids)s::bigint[] IS NULL OR line.relationship_id = ANY(%(ids)s))
), usual AS (
    SELECT relationship_id, mode() WITHIN GROUP (ORDER BY currency) AS currency FROM line GROUP BY 1
), day AS (
    SELECT relationship_id, line.day, line.today, usual.currency,
           bool_or(line.kind = 'sale') AS bought,
           COALESCE(sum(line.amount) FILTER (WHERE line.currency = usual.currency), 0) AS net,
           COALESCE(sum(line.amount) FILTER (WHERE line.currency = usual.currency AND line.kind = 'sale'), 0) AS sold
    FROM line JOIN usual USING (relationship_id) GROUP BY 1, 2, 3, 4
), fact AS (
    SELECT relationship_id, currency, min(day) FILTER (WHERE bought) AS first_date,
           max(day) FILTER (WHERE bought) AS last_date, count(*) FILTER (WHERE bought) AS purchase_days,
           sum(net) AS amount, COALESCE(sum(net) FILTER (WHERE day > today - 365), 0) AS amount_year,
           (sum(sold) - (array_agg(sold ORDER BY day) FILTER (WHERE bought))[1])::float8
               / NULLIF(count(*) FILTER (WHERE bought) - 1, 0)::float8 AS repeat_mean
    FROM day GROUP BY relationship_id, currency
)
INSERT INTO commerce_purchasefact AS known (
    relationship_id, currency, first_date, last_date, purchase_days, amount, amount_year, repeat_mean, rfm_cell,
    computed_at)
SELECT relationship_id, currency, first_date, last_date, purchase_days, amount, amount_year, repeat_mean, '',
       %(now)s
FROM fact WHERE purchase_days > 0 ORDER BY relationship_id
ON CONFLICT (relationship_id) DO UPDATE SET
    currency = EXCLUDED.currency, first_date = EXCLUDED.first_date, last_date = EXCLUDED.last_date,
    purchase_days = EXCLUDED.purchase_days, amount = EXCLUDED.amount, amount_year = EXCLUDED.amount_year,
    repeat_mean = EXCLUDED.repeat_mean, computed_at = EXCLUDED.computed_at
WHERE (known.currency, known.first_date, known.last_date, known.purchase_days, known.amount, known.amount_year,
       known.repeat_mean)
   IS DISTINCT FROM (EXCLUDED.currency, EXCLUDED.first_date, EXCLUDED.last_date, EXCLUDED.purchase_days,
                     EXCLUDED.amount, EXCLUDED.amount_year, EXCLUDED.repeat_mean)
"""

WITHOUT_PURCHASES = """
DELETE FROM commerce_purchasefact fact
WHERE (%(ids)s::bigint[] IS NULL OR fact.relationship_id = ANY(%(ids)s))
  AND NOT EXISTS (SELECT FROM commerce_orderline line
                  WHERE line.relationship_id = fact.relationship_id AND line.kind = 'sale'
                    AND line.ordered_at <= %(now)s)
"""

FEWEST_FOR_FIFTHS = 5

RFM = """
WITH placed AS (
    SELECT fact.relationship_id,
           ntile(5) OVER (PARTITION BY relationship.kind ORDER BY fact.last_date, fact.relationship_id) AS recency,
           ntile(5) OVER (PARTITION BY relationship.kind ORDER BY fact.purchase_days, fact.relationship_id)
               AS frequency,
           ntile(5) OVER (PARTITION BY relationship.kind, fact.currency ORDER BY fact.amount, fact.relationship_id)
               AS monetary,
           count(*) OVER (PARTITION BY relationship.kind, fact.currency) AS peers
    FROM commerce_purchasefact fact
    JOIN relationships_relationship relationship ON relationship.id = fact.relationship_id
    WHERE relationship.closed_at IS NULL
), named AS (
    SELECT placed.*, cell.name
    FROM placed
    JOIN unnest(%(recency)s::int[], %(column)s::int[], %(names)s::text[]) AS cell (recency, place, name)
      ON cell.recency = placed.recency AND cell.place = (placed.frequency + placed.monetary + 1) / 2
    WHERE placed.peers >= %(fewest)s
)
UPDATE commerce_purchasefact fact SET
    recency_score = named.recency, frequency_score = named.frequency, monetary_score = named.monetary,
    rfm_cell = COALESCE(named.name, '')
FROM commerce_purchasefact every LEFT JOIN named ON named.relationship_id = every.relationship_id
WHERE fact.relationship_id = every.relationship_id
  AND (fact.recency_score, fact.frequency_score, fact.monetary_score, fact.rfm_cell)
      IS DISTINCT FROM (named.recency, named.frequency, named.monetary, COALESCE(named.name, ''))
"""


@transaction.atomic
def refresh_facts(*, now: datetime, relationship_ids: Sequence[int] | None = None) -> int:
    """Rolls up the purchases of some relationships, or of all; returns how many facts changed.

    A purchase is a day with a sale, on the calendar of the relationship's business unit; several sales of a
    day are one. Amounts are those in the relationship's most frequent currency, never a sum of two.
    """
    facts = {"now": now, "ids": None if relationship_ids is None else list(relationship_ids)}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, facts)
        changed = int(cursor.rowcount)
        cursor.execute(WITHOUT_PURCHASES, facts)
        return changed + int(cursor.rowcount)


@transaction.atomic
def refresh_rfm() -> int:
    """Places every open relationship with purchases in fifths among its kind, and names the cell.

    Spend is placed among those of the same currency; below five of them there are no fifths. Returns how
    many changed place.
    """
    cells: dict[str, list[int] | list[str] | int] = {
        "recency": [recency for recency, _ in CELLS],
        "column": [column for _, column in CELLS],
        "names": list(CELLS.values()),
        "fewest": FEWEST_FOR_FIFTHS,
    }
    with connection.cursor() as cursor:
        cursor.execute(RFM, cells)
        return int(cursor.rowcount)
