"""The addresses of health; those of a record continue the kernel's, which bring the kind converter."""

from django.urls import path

from health.views import (
    alerts,
    benefit,
    calibration,
    evidence,
    look_backs,
    overrides,
    proposals,
    reviews,
    scorecards,
)

urlpatterns = [
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/<int:review_id>/", reviews.review_detail, name="review_detail"),
    path("reviews/<int:review_id>/transitions/<slug:name>/", reviews.review_move, name="review_move"),
    path("<kind:kind>/<int:relationship_id>/reviews/new/", reviews.review_new, name="review_new"),
    path("proposals/", proposals.proposal_list, name="proposal_list"),
    path("proposals/estimates/", look_backs.estimate_record, name="estimate_record"),
    path("proposals/estimates/lines/", look_backs.estimate_lines, name="estimate_lines"),
    path("proposals/<int:proposal_id>/look-back/", look_backs.look_back, name="look_back"),
    path("proposals/<int:proposal_id>/", proposals.proposal_detail, name="proposal_detail"),
    path("proposals/<int:proposal_id>/lines/new/", proposals.line_new, name="line_new"),
    path(
        "proposals/<int:proposal_id>/lines/<int:line_id>/<slug:name>/",
        proposals.line_change,
        name="line_change",
    ),
    path(
        "proposals/<int:proposal_id>/transitions/<slug:name>/", proposals.proposal_move, name="proposal_move"
    ),
    path("value-entries/<int:entry_id>/reversal/", benefit.value_reverse, name="value_reverse"),
    path("<kind:kind>/<int:relationship_id>/value-entries/new/", benefit.value_new, name="value_new"),
    path("<kind:kind>/<int:relationship_id>/proposals/new/", proposals.proposal_new, name="proposal_new"),
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:alert_id>/transitions/<slug:name>/", alerts.alert_move, name="alert_move"),
    path("administration/calibration/", calibration.calibration, name="calibration"),
    path("administration/calibration/<slug:kind>/outcomes/", calibration.outcome_list, name="outcomes"),
    path("administration/alerts/", alerts.rule_list, name="alert_rules"),
    path("administration/alerts/<slug:rule>/retirement/", alerts.rule_retire, name="rule_retire"),
    path("administration/alerts/<slug:rule>/reinstatement/", alerts.rule_reinstate, name="rule_reinstate"),
    path("administration/scorecards/", scorecards.scorecard_list, name="scorecards"),
    path("administration/scorecards/<int:scorecard_id>/", scorecards.scorecard_detail, name="scorecard"),
    path(
        "administration/scorecards/<int:scorecard_id>/drafts/", scorecards.draft_new, name="scorecard_draft"
    ),
    path(
        "administration/scorecards/<int:scorecard_id>/transitions/<slug:name>/",
        scorecards.scorecard_move,
        name="scorecard_move",
    ),
    path(
        "administration/scorecards/<int:scorecard_id>/components/",
        scorecards.component_new,
        name="component_new",
    ),
    path(
        "administration/scorecards/<int:scorecard_id>/components/<slug:key>/",
        scorecards.component_edit,
        name="component_edit",
    ),
    path(
        "administration/scorecards/<int:scorecard_id>/components/<slug:key>/removal/",
        scorecards.component_remove,
        name="component_remove",
    ),
    path(
        "<kind:kind>/<int:relationship_id>/why/<slug:component>/",
        evidence.evidence_list,
        name="evidence_list",
    ),
    path("<kind:kind>/<int:relationship_id>/overrides/", overrides.override_new, name="override_new"),
    path(
        "<kind:kind>/<int:relationship_id>/overrides/<int:override_id>/ending/",
        overrides.override_end,
        name="override_end",
    ),
]
