"""The purchases of a kind as the models take them, from the order lines themselves and up to any day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from analytics.btyd import PurchaseSummary

HISTORY = """
WITH day AS (
    SELECT line.relationship_id, line.currency, (line.ordered_at AT TIME ZONE unit.time_zone)::date AS day,
           sum(line.amount) AS sold
    FROM commerce_orderline line
    JOIN commerce_order parent ON parent.id = line.order_id AND parent.side = 'they_buy'
    JOIN relationships_relationship relationship ON relationship.id = line.relationship_id
    JOIN accounts_businessunit unit ON unit.id = relationship.business_unit_id
    WHERE relationship.kind = %(kind)s AND relationship.revenue_type = 'transactional' AND line.kind = 'sale'
      AND (line.ordered_at AT TIME ZONE unit.time_zone)::date <= %(until)s
    GROUP BY 1, 2, 3
)
"""

PURCHASES = f"""{HISTORY}
SELECT x, t_x, age, count(*) FROM (
    SELECT count(DISTINCT day) - 1 AS x, max(day) - min(day) AS t_x, %(until)s::date - min(day) AS age
    FROM day GROUP BY relationship_id
) customer
GROUP BY x, t_x, age ORDER BY x, t_x, age
"""  # noqa: S608  two constants

SPEND = f"""{HISTORY}
, usual AS (SELECT mode() WITHIN GROUP (ORDER BY currency) AS currency FROM day)
SELECT x, t_x, age, spend, currency FROM (
    SELECT relationship_id, currency, count(*) - 1 AS x, max(day) - min(day) AS t_x,
           %(until)s::date - min(day) AS age,
           ((sum(sold) - (array_agg(sold ORDER BY day))[1]) / NULLIF(count(*) - 1, 0))::float8 AS spend
    FROM day JOIN usual USING (currency) GROUP BY relationship_id, currency
) customer
WHERE x = 0 OR spend > 0
ORDER BY relationship_id
"""  # noqa: S608  two constants

DAYS_PER_WEEK = 7.0


@dataclass(frozen=True)
class SpendHistory:
    """Purchases with their amounts, all in `currency`; "" when there are none."""

    summary: PurchaseSummary
    currency: str


def purchases_until(*, kind: str, until: date) -> PurchaseSummary:
    """How often and how lately the kind's transactional relationships bought up to a day; equal ones grouped.

    Purchases of one day, on the calendar of the relationship's unit, are one. Contracts tell when they end and
    are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(PURCHASES, {"kind": kind, "until": until})
        rows = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 4)
    x, t_x, age, count = rows.T
    return PurchaseSummary(x, t_x / DAYS_PER_WEEK, age / DAYS_PER_WEEK, count)


def spend_until(*, kind: str, until: date) -> SpendHistory:
    """As `purchases_until`, a row a relationship, with the mean amount of repeat purchase days.

    Only amounts in the kind's most frequent currency count, and only repeat buyers who paid something: the
    model of spend knows no gifts.
    """
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"kind": kind, "until": until})
        found = cursor.fetchall()
    rows = np.array([row[:4] for row in found], dtype=np.float64).reshape(-1, 4)
    x, t_x, age, spend = rows.T
    summary = PurchaseSummary(
        x, t_x / DAYS_PER_WEEK, age / DAYS_PER_WEEK, np.ones(len(x)), np.nan_to_num(spend)
    )
    return SpendHistory(summary, found[0][4] if found else "")
