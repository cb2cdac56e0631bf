"""What a customer is still worth."""

from typing import Protocol

import numpy as np

from analytics.btyd.summary import Floats

WEEKS_PER_YEAR = 52


class PurchaseModel(Protocol):
    """Any of the purchase models."""

    def log_likelihood(self, x: Floats, t_x: Floats, age: Floats) -> Floats: ...
    def alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats: ...
    def expected(self, weeks: Floats) -> Floats: ...
    def conditional(self, weeks: float | Floats, x: Floats, t_x: Floats, age: Floats) -> Floats: ...


def lifetime_value(
    model: PurchaseModel,
    x: Floats,
    t_x: Floats,
    age: Floats,
    spend: Floats,
    *,
    weeks: int = WEEKS_PER_YEAR,
    margin: float = 1.0,
    annual_discount: float = 0.0,
) -> Floats:
    """Discounted value of each customer's purchases in the next `weeks`, (n,), in the currency of `spend`.

    CLV = margin · Σ_{i=1..weeks} (E[Y(i)] − E[Y(i−1)]) · spend / (1 + annual_discount)^(i/52), where `spend`
    is the expected amount of a purchase. Without a discount it is margin · E[Y(weeks)] · spend. Raises
    ValueError for a horizon below one week or a discount of -100 % or less.
    """
    if weeks < 1:
        raise ValueError(f"horizon of {weeks} weeks: must be at least 1")
    if annual_discount <= -1:
        raise ValueError(f"annual discount {annual_discount}: must be above -1")
    purchases = np.zeros(x.shape)
    value = np.zeros(x.shape)
    for week in range(1, weeks + 1) if annual_discount else (weeks,):
        until_now = model.conditional(float(week), x, t_x, age)
        value += (until_now - purchases) / (1 + annual_discount) ** (week / WEEKS_PER_YEAR)
        purchases = until_now
    return margin * value * spend
