"""Tokens of the API: made, shown once, used, revoked; and the accounts of programs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.enums import Scope
from accounts.models import AccessToken, AuditEntry, RoleGrant, User
from accounts.operations.service_accounts import create_service_account
from accounts.operations.tokens import MOST_TOKENS, create_token, note_use, revoke_token
from accounts.queries.tokens import service_account_of, service_accounts, token_by_words, token_of, tokens_of
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
READ = [Scope.RELATIONSHIPS_READ.value]


def make_token(user: User, actor: User | None = None, **given: object) -> tuple[AccessToken, str]:
    told = {"name": "Sync", "scopes": READ, "days": 30, "now": NOW, **given}
    return create_token(actor=actor or user, user=user, **told)


def test_a_token_is_told_once_and_only_its_hash_is_kept() -> None:
    user = make_user()
    token, secret = make_token(user, name="  Night   sync ")
    assert (token.name, token.hint, token.expires_at) == ("Night sync", secret[:11], NOW + timedelta(days=30))
    assert secret not in str(AccessToken.objects.values().get())
    found = token_by_words(secret)
    assert found == token
    assert found.user == user
    assert token_by_words(secret + "x") is None
    assert list(AuditEntry.objects.values_list("verb", "subject_id", "data")) == [
        ("token_created", user.pk, {"token": token.pk, "scopes": ["relationships_read"]})
    ]


def test_what_is_wrong_is_named() -> None:
    user = make_user()
    with pytest.raises(Invalid) as refusal:
        make_token(user, name=" ", scopes=["all"], days=0)
    assert refusal.value.errors == {
        "name": ["Say in at most 80 characters what the token is for."],
        "scopes": ["There is no scope “all”."],
        "days": ["A token lives for 1 to 366 days."],
    }
    with pytest.raises(Invalid) as refusal:
        make_token(user, scopes=[])
    assert refusal.value.errors == {"scopes": ["Choose at least one thing that the token may do."]}


def test_nobody_makes_a_token_that_acts_as_somebody_else() -> None:
    with pytest.raises(NotAllowed):
        make_token(make_user(), actor=make_user("administrator"))
    gone = make_user(is_active=False, deactivated_at=NOW)
    with pytest.raises(Conflict):
        make_token(gone)


def test_there_is_an_end_to_how_many_there_are() -> None:
    user = make_user()
    for _ in range(MOST_TOKENS):
        make_token(user)
    with pytest.raises(Conflict):
        make_token(user)
    make_token(user, now=NOW + timedelta(days=31))


def test_a_revoked_token_opens_nothing_and_is_revoked_once() -> None:
    user, other = make_user(), make_user()
    token, _secret = make_token(user)
    assert token.is_open(NOW)
    assert not token.is_open(token.expires_at)
    with pytest.raises(NotAllowed):
        revoke_token(actor=other, token=token, now=NOW)
    revoked = revoke_token(actor=make_user("administrator"), token=token, now=NOW)
    assert not revoked.is_open(NOW)
    assert list(tokens_of(user)) == []
    with pytest.raises(Conflict):
        revoke_token(actor=user, token=token, now=NOW)
    with pytest.raises(Missing):
        token_of(token.pk, holder=other)


def test_its_use_is_noted_once_an_hour() -> None:
    token, secret = make_token(make_user())
    for minutes in (0, 59):
        found = token_by_words(secret)
        assert found is not None
        note_use(token=found, now=NOW + timedelta(minutes=minutes))
    token.refresh_from_db()
    assert token.last_used_at == NOW
    note_use(token=token, now=NOW + timedelta(minutes=60))
    token.refresh_from_db()
    assert token.last_used_at == NOW + timedelta(minutes=60)


def test_a_program_has_roles_and_tokens_and_cannot_sign_in() -> None:
    administrator = make_user("administrator")
    account = create_service_account(actor=administrator, name="Warehouse", now=NOW)
    assert (account.is_service, account.has_usable_password(), account.time_zone) == (True, False, "UTC")
    make_token(account, actor=administrator)
    assert [(found.name, found.open_tokens) for found in service_accounts(NOW)] == [("Warehouse", 1)]
    with pytest.raises(NotAllowed):
        make_token(account)
    with pytest.raises(NotAllowed):
        create_service_account(actor=make_user(), name="Mine", now=NOW)
    with pytest.raises(Invalid):
        create_service_account(actor=administrator, name=" ", now=NOW)
    with pytest.raises(Missing):
        service_account_of(administrator.pk)


def test_somebody_makes_a_token_in_the_settings_and_revokes_it(client: Client) -> None:
    user = make_user()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"name": "Script", "scopes": READ, "days": "30"}
    page = client.post("/settings/tokens/", form)
    secret = re.search(r"relman_[\w-]{43}", page.content.decode())
    assert secret is not None
    assert page.headers["Cache-Control"].startswith("max-age=0")
    token = token_by_words(secret[0])
    assert token is not None
    assert secret[0] not in client.get("/settings/tokens/").content.decode()
    assert client.post("/settings/tokens/", form | {"scopes": []}).status_code == 422
    client.post(f"/settings/tokens/{token.pk}/revocation/")
    token.refresh_from_db()
    assert token.revoked_by == user


def test_an_administrator_makes_a_program_with_a_token(client: Client) -> None:
    client.force_login(
        make_user("administrator"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    there = "/administration/service-accounts/"
    assert client.post(there, {"name": ""}).status_code == 422
    made = client.post(there, {"name": "Warehouse"})
    account = User.objects.get(is_service=True)
    assert made.headers["Location"] == f"{there}{account.pk}/"
    page = client.get(f"{there}{account.pk}/").content.decode()
    assert "It has no role yet." in page
    RoleGrant.objects.create(user=account, role="auditor", granted_at=NOW, granted_by=account)
    client.post(f"{there}{account.pk}/", {"name": "Sync", "scopes": READ, "days": "90"})
    token = AccessToken.objects.get(user=account)
    assert "Warehouse" in client.get(there).content.decode()
    client.post(f"{there}{account.pk}/tokens/{token.pk}/revocation/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_programs_are_the_administrators_business(client: Client) -> None:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/administration/service-accounts/").status_code == 403
