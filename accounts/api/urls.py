"""Addresses of people, teams and business units in the API."""

from django.urls import URLPattern, path

from accounts.api import business_units, people, teams

urlpatterns: list[URLPattern] = [
    path("users/", people.People.as_view()),
    path("users/<int:user_id>/", people.OnePerson.as_view()),
    path("teams/", teams.Teams.as_view()),
    path("teams/<int:team_id>/", teams.OneTeam.as_view()),
    path("teams/<int:team_id>/holdings/", teams.TeamHoldings.as_view()),
    path("teams/<int:team_id>/members/", teams.TeamMembers.as_view()),
    path("teams/<int:team_id>/closure/", teams.TeamClosure.as_view()),
    path("memberships/<int:membership_id>/ending/", teams.MembershipEnding.as_view()),
    path("business-units/", business_units.Units.as_view()),
    path("business-units/<int:unit_id>/", business_units.OneUnit.as_view()),
    path("business-units/<int:unit_id>/holdings/", business_units.UnitHoldings.as_view()),
    path("business-units/<int:unit_id>/default/", business_units.UnitDefault.as_view()),
    path("business-units/<int:unit_id>/closure/", business_units.UnitClosure.as_view()),
]
