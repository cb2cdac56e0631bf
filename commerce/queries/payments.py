"""What we paid in a relationship: the years, the last payments, and all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear, JSONObject

from commerce.models import Payment
from relationships.models import Relationship

LAST_PAYMENTS = 5


@dataclass(frozen=True)
class PaidYear:
    """What was paid in a calendar year and currency, net of what came back."""

    year: int
    currency: str
    amount: Decimal
    payments: int


@dataclass(frozen=True)
class PaymentSummary:
    """A relationship's payments at a glance: every year, newest first, and the last few payments."""

    years: Sequence[PaidYear]
    last_payments: Sequence[Payment]

    @property
    def payments(self) -> int:
        """How many there are in all."""
        return sum(year.payments for year in self.years)


def payment_summary(*, relationship: Relationship) -> PaymentSummary | None:
    """The payments of a relationship that the caller may know of; none when there is none. One query."""
    found = payments_of(relationship).annotate(years=ArraySubquery(_by_year(relationship)))
    last = list(found.order_by("-paid_date", "-id")[:LAST_PAYMENTS])
    if not last:
        return None
    years = [
        PaidYear(said["year"], said["currency"], Decimal(str(said["amount"])), said["payments"])
        for said in last[0].years
    ]
    return PaymentSummary(years=years, last_payments=last)


def payments_of(relationship: Relationship, year: int | None = None) -> "QuerySet[Payment, Any]":
    """The payments of a relationship that the caller may know of, of one calendar year or of all."""
    found: QuerySet[Payment, Any] = Payment.objects.filter(relationship=relationship)
    return found if year is None else found.filter(paid_date__year=year)


def _by_year(relationship: Relationship) -> "QuerySet[Payment, Any]":
    by_year = payments_of(relationship).annotate(year=ExtractYear("paid_date")).values("year", "currency")
    summed = by_year.annotate(total=Sum("amount"), payments=Count("id")).order_by("-year", "currency")
    return summed.values(
        json=JSONObject(year="year", currency="currency", amount="total", payments="payments")
    )
