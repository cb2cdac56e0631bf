"""Addresses of trade in the API."""

from django.urls import URLPattern, path

from commerce.api import trade

IN_ONE = "relationships/<int:relationship_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{IN_ONE}orders/", trade.Orders.as_view()),
    path(f"{IN_ONE}orders/<int:order_id>/", trade.OneOrder.as_view()),
    path(f"{IN_ONE}payments/", trade.Payments.as_view()),
    path(f"{IN_ONE}value-entries/", trade.ValueEntries.as_view()),
    path("value-entries/<int:entry_id>/reversal/", trade.ValueReversal.as_view()),
]
