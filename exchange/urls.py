"""The addresses of import, export and sample data."""

from django.urls import path

from exchange.views import duplicates, sample

urlpatterns = [
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:candidate_id>/dismissal/", duplicates.duplicate_dismiss, name="duplicate_dismiss"),
    path("administration/sample/", sample.sample, name="sample"),
    path("administration/sample/removal/", sample.sample_remove, name="sample_remove"),
]
