"""Addresses of imports and duplicates in the API."""

from django.urls import URLPattern, path

from exchange.api import exchange

urlpatterns: list[URLPattern] = [
    path("imports/", exchange.Imports.as_view()),
    path("imports/<int:import_id>/held-rows/", exchange.HeldRows.as_view()),
    path("duplicates/", exchange.Duplicates.as_view()),
]
