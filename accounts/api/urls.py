"""Addresses of people in the API."""

from django.urls import URLPattern, path

from accounts.api import people

urlpatterns: list[URLPattern] = [
    path("users/", people.People.as_view()),
    path("users/<int:user_id>/", people.OnePerson.as_view()),
    path("teams/", people.Teams.as_view()),
    path("business-units/", people.Units.as_view()),
]
