"""What the fits say of each relationship: alive, expected purchases, worth; and the value that follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from analytics.btyd import BgNbd, GammaGamma, MbgNbd, lifetime_value
from analytics.shrinkage import shrunk
from commerce.models import ModelFit
from commerce.operations.fits import model_in_use, modelled_kinds

Floats = NDArray[np.float64]

WEEKS = 52
ANNUAL_DISCOUNT = 0.10
BATCH = 20_000

ALIVE = """
UPDATE commerce_purchasefact fact SET alive_probability = said.alive
FROM (
    SELECT known.relationship_id,
           CASE WHEN relationship.revenue_type = 'transactional' THEN 1::float8 / (1::float8 + exp(least(
               ln(%(a)s::float8 / (%(b)s::float8 + known.purchase_days::float8 - 1::float8))
               + (%(r)s::float8 + known.purchase_days::float8 - 1::float8) * (
                   ln(%(alpha)s::float8 + ((%(now)s AT TIME ZONE unit.time_zone)::date - known.first_date)::float8
                      / 7::float8)
                   - ln(%(alpha)s::float8 + (known.last_date - known.first_date)::float8 / 7::float8)),
               700::float8))) END AS alive
    FROM commerce_purchasefact known
    JOIN relationships_relationship relationship ON relationship.id = known.relationship_id
    JOIN accounts_businessunit unit ON unit.id = relationship.business_unit_id
    WHERE relationship.kind = %(kind)s AND (%(ids)s::bigint[] IS NULL OR known.relationship_id = ANY(%(ids)s))
) said
WHERE fact.relationship_id = said.relationship_id AND fact.alive_probability IS DISTINCT FROM said.alive
"""

HISTORIES = """
SELECT fact.relationship_id, fact.purchase_days - 1, fact.last_date - fact.first_date,
       (%(now)s AT TIME ZONE unit.time_zone)::date - fact.first_date, COALESCE(fact.repeat_mean, 0), fact.currency
FROM commerce_purchasefact fact
JOIN relationships_relationship relationship ON relationship.id = fact.relationship_id
JOIN accounts_businessunit unit ON unit.id = relationship.business_unit_id
WHERE relationship.kind = %(kind)s AND relationship.revenue_type = 'transactional'
  AND (%(ids)s::bigint[] IS NULL OR fact.relationship_id = ANY(%(ids)s)) AND fact.relationship_id > %(after)s
ORDER BY fact.relationship_id LIMIT %(batch)s
"""

MEANS = """
SELECT fact.currency, (sum(fact.repeat_mean * (fact.purchase_days - 1)) / sum(fact.purchase_days - 1))::float8
FROM commerce_purchasefact fact
JOIN relationships_relationship relationship ON relationship.id = fact.relationship_id
WHERE relationship.kind = %(kind)s AND fact.purchase_days > 1
GROUP BY fact.currency
"""

WRITE = """
UPDATE commerce_purchasefact fact SET
    expected_purchases_year = said.purchases, lifetime_value = round(said.value::numeric, 2)
FROM unnest(%(ids)s::bigint[], %(purchases)s::float8[], %(values)s::float8[]) AS said (id, purchases, value)
WHERE fact.relationship_id = said.id
  AND (fact.expected_purchases_year, fact.lifetime_value)
      IS DISTINCT FROM (said.purchases, round(said.value::numeric, 2))
"""

VALUE = """
UPDATE relationships_relationshipstate state SET
    value_amount = COALESCE(fact.lifetime_value, fact.amount_year), value_currency = fact.currency
FROM commerce_purchasefact fact
WHERE fact.relationship_id = state.relationship_id
  AND (%(ids)s::bigint[] IS NULL OR state.relationship_id = ANY(%(ids)s))
  AND (state.value_amount, state.value_currency)
      IS DISTINCT FROM (COALESCE(fact.lifetime_value, fact.amount_year), fact.currency)
