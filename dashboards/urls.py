"""The addresses of the overviews."""

from django.urls import path

from dashboards.views import briefs, my_day, outside_issues, portfolio, reconciliations, standing

urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("day/health/", my_day.health_dropped, name="health_dropped"),
    path("dashboards/", standing.dashboard, name="dashboard"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/movers/", portfolio.movers, name="movers"),
    path("briefs/", briefs.brief_list, name="brief_list"),
    path("briefs/<int:brief_id>/", briefs.brief_detail, name="brief_detail"),
    path("briefs/<int:brief_id>/rows/", briefs.brief_row_list, name="brief_rows"),
    path("briefs/<int:brief_id>/rows/<int:relationship_id>/", briefs.brief_row, name="brief_row"),
    path("outside-issues/", outside_issues.issue_list, name="outside_issue_list"),
    path("outside-issues/new/", outside_issues.issue_new, name="outside_issue_new"),
    path("outside-issues/<int:issue_id>/", outside_issues.issue_page, name="outside_issue_detail"),
    path("outside-issues/<int:issue_id>/edit/", outside_issues.issue_edit, name="outside_issue_edit"),
    path(
        "outside-issues/<int:issue_id>/transitions/<slug:name>/",
        outside_issues.issue_move,
        name="outside_issue_move",
    ),
    path(
        "outside-issues/<int:issue_id>/reconciliations/new/",
        reconciliations.reconciliation_new,
        name="reconciliation_new",
    ),
    path(
        "outside-issues/<int:issue_id>/reconciliations/<int:reconciliation_id>/",
        reconciliations.reconciliation_detail,
        name="reconciliation",
    ),
]
