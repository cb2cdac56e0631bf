"""Addresses of oversight."""

from django.urls import path

from oversight.views import audit, people_data, retention, sight

urlpatterns = [
    path("administration/audit/", audit.audit_list, name="audit"),
    path("administration/audit/export/", audit.audit_export, name="audit_export"),
    path("administration/privacy/", people_data.privacy, name="privacy"),
    path("administration/privacy/people/<int:party_id>/", people_data.privacy_person, name="privacy_person"),
    path("administration/privacy/people/<int:party_id>/hold/", people_data.hold_set, name="hold_set"),
    path("administration/privacy/people/<int:party_id>/exports/", people_data.export_new, name="export_new"),
    path("administration/privacy/exports/<int:export_id>/file/", people_data.export_file, name="export_file"),
    path(
        "administration/privacy/erasures/<int:erasure_id>/confirmation/",
        people_data.erasure_confirm,
        name="erasure_confirm",
    ),
    path(
        "administration/privacy/erasures/<int:erasure_id>/cancellation/",
        people_data.erasure_cancel,
        name="erasure_cancel",
    ),
    path("administration/retention/", retention.retention, name="retention"),
    path("administration/retention/<int:rule_id>/", retention.retention_rule, name="retention_rule"),
    path("administration/retention/<int:rule_id>/ending/", retention.retention_end, name="retention_end"),
    path("administration/rights/", sight.rights_matrix, name="rights"),
    path("administration/sight/", sight.sight_lookup, name="sight"),
    path("administration/sight/<int:user_id>/parties/<int:party_id>/", sight.sight_party, name="sight_party"),
]
