"""Addresses of sign-in, settings and administration."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic.base import RedirectView

from accounts.views import business_units, currencies, entrance, people, settings, teams, tokens

SECURITY = RedirectView.as_view(url="/settings/security/")

urlpatterns: list[URLPattern | URLResolver] = [
    path("set-up/<str:token>/", entrance.setup, name="setup"),
    path("invitation/<str:token>/", entrance.invitation_accept, name="invitation_accept"),
    # An address is the administrators' to change, sessions and proofs have pages of their own.
    path("account/email/", SECURITY),
    path("account/sessions/", RedirectView.as_view(url="/settings/sessions/")),
    path("account/2fa/", SECURITY),
    path("account/2fa/webauthn/", SECURITY),
    path("account/", include("allauth.urls")),
    path("settings/", settings.profile, name="settings"),
    path("settings/appearance/", settings.appearance, name="settings_appearance"),
    path("settings/security/", settings.security, name="settings_security"),
    path("settings/sessions/", settings.sessions, name="settings_sessions"),
    path("settings/sessions/others/ending/", settings.other_sessions_end, name="other_sessions_end"),
    path("settings/sessions/<int:session_id>/ending/", settings.session_end, name="session_end"),
    path("settings/tokens/", tokens.tokens, name="settings_tokens"),
    path("settings/tokens/<int:token_id>/revocation/", tokens.token_revoke, name="token_revoke"),
    path("administration/", people.administration, name="administration"),
    path("administration/people/", people.people_list, name="people"),
    path("administration/people/<int:user_id>/", people.person_edit, name="person"),
    path(
        "administration/people/<int:user_id>/deactivation/",
        people.person_deactivate,
        name="person_deactivate",
    ),
    path(
        "administration/people/<int:user_id>/reactivation/",
        people.person_reactivate,
        name="person_reactivate",
    ),
    path("administration/people/<int:user_id>/proofs/removal/", people.proofs_remove, name="proofs_remove"),
    path("administration/people/<int:user_id>/roles/", people.role_grant, name="role_grant"),
    path("administration/roles/<int:grant_id>/ending/", people.role_end, name="role_end"),
    path("administration/invitations/new/", people.invitation_create, name="invitation_create"),
    path(
        "administration/invitations/<int:invitation_id>/sending/",
        people.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "administration/invitations/<int:invitation_id>/revocation/",
        people.invitation_revoke,
        name="invitation_revoke",
    ),
    path("administration/teams/", teams.team_list, name="teams"),
    path("administration/teams/new/", teams.team_create, name="team_create"),
    path("administration/teams/<int:team_id>/", teams.team_edit, name="team"),
    path("administration/teams/<int:team_id>/members/", teams.member_add, name="member_add"),
    path("administration/teams/<int:team_id>/closure/", teams.team_close, name="team_close"),
    path("administration/memberships/<int:membership_id>/ending/", teams.member_remove, name="member_remove"),
    path("administration/business-units/", business_units.unit_list, name="units"),
    path("administration/business-units/new/", business_units.unit_create, name="unit_create"),
    path("administration/business-units/<int:unit_id>/", business_units.unit_edit, name="unit"),
    path(
        "administration/business-units/<int:unit_id>/default/",
        business_units.unit_make_default,
        name="unit_make_default",
    ),
    path(
        "administration/business-units/<int:unit_id>/closure/", business_units.unit_close, name="unit_close"
    ),
    path("administration/currencies/", currencies.currency_list, name="currencies"),
    path("administration/currencies/additions/", currencies.currency_add, name="currency_add"),
    path("administration/currencies/rates/", currencies.rate_set, name="rate_set"),
    path(
        "administration/currencies/<str:code>/retirement/",
        currencies.currency_retire,
        name="currency_retire",
    ),
    path("administration/service-accounts/", tokens.service_account_list, name="service_accounts"),
    path(
        "administration/service-accounts/<int:account_id>/",
        tokens.service_account_detail,
        name="service_account",
    ),
    path(
        "administration/service-accounts/<int:account_id>/tokens/<int:token_id>/revocation/",
        tokens.service_token_revoke,
        name="service_token_revoke",
    ),
]
