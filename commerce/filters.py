"""Which orders of a relationship an address asks for."""

import re
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from commerce.queries.orders import OrderQuery
from relationships.models import Relationship

YEAR = re.compile(r"(19|20)\d\d")
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


def parse_orders(params: QueryDict) -> OrderQuery:
    """The query of an address; what is not understood is left out."""
    month = params.get("month", "")
    return OrderQuery(
        month=date.fromisoformat(f"{month}-01") if MONTH.fullmatch(month) else None,
        year=params.get("year") == "1",
        returns=params.get("returns") == "1",
    )


def orders_url(relationship: Relationship, query: OrderQuery, cursor: str = "") -> str:
    """The address of the orders that the query describes."""
    params = {
        "month": query.month.isoformat()[:7] if query.month else "",
        "year": "1" if query.year else "",
        "returns": "1" if query.returns else "",
        "at": cursor,
    }
    said = urlencode({name: value for name, value in params.items() if value})
    address = f"/{relationship.kind}/{relationship.pk}/orders/"
    return f"{address}?{said}" if said else address


def parse_paid_year(params: QueryDict) -> int | None:
    """The year whose payments are asked for; none for all."""
    year = params.get("year", "")
    return int(year) if YEAR.fullmatch(year) else None


def payments_url(relationship: Relationship, year: int | None, cursor: str = "") -> str:
    """The address of a year's payments, or of all."""
    said = urlencode({name: value for name, value in (("year", year), ("at", cursor)) if value})
    address = f"/{relationship.kind}/{relationship.pk}/payments/"
    return f"{address}?{said}" if said else address
