"""The addresses of health; those of a record continue the kernel's, which bring the kind converter."""

from django.urls import path

from health.views import evidence

urlpatterns = [
    path(
        "<kind:kind>/<int:relationship_id>/why/<slug:component>/",
        evidence.evidence_list,
        name="evidence_list",
    ),
]