"""

PERCENTILE = """
WITH placed AS MATERIALIZED (
    SELECT known.relationship_id, percent_rank() OVER (
        PARTITION BY relationship.kind, known.currency ORDER BY COALESCE(known.lifetime_value, known.amount_year)
    ) AS share
    FROM commerce_purchasefact known
    JOIN relationships_relationship relationship ON relationship.id = known.relationship_id
    WHERE relationship.closed_at IS NULL
)
UPDATE commerce_purchasefact fact SET value_percentile = placed.share
FROM placed
WHERE fact.relationship_id = placed.relationship_id AND fact.value_percentile IS DISTINCT FROM placed.share
  AND (%(ids)s::bigint[] IS NULL OR fact.relationship_id = ANY(%(ids)s))
"""


@dataclass(frozen=True)
class Batch:
    """Some relationships' purchases, (n,) each; times in weeks."""

    ids: list[int]
    x: Floats
    t_x: Floats
    age: Floats
    mean: Floats
    currency: list[str]


@transaction.atomic
def predict(*, now: datetime, relationship_ids: Sequence[int] | None = None) -> None:
    """Brings predictions and values of some relationships, or of all, to `now` by the fits in use.

    Without a fit there is no prediction. Contracts are never predicted: they tell when they end. A value is
    the lifetime value of the next 52 weeks, discounted at 10 % a year, or without one the net amount of the
    last 365 days; `value_percentile` places it among the open relationships of its kind and currency.
    """
    ids = None if relationship_ids is None else list(relationship_ids)
    for kind in modelled_kinds():
        _predict_alive(kind, now, ids)
        _predict_worth(kind, now, ids)
    with connection.cursor() as cursor:
        cursor.execute(VALUE, {"ids": ids})
        cursor.execute(PERCENTILE, {"ids": ids})


def _predict_alive(kind: str, now: datetime, ids: list[int] | None) -> None:
    """P(alive) of MBG/NBD has a closed form, so the database computes it (see `analytics.btyd.MbgNbd.alive`)."""
    fit = model_in_use(kind=kind, model="mbg-nbd")
    if fit is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(ALIVE, {**fit.parameters, "kind": kind, "now": now, "ids": ids})


def _predict_worth(kind: str, now: datetime, ids: list[int] | None) -> None:
    fit = model_in_use(kind=kind, model="bg-nbd") or model_in_use(kind=kind, model="mbg-nbd")
    if fit is None:
        return
    model = (BgNbd if fit.model == "bg-nbd" else MbgNbd)(**fit.parameters)
    spend = model_in_use(kind=kind, model="gamma-gamma")
    with connection.cursor() as cursor:
        cursor.execute(MEANS, {"kind": kind})
        means: dict[str, float] = dict(cursor.fetchall())
    for batch in _batches(kind, now, ids):
        purchases = model.conditional(float(WEEKS), batch.x, batch.t_x, batch.age)
        values = lifetime_value(
            model,
            batch.x,
            batch.t_x,
            batch.age,
            _expected_spend(batch, spend, means),
            weeks=WEEKS,
            annual_discount=ANNUAL_DISCOUNT,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE, {"ids": batch.ids, "purchases": purchases.tolist(), "values": values.tolist()}
            )


def _batches(kind: str, now: datetime, ids: list[int] | None) -> Iterator[Batch]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(HISTORIES, {"kind": kind, "now": now, "ids": ids, "after": after, "batch": BATCH})
            rows = cursor.fetchall()
        if not rows:
            return
        x, t_x, age, mean = np.array([row[1:5] for row in rows], dtype=np.float64).T
        yield Batch([row[0] for row in rows], x, t_x / 7.0, age / 7.0, mean, [row[5] for row in rows])
        after = rows[-1][0]


def _expected_spend(batch: Batch, fit: ModelFit | None, means: dict[str, float]) -> Floats:
    """Of a purchase day: Gamma-Gamma's where it was fitted in that currency, else the mean drawn to the usual."""
    usual = np.array([means.get(currency, 0.0) for currency in batch.currency])
    spend: Floats = np.array(
        [shrunk(x, mean, prior) for x, mean, prior in zip(batch.x, batch.mean, usual, strict=True)]
    )
    if fit is not None:
        modelled = GammaGamma(**fit.parameters).expected_spend(batch.x, batch.mean)
        spend = np.where(np.array(batch.currency) == fit.currency, modelled, spend)
    return spend
