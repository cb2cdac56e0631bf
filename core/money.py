"""Money is an amount of two decimals beside the code of its currency; rounding is half-up."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models


def round_half_up(amount: Decimal, minor_units: int = 2) -> Decimal:
    """`amount` rounded half away from zero to the currency's minor units (ISO 4217)."""
    return amount.quantize(Decimal(1).scaleb(-minor_units), rounding=ROUND_HALF_UP)


class AmountField(models.DecimalField):  # type: ignore[type-arg]  # not generic at run time
    """numeric(14,2). The currency stands in a column beside it; amounts of two currencies are never added."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 14
        kwargs["decimal_places"] = 2
        super().__init__(*args, **kwargs)


class CurrencyCodeField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """An ISO 4217 code, e.g. `GBP`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 3
        super().__init__(*args, **kwargs)
