"""Addresses of oversight in the API."""

from django.urls import URLPattern, path

from oversight.api import audit, sight

urlpatterns: list[URLPattern] = [
    path("audit/entries/", audit.AuditEntries.as_view()),
    path("audit/events/", audit.AuditEvents.as_view()),
    path("users/<int:user_id>/rights/", sight.Rights.as_view()),
    path("users/<int:user_id>/sight/<int:relationship_id>/", sight.Sight.as_view()),
]
