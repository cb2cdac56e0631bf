"""Addresses of oversight in the API."""

from django.urls import URLPattern, path

from oversight.api import audit, privacy, retention, sight

PERSON = "parties/<int:party_id>/"
ERASURE = "erasures/<int:erasure_id>/"
EXPORT = "subject-exports/<int:export_id>/"
RULE = "retention-rules/<int:rule_id>/"

urlpatterns: list[URLPattern] = [
    path("audit/entries/", audit.AuditEntries.as_view()),
    path("audit/events/", audit.AuditEvents.as_view()),
    path("users/<int:user_id>/rights/", sight.Rights.as_view()),
    path("users/<int:user_id>/sight/<int:relationship_id>/", sight.Sight.as_view()),
    path(f"{PERSON}personal-data/", privacy.PersonData.as_view()),
    path(f"{PERSON}subject-exports/", privacy.SubjectExportsOfOne.as_view()),
    path(f"{PERSON}erasures/", privacy.ErasuresOfOne.as_view()),
    path(f"{PERSON}legal-hold/", privacy.LegalHolds.as_view()),
    path(f"{PERSON}legal-hold/lifting/", privacy.LiftedHold.as_view()),
    path("subject-exports/", privacy.SubjectExports.as_view()),
    path(EXPORT, privacy.OneSubjectExport.as_view()),
    path(f"{EXPORT}content/", privacy.ExportContent.as_view()),
    path("erasures/", privacy.Erasures.as_view()),
    path(ERASURE, privacy.OneErasure.as_view()),
    path(f"{ERASURE}confirmation/", privacy.Confirmation.as_view()),
    path(f"{ERASURE}cancellation/", privacy.ErasureCancellation.as_view()),
    path("retention-rules/", retention.RetentionRules.as_view()),
    path(RULE, retention.OneRetentionRule.as_view()),
    path(f"{RULE}due/", retention.DueRows.as_view()),
    path(f"{RULE}ending/", retention.Ending.as_view()),
]
