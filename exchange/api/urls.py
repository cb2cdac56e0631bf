"""Addresses of imports and duplicates in the API."""

from django.urls import URLPattern, path

from exchange.api import duplicates, exchange

urlpatterns: list[URLPattern] = [
    path("imports/", exchange.Imports.as_view()),
    path("imports/<int:import_id>/held-rows/", exchange.HeldRows.as_view()),
    path("duplicates/", duplicates.Duplicates.as_view()),
    path("duplicates/<int:candidate_id>/", duplicates.OneDuplicate.as_view()),
    path("duplicates/<int:candidate_id>/dismissal/", duplicates.Dismissal.as_view()),
]
