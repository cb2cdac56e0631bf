"""Addresses of the overviews in the API."""

from django.urls import URLPattern, path

from dashboards.api import briefs, outside, standing

urlpatterns: list[URLPattern] = [
    path("standing/", standing.Standing.as_view()),
    path("portfolio/", standing.Portfolio.as_view()),
    path("movers/", standing.Movers.as_view()),
    path("briefs/", briefs.Briefs.as_view()),
    path("briefs/<int:brief_id>/", briefs.OneBrief.as_view()),
    path("briefs/<int:brief_id>/rows/", briefs.BriefRows.as_view()),
    path("briefs/<int:brief_id>/rows/<int:relationship_id>/", briefs.OneBriefRow.as_view()),
    path("briefs/<int:brief_id>/decisions/", briefs.BriefDecisions.as_view()),
    path("outside-issues/", outside.OutsideIssues.as_view()),
    path("outside-issues/<int:issue_id>/", outside.OneOutsideIssue.as_view()),
]
