"""Addresses of health in the API."""

from django.urls import URLPattern, path

from health.api import alerts, explanations, proposals, reviews, scorecards

IN_ONE = "relationships/<int:relationship_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{IN_ONE}health/", explanations.Health.as_view()),
    path("alerts/", alerts.Alerts.as_view()),
    path("alerts/<int:alert_id>/", alerts.OneAlert.as_view()),
    path("alerts/<int:alert_id>/transitions/", alerts.AlertMoves.as_view()),
    path("scorecards/", scorecards.Scorecards.as_view()),
    path("scorecards/<int:scorecard_id>/", scorecards.OneScorecard.as_view()),
    path("scorecards/<int:scorecard_id>/drafts/", scorecards.ScorecardDrafts.as_view()),
    path("scorecards/<int:scorecard_id>/transitions/", scorecards.ScorecardMoves.as_view()),
    path("scorecards/<int:scorecard_id>/dry-run/", scorecards.ScorecardDryRun.as_view()),
    path("scorecards/<int:scorecard_id>/trial/", scorecards.ScorecardTrial.as_view()),
    path("scorecards/<int:scorecard_id>/components/", scorecards.ScorecardComponents.as_view()),
    path("scorecards/<int:scorecard_id>/components/<slug:key>/", scorecards.OneScorecardComponent.as_view()),
    path("reviews/", reviews.Reviews.as_view()),
    path(f"{IN_ONE}reviews/", reviews.RelationshipReviews.as_view()),
    path("reviews/<int:review_id>/", reviews.OneReview.as_view()),
    path("reviews/<int:review_id>/transitions/", reviews.ReviewMoves.as_view()),
    path("proposals/", proposals.Proposals.as_view()),
    path(f"{IN_ONE}proposals/", proposals.RelationshipProposals.as_view()),
    path("proposals/<int:proposal_id>/", proposals.OneProposal.as_view()),
    path("proposals/<int:proposal_id>/lines/", proposals.ProposalLines.as_view()),
    path("proposals/<int:proposal_id>/transitions/", proposals.ProposalMoves.as_view()),
]
