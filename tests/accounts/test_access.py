"""Who may open which page: every address of sign-in, settings and administration, and every role."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from accounts.models import Invitation, RoleGrant, TeamMembership, User
from accounts.operations.service_accounts import create_service_account
from accounts.operations.tokens import create_token
from accounts.urls import urlpatterns as accounts_urls
from messaging.models import OutboxMessage
from messaging.urls import urlpatterns as messaging_urls
from oversight.operations.retention import set_rule
from oversight.urls import urlpatterns as oversight_urls
from tests.factories.people import make_business_unit, make_team, make_user
from tests.factories.relationships import make_person
from tests.messaging.mail import brought, mail_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)

OPEN = {"setup", "invitation_accept"}
OWN = {
    "settings",
    "settings_appearance",
    "settings_security",
    "settings_sessions",
    "settings_notifications",
    "notifications",
    "notification_bell",
    "settings_tokens",
    "outgoing_mail",
}
OWN_ROWS = {"outgoing_message"}
"""Pages of one thing that whoever may not know of it does not find."""
OWN_POSTS = {
    "other_sessions_end",
    "session_end",
    "token_revoke",
    "notification",
    "notification_read",
    "notifications_read",
    "outgoing_withdrawal",
}
AUDIT = {"audit", "rights", "sight", "sight_party"}
AUDIT_POSTS = {"audit_export"}
MAIL = {"sent_mail", "sent_message", "received_mail", "received_message", "suppressed_addresses"}
MAIL_POSTS = {"received_reading", "suppressed_lifting"}
ADMINISTRATION = {
    "administration",
    "people",
    "person",
    "role_grant",
    "invitation_create",
    "teams",
    "team_create",
    "team",
    "units",
    "unit_create",
    "unit",
    "currencies",
    "privacy",
    "privacy_person",
    "retention",
    "retention_rule",
    "service_accounts",
    "service_account",
}
ADMINISTRATION_POSTS = {
    "person_deactivate",
    "person_reactivate",
    "proofs_remove",
    "role_end",
    "invitation_resend",
    "invitation_revoke",
    "member_add",
    "team_close",
    "member_remove",
    "unit_make_default",
    "unit_close",
    "currency_add",
    "hold_set",
    "retention_end",
    "export_new",
    "export_file",
    "erasure_confirm",
    "erasure_cancel",
    "rate_set",
    "currency_retire",
    "service_token_revoke",
}


def named_addresses() -> dict[str, str]:
    """Name → pattern of every address of ours; allauth's own stand in `account/`."""
    patterns: list[URLPattern | URLResolver] = [*accounts_urls, *messaging_urls, *oversight_urls]
    return {
        pattern.name: str(pattern.pattern)
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.name
    }


def test_every_address_is_in_this_table() -> None:
    known = (
        OPEN
        | OWN
        | OWN_ROWS
        | OWN_POSTS
        | AUDIT
        | AUDIT_POSTS
        | MAIL
        | MAIL_POSTS
        | ADMINISTRATION
        | ADMINISTRATION_POSTS
    )
    assert set(named_addresses()) == known


@pytest.fixture
def addresses() -> dict[str, str]:
    """Name → an address that leads somewhere."""
    administrator = make_user("administrator")
    team = make_team("North")
    person = make_user("hr", member_of=team)
    invitation = Invitation.objects.create(
        email="tom@firm.example",
        name="Tom",
        role="hr",
        token_hash="x",
        invited_at=NOW,
        invited_by=administrator,
        expires_at=NOW,
    )
    message = OutboxMessage.objects.create(
        key="k",
        sender="us@relman.example",
        to=["a@b.example"],
        subject="S",
        body_text="T",
        message_id="<k>",
        created_at=NOW,
        due_at=NOW,
    )
    received = brought(administrator, mail_of()).message
    program = create_service_account(actor=administrator, name="Warehouse", now=NOW)
    token, _words = create_token(
        actor=administrator, user=program, name="Sync", scopes=["health:read"], days=9, now=NOW
    )
    ids = {
        "<int:account_id>": program.pk,
        "<int:token_id>": token.pk,
        "<int:user_id>": person.pk,
        "<int:party_id>": make_person().pk,
        "<int:grant_id>": RoleGrant.objects.get(user=person).pk,
        "<int:invitation_id>": invitation.pk,
        "<int:team_id>": team.pk,
        "<int:membership_id>": TeamMembership.objects.get().pk,
        "<int:unit_id>": make_business_unit().pk,
        "<str:code>": "EUR",
        "<int:session_id>": 0,
        "<int:export_id>": 0,
        "<int:rule_id>": set_rule(actor=administrator, data="talk", kind="", days=90, now=NOW).pk,
        "<int:erasure_id>": 0,
        "<int:message_id>": message.pk,
        "<int:mail_id>": received.pk,
        "<int:notification_id>": 0,
        "<int:outgoing_id>": 0,
        "<int:suppression_id>": 0,
        "<str:token>": "x",
    }
    filled = {}
    for name, address in named_addresses().items():
        filled[name] = "/" + re.sub(r"<[^>]+>", lambda found: str(ids[found[0]]), address)
    return filled


