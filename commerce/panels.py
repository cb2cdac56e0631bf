"""Trade on the record: the year's orders, the last ones, and what the models say of them."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format

from accounts.enums import Permission
from accounts.models import User
from commerce.enums import OrderSide, RfmCell
from commerce.queries.orders import OrderSummary, order_summary
from core.wording import figure
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.registry import Panel


def orders_context(*, viewer: User, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """The panel's values; without orders, or for a viewer who may not see money, `orders` is none."""
    if not may_in(viewer, Permission.VIEW_MONEY, relationship):
        return {"orders": None}
    summary = order_summary(relationship=relationship, now=now)
    if summary is None:
        return {"orders": None}
    facts = summary.facts
    return {
        "orders": summary,
        "relationship": relationship,
        "we_buy": any(order.side == OrderSide.WE_BUY for order in summary.last_orders),
        "cell": RfmCell(facts.rfm_cell).label if facts.rfm_cell else "",
        "fit_customers": figure(summary.fit_customers or 0),
        "alive_percent": None if facts.alive_probability is None else round(100 * facts.alive_probability),
        **chart_of(summary),
    }


def chart_of(summary: OrderSummary) -> dict[str, Any]:
    """The months as the columns of a chart: amounts, letters, names, and an axis that holds them all."""
    amounts = [float(month.amount) for month in summary.months]
    top = max(*amounts, 1.0)
    return {
        "amounts": amounts,
        "letters": [date_format(month.first_date, "M")[:1] for month in summary.months],
        "names": [date_format(month.first_date, "F Y") for month in summary.months],
        "top": round(top),
        "bottom": round(min(*amounts, 0.0)),
    }


ORDERS = Panel("orders", "aside", "commerce/_orders_panel.html", orders_context, position=60)
