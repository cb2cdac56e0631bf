"""The addresses of health; those of a record continue the kernel's, which bring the kind converter."""

from django.urls import path

from health.views import alerts, calibration, evidence, overrides

urlpatterns = [
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:alert_id>/transitions/<slug:name>/", alerts.alert_move, name="alert_move"),
    path("administration/calibration/", calibration.calibration, name="calibration"),
    path("administration/calibration/<slug:kind>/outcomes/", calibration.outcome_list, name="outcomes"),
    path("administration/alerts/", alerts.rule_list, name="alert_rules"),
    path("administration/alerts/<slug:rule>/retirement/", alerts.rule_retire, name="rule_retire"),
    path("administration/alerts/<slug:rule>/reinstatement/", alerts.rule_reinstate, name="rule_reinstate"),
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
