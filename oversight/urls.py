"""Addresses of oversight."""

from django.urls import path

from oversight.views import audit, sight

urlpatterns = [
    path("administration/audit/", audit.audit_list, name="audit"),
    path("administration/audit/export/", audit.audit_export, name="audit_export"),
    path("administration/rights/", sight.rights_matrix, name="rights"),
    path("administration/sight/", sight.sight_lookup, name="sight"),
    path("administration/sight/<int:user_id>/parties/<int:party_id>/", sight.sight_party, name="sight_party"),
]
