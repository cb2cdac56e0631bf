"""The addresses of import, export and sample data."""

from django.urls import path

from exchange import views

urlpatterns = [
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/<int:candidate_id>/dismissal/", views.duplicate_dismiss, name="duplicate_dismiss"),
    path("administration/sample/", views.sample, name="sample"),
    path("administration/sample/removal/", views.sample_remove, name="sample_remove"),
]
