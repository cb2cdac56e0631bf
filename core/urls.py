"""Addresses of no app."""

from django.urls import path

from core import views

urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/options/", views.styleguide_options, name="styleguide_options"),
    path("styleguide/dialog/", views.styleguide_dialog, name="styleguide_dialog"),
    path("styleguide/refusals/<int:status>/", views.styleguide_refusal, name="styleguide_refusal"),
]
