"""What the models know of a customer: how often, how lately and for how long they have been buying."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAYS_PER_WEEK = 7.0


@dataclass(frozen=True)
class PurchaseSummary:
    """n customers, or n groups of equal customers; every array has the shape (n,).

    `x`: purchases after the first, on distinct days; `t_x`: week of the last of them, 0 where there are
    none; `age`: weeks from the first purchase to the end of observation; `count`: customers in the row;
    `spend`: mean amount of the repeat purchase days, 0 where there are none (None where amounts were not
    given); `ids`: the customers, if each has a row of their own. Raises ValueError naming the first row that
    cannot be.
    """

    x: Floats
    t_x: Floats
    age: Floats
    count: Floats
    spend: Floats | None = None
    ids: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        arrays = {"t_x": self.t_x, "age": self.age, "count": self.count, "spend": self.spend, "ids": self.ids}
        for name, values in arrays.items():
            if values is not None and values.shape != self.x.shape:
                raise ValueError(f"{name} has the shape {values.shape}, x has {self.x.shape}")
        rules = (
            (self.x < 0, "purchases are negative"),
            ((self.x == 0) & (self.t_x != 0), "no repeat purchase, yet a time of the last one"),
            ((self.t_x < 0) | (self.t_x > self.age), "the last purchase lies outside the observation"),
            (self.count < 0, "the count is negative"),
        )
        for broken, words in rules:
            if broken.any():
                raise ValueError(f"row {int(np.argmax(broken))}: {words}")

    @property
    def customers(self) -> int:
        return int(self.count.sum())

    @property
    def repeat_buyers(self) -> int:
        return int(self.count[self.x > 0].sum())

    def grouped(self) -> "PurchaseSummary":
        """Equal (x, t_x, age) rows as one row with their number; spend and ids are given up."""
        rows, where = np.unique(np.column_stack([self.x, self.t_x, self.age]), axis=0, return_inverse=True)
        count = np.bincount(where.ravel(), weights=self.count, minlength=len(rows)).astype(np.float64)
        return PurchaseSummary(rows[:, 0], rows[:, 1], rows[:, 2], count)

    def sampled(self, size: int, seed: int = 0) -> "PurchaseSummary":
        """At most `size` customers, drawn within strata of x = 0, 1, … 6, 7 and more in proportion;
        grouped.
        """
        grouped = self.grouped()
        if grouped.customers <= size:
            return grouped
        generator = np.random.default_rng(seed)
        count = np.zeros_like(grouped.count)
        strata = np.minimum(grouped.x, 7)
        for stratum in np.unique(strata):
            rows = strata == stratum
            available = grouped.count[rows].astype(np.int64)
            wanted = int(available.sum() * size / grouped.customers)
            count[rows] = generator.multivariate_hypergeometric(available, wanted, method="marginals")
        kept = count > 0
        return PurchaseSummary(grouped.x[kept], grouped.t_x[kept], grouped.age[kept], count[kept])


def summarise(
    customers: NDArray[Any], days: NDArray[np.datetime64], until: date, amounts: Floats | None = None
) -> PurchaseSummary:
    """Each customer's history up to and including `until`, from m purchases.

    `customers`, `days` and `amounts` have the shape (m,), in any order. Purchases of one day are one
    purchase of their total; later ones are left out, and so are customers whose first purchase is later.
    Rows come in the order of the customers' ids. Raises ValueError where the arrays differ in length.
    """
    if days.shape != customers.shape or (amounts is not None and amounts.shape != customers.shape):
        raise ValueError("customers, days and amounts differ in length")
    seen = days.astype("datetime64[D]") <= np.datetime64(until, "D")
    ids, owner = np.unique(customers[seen], return_inverse=True)
    number = days[seen].astype("datetime64[D]").astype(np.int64)
    pairs, place = np.unique(np.column_stack([owner.ravel(), number]), axis=0, return_inverse=True)
    owners, day = pairs[:, 0], pairs[:, 1]
    first = np.searchsorted(owners, np.arange(len(ids)))
    purchases = np.bincount(owners, minlength=len(ids))
    last = first + purchases - 1
    age = int(np.datetime64(until, "D").astype(np.int64)) - day[first]
    x = (purchases - 1).astype(np.float64)
    spend = None
    if amounts is not None:
        totals = np.bincount(place.ravel(), weights=amounts[seen], minlength=len(pairs))
        repeat = np.bincount(owners, weights=totals, minlength=len(ids)) - totals[first]
        spend = np.divide(repeat, x, out=np.zeros(len(ids)), where=x > 0)
    weeks = (day[last] - day[first]) / DAYS_PER_WEEK
    return PurchaseSummary(x, weeks, age / DAYS_PER_WEEK, np.ones(len(ids)), spend, ids)
