"""Orders of a relationship, as an import leaves them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

from commerce.models import Order, OrderLine, Payment
from relationships.models import Relationship

_numbers = count(1)


def make_order(
    relationship: Relationship,
    day: date,
    amount: str | int = 10,
    *,
    currency: str = "GBP",
    side: str = "they_buy",
    hour: int = 12,
    ref: str = "",
) -> Order:
    """One order of one line at noon UTC; a negative amount is a return."""
    number = next(_numbers)
    moment = datetime.combine(day, time(hour), tzinfo=UTC)
    money = Decimal(amount)
    order = Order.objects.create(
        relationship=relationship,
        side=side,
        source="factory",
        ref=ref or str(number),
        ordered_at=moment,
        currency=currency,
        amount=money,
    )
    OrderLine.objects.create(
        order=order,
        relationship=relationship,
        kind="return" if money < 0 else "sale",
        amount=money,
        currency=currency,
        ordered_at=moment,
        source="factory",
        source_key=str(number),
    )
    return order


def make_payment(
    relationship: Relationship, day: date, amount: str | int = 10, *, currency: str = "GBP", ref: str = ""
) -> Payment:
    """One payment to the relationship's party; a negative amount came back."""
    number = next(_numbers)
    return Payment.objects.create(
        relationship=relationship,
        paid_date=day,
        amount=Decimal(amount),
        currency=currency,
        ref=ref or str(number),
        payee=relationship.party_name,
        source="factory",
        source_key=f"{number:064}",
    )
