"""Words of this app's own registrations: audit verbs, and the teams that somebody leads."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from accounts.registry import OpenItems, Registry

AUDIT_WORDS = {
    "workspace_set_up": _("Workspace set up"),
    "signed_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "signed_out": _("Signed out"),
    "locked_out": _("Sign-in paused after wrong passwords"),
    "password_changed": _("Password changed"),
    "password_reset": _("Password reset by mail"),
    "password_set": _("Password chosen"),
    "totp_activated": _("Authenticator app set up"),
    "totp_deactivated": _("Authenticator app removed"),
    "webauthn_added": _("Passkey added"),
    "webauthn_removed": _("Passkey removed"),
    "recovery_codes_generated": _("Recovery codes made"),
    "session_ended": _("A browser signed out"),
    "other_sessions_ended": _("Other browsers signed out"),
    "profile_edited": _("Own profile changed"),
    "invitation_sent": _("Invitation sent"),
    "invitation_sent_again": _("Invitation sent again"),
    "invitation_revoked": _("Invitation revoked"),
    "invitation_accepted": _("Invitation accepted"),
    "user_edited": _("Person changed"),
    "user_deactivated": _("Person deactivated"),
    "user_reactivated": _("Person reactivated"),
    "proofs_removed": _("Second proofs removed"),
    "role_granted": _("Role given"),
    "role_ended": _("Role ended"),
    "team_created": _("Team created"),
    "team_edited": _("Team changed"),
    "team_closed": _("Team closed"),
    "team_member_added": _("Put in a team"),
    "team_member_removed": _("Taken out of a team"),
    "business_unit_created": _("Business unit created"),
    "business_unit_edited": _("Business unit changed"),
    "business_unit_made_default": _("Business unit made the default"),
    "business_unit_closed": _("Business unit closed"),
    "currency_added": _("Currency added"),
    "currency_retired": _("Currency retired"),
    "rate_set": _("Exchange rate set"),
    "rate_corrected": _("Exchange rate corrected"),
    "token_created": _("API token made"),
    "token_revoked": _("API token revoked"),
    "service_account_created": _("Service account made"),
}


def _teams_led(user_id: int, viewer: User | None) -> "QuerySet[Team]":
    return Team.objects.filter(lead_id=user_id, closed_at=None)


def _teams_led_words(count: int) -> str:
    return ngettext("the lead of %(n)s team", "the lead of %(n)s teams", count) % {"n": count}


TEAMS_LED = OpenItems(
    key="teams_led",
    of="user",
    rows=_teams_led,
    words=_teams_led_words,
    url=lambda user_id: "/administration/teams/",
    position=900,
)


def register_own(registry: Registry) -> None:
    """Tells the registry what this app itself has to say."""
    registry.add_audit_words(AUDIT_WORDS)
    registry.add_open_items(TEAMS_LED)
