"""The addresses of health; those of a record continue the kernel's, which bring the kind converter."""

from django.urls import path

from health.views import evidence, overrides

urlpatterns = [
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
