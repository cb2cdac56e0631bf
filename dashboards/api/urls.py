"""Addresses of outside issues in the API."""

from django.urls import URLPattern, path

from dashboards.api import outside

urlpatterns: list[URLPattern] = [
    path("outside-issues/", outside.OutsideIssues.as_view()),
    path("outside-issues/<int:issue_id>/", outside.OneOutsideIssue.as_view()),
]
