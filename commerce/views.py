"""The orders of a relationship, the lines of one, and what was paid."""

from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from commerce import filters, panels, tables
from commerce.queries import orders as queries
from commerce.queries import payments as paid
from core import keyset
from core.refusals import Missing, NotAllowed
from relationships.models import Relationship
from relationships.permissions import may_in

PAGE_SIZE = 25
NEWEST = keyset.Order(keyset.SortKey("ordered_at", parse=datetime.fromisoformat), descending=True)
LATEST = keyset.Order(keyset.SortKey("paid_date", parse=date.fromisoformat), descending=True)
AS_LISTED = keyset.Order(keyset.SortKey("id", parse=int))


@login_required
@require_GET
def order_list(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """A page of a relationship's orders, newest first, beside its last twelve months."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = _with_money(viewer, kind, relationship_id)
    query = filters.parse_orders(request.GET)
    rows = queries.find_orders(relationship=relationship, query=query, now=now)
    page = keyset.page(rows, NEWEST, cursor=request.GET.get("at", ""), limit=PAGE_SIZE)
    context = {
        "relationship": relationship,
        "query": query,
        "page": page,
        "columns": tables.ORDER_COLUMNS,
        "month_columns": tables.MONTH_COLUMNS,
        "next_url": filters.orders_url(relationship, query, page.next) if page.next else "",
        "previous_url": filters.orders_url(relationship, query, page.previous) if page.previous else "",
        **panels.orders_context(viewer=viewer, relationship=relationship, now=now),
    }
    return render(request, "commerce/order_list.html", context)


@login_required
@require_GET
def order_detail(request: HttpRequest, kind: str, relationship_id: int, order_id: int) -> HttpResponse:
    """One order and a page of its lines, as the source listed them."""
    viewer = viewer_of(request)
    relationship = _with_money(viewer, kind, relationship_id)
    order = queries.orders_of(relationship).filter(pk=order_id).first()
    if order is None:
        raise Missing(_("There is no such order."))
    lines = queries.lines_of(order)
    page = keyset.page(lines, AS_LISTED, cursor=request.GET.get("at", ""), limit=2 * PAGE_SIZE)
    address = f"{filters.orders_url(relationship, queries.OrderQuery())}{order.pk}/"
    context = {
        "relationship": relationship,
        "order": order,
        "page": page,
        "columns": tables.LINE_COLUMNS,
        "next_url": f"{address}?at={page.next}" if page.next else "",
        "previous_url": f"{address}?at={page.previous}" if page.previous else "",
    }
    return render(request, "commerce/order_detail.html", context)


@login_required
@require_GET
def payment_list(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """A page of what was paid in a relationship, latest first, beside the years."""
    relationship = _with_money(viewer_of(request), kind, relationship_id)
    year = filters.parse_paid_year(request.GET)
    rows = paid.payments_of(relationship, year)
    page = keyset.page(rows, LATEST, cursor=request.GET.get("at", ""), limit=PAGE_SIZE)
    context = {
        "relationship": relationship,
        "year": year,
        "page": page,
        "columns": tables.PAYMENT_COLUMNS,
        "year_columns": tables.YEAR_COLUMNS,
        "next_url": filters.payments_url(relationship, year, page.next) if page.next else "",
        "previous_url": filters.payments_url(relationship, year, page.previous) if page.previous else "",
        "payments": paid.payment_summary(relationship=relationship),
    }
    return render(request, "commerce/payment_list.html", context)


def _with_money(viewer: User, kind: str, relationship_id: int) -> Relationship:
    """The relationship, when the viewer may know of it and of its money; raises Missing or NotAllowed."""
    rows = Relationship.objects.visible_to(viewer).select_related("business_unit")
    found: Relationship | None = rows.filter(kind=kind, pk=relationship_id).first()
    if found is None:
        raise Missing(_("There is no such relationship."))
    if not may_in(viewer, Permission.VIEW_MONEY, found):
        raise NotAllowed(_("Your role does not show money here."))
    return found