def statuses(client: Client, addresses: dict[str, str], names: set[str], method: str) -> dict[str, int]:
    return {name: getattr(client, method)(addresses[name]).status_code for name in sorted(names)}


def test_a_stranger_is_asked_to_sign_in_everywhere(client: Client, addresses: dict[str, str]) -> None:
    for names, method in (
        (OWN | OWN_ROWS | AUDIT | MAIL | ADMINISTRATION, "get"),
        (OWN_POSTS | AUDIT_POSTS | MAIL_POSTS | ADMINISTRATION_POSTS, "post"),
    ):
        for name in sorted(names):
            answer = getattr(client, method)(addresses[name])
            assert answer.status_code == 302, name
            assert answer.headers["Location"] == f"/account/login/?next={addresses[name]}"


@pytest.mark.parametrize("role", ["executive", "auditor", ""])  # `test_roles` has what each of them may
def test_without_the_right_there_is_no_page_and_nothing_happens(
    role: str, client: Client, addresses: dict[str, str]
) -> None:
    client.force_login(make_user(role))
    before = (
        list(RoleGrant.objects.values_list("id", "ended_at")),
        list(User.objects.values_list("id", "is_active")),
    )
    denied = ADMINISTRATION | MAIL | (AUDIT if role != "auditor" else set())
    assert set(statuses(client, addresses, denied, "get").values()) == {403}
    refused = ADMINISTRATION_POSTS | MAIL_POSTS | (AUDIT_POSTS if role != "auditor" else set())
    assert set(statuses(client, addresses, refused, "post").values()) == {403}
    assert set(statuses(client, addresses, OWN, "get").values()) == {200}
    assert set(statuses(client, addresses, OWN_ROWS, "get").values()) == {404}
    after = (
        list(RoleGrant.objects.values_list("id", "ended_at")),
        list(User.objects.values_list("id", "is_active")),
    )
    assert after == before


def test_the_page_without_the_right_says_whom_to_ask(client: Client) -> None:
    client.force_login(make_user("representative"))
    page = client.get("/administration/people/").content.decode()
    assert "Only an administrator may manage people, roles and teams." in page


def test_an_administrator_opens_every_page(client: Client, addresses: dict[str, str]) -> None:
    client.force_login(make_user("administrator"))
    opened = statuses(client, addresses, ADMINISTRATION | AUDIT | MAIL | OWN, "get")
    assert opened.pop("administration") == 302
    assert set(opened.values()) == {200}


def test_an_administrator_of_one_kind_only_does_not_administer(
    client: Client, addresses: dict[str, str]
) -> None:
    client.force_login(make_user("administrator", "customers"))
    denied = statuses(client, addresses, ADMINISTRATION | AUDIT | MAIL, "get")
    assert set(denied.values()) == {403}


def test_an_auditor_of_the_whole_workspace_reads_the_log(client: Client) -> None:
    client.force_login(make_user("auditor"))
    assert client.get("/administration/audit/").status_code == 200
    client.force_login(make_user("auditor", "customers"))
    assert client.get("/administration/audit/").status_code == 403


def test_what_changes_something_wants_a_post(client: Client, addresses: dict[str, str]) -> None:
    client.force_login(make_user("administrator"))
    answers = statuses(client, addresses, ADMINISTRATION_POSTS | AUDIT_POSTS | MAIL_POSTS | OWN_POSTS, "get")
    assert set(answers.values()) == {405}


def test_a_form_from_elsewhere_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("administrator"))
    answer = strict.post("/administration/teams/new/", {"name": "North"})
    assert answer.status_code == 403
    assert "This form has expired." in answer.content.decode()
