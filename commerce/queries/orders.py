"""What a relationship has ordered: the year by month, the last orders, and what the models say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject, TruncMonth

from commerce.enums import FitOutcome, LineKind
from commerce.models import ModelFit, Order, OrderLine, PurchaseFact
from relationships.models import Relationship

MONTHS = 12
LAST_ORDERS = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Month:
    """A calendar month of orders in the relationship's currency; `amount` is net of returns."""

    first_date: date
    orders: int
    amount: Decimal
    returns: int


@dataclass(frozen=True)
class OrderSummary:
    """A relationship's orders at a glance: the last twelve months, oldest first, and the last few orders."""

    facts: PurchaseFact
    months: Sequence[Month]
    last_orders: Sequence[Order]
    fit_until: date | None
    fit_customers: int | None

    @property
    def returns(self) -> int:
        """Lines that came back in these months."""
        return sum(month.returns for month in self.months)

    @property
    def orders(self) -> int:
        """Orders in these months."""
        return sum(month.orders for month in self.months)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was bought or returned in these months."""
        return not self.orders and not self.returns


def order_summary(*, relationship: Relationship, now: datetime) -> OrderSummary | None:
    """The orders of a relationship that the caller may know of; none when it never bought. Two queries.

    Months are those of the relationship's business unit.
    """
    zone = ZoneInfo(relationship.business_unit.time_zone)
    months = _last_months(now.astimezone(zone).date())
    start = datetime.combine(months[0], datetime.min.time(), tzinfo=zone)
    fit = ModelFit.objects.filter(
        kind=relationship.kind, model="mbg-nbd", outcome=FitOutcome.ACCEPTED
    ).order_by("-fitted_at", "-id")
    found = (
        PurchaseFact.objects.filter(pk=relationship.pk)
        .annotate(
            year=ArraySubquery(_by_month(start, zone)),
            fit_until=Subquery(fit.values("until_date")[:1]),
            fit_customers=Subquery(fit.values("customers")[:1]),
        )
        .first()
    )
    if found is None:
        return None
    said = {entry["month"][:7]: entry for entry in found.year}
    return OrderSummary(
        facts=found,
        months=[_month(day, said.get(day.isoformat()[:7])) for day in months],
        last_orders=list(orders_of(relationship).order_by("-ordered_at", "-id")[:LAST_ORDERS]),
        fit_until=found.fit_until,
        fit_customers=found.fit_customers,
    )


def _last_months(today: date) -> list[date]:
    """The first days of this month and the eleven before it, oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def _by_month(start: datetime, zone: ZoneInfo) -> "QuerySet[OrderLine, Any]":
    lines = OrderLine.objects.filter(
        relationship=OuterRef("pk"), currency=OuterRef("currency"), ordered_at__gte=start
    )
    return (
        lines.annotate(month=TruncMonth("ordered_at", tzinfo=zone))
        .values("month")
        .annotate(
            orders=Count("order", distinct=True, filter=Q(kind=LineKind.SALE)),
            amount=Sum("amount"),
            returns=Count("id", filter=Q(kind=LineKind.RETURN)),
        )
        .order_by("month")
        .values(json=JSONObject(month="month", orders="orders", amount="amount", returns="returns"))
    )


def _month(first: date, said: dict[str, Any] | None) -> Month:
    if said is None:
        return Month(first, 0, Decimal(0), 0)
    return Month(first, said["orders"], Decimal(str(said["amount"])), said["returns"])


def orders_of(relationship: Relationship) -> QuerySet[Order]:
    """The orders of a relationship that the caller may know of, each with the number of its returned lines."""
    returned = OrderLine.objects.filter(order=OuterRef("pk"), kind=LineKind.RETURN).order_by().values("order")
    counted = Subquery(returned.annotate(number=Count("pk")).values("number"))
    return Order.objects.filter(relationship=relationship).annotate(returned=Coalesce(counted, 0))


@dataclass(frozen=True)
class OrderQuery:
    """Which orders of a relationship are asked for: of a month, of the last year, with returns."""

    month: date | None = None
    year: bool = False
    returns: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.month or self.year or self.returns)


def find_orders(*, relationship: Relationship, query: OrderQuery, now: datetime) -> QuerySet[Order]:
    """The orders that `query` asks for, on the calendar of the relationship's business unit."""
    zone = ZoneInfo(relationship.business_unit.time_zone)
    found: QuerySet[Any] = orders_of(relationship)
    if query.month:
        after = (query.month + timedelta(days=31)).replace(day=1)
        found = found.filter(
            ordered_at__gte=datetime.combine(query.month, datetime.min.time(), tzinfo=zone),
            ordered_at__lt=datetime.combine(after, datetime.min.time(), tzinfo=zone),
        )
    if query.year:
        first = now.astimezone(zone).date() - YEAR + timedelta(days=1)
        found = found.filter(ordered_at__gte=datetime.combine(first, datetime.min.time(), tzinfo=zone))
    if query.returns:
        found = found.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), kind=LineKind.RETURN)))
    return found


def lines_of(order: Order) -> QuerySet[OrderLine]:
    """The lines of an order with what was bought."""
    return order.lines.select_related("product").annotate(
        name=Coalesce(F("product__name"), F("product__ref"))
    )
