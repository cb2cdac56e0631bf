"""Second proofs: authenticator app, recovery codes; asked for before they can be changed; sealed at rest."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User
from accounts.operations.people import add_user, remove_proofs
from accounts.queries.proofs import proofs_of
from core.refusals import Conflict, NotAllowed
from messaging.models import OutboxMessage
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> None:
    cache.clear()


@pytest.fixture
def user(workspace: object) -> User:
    return add_user(
        email="ann@firm.example", name="Ann Lee", password=PASSWORD, time_zone="UTC", now=timezone.now()
    )


def sign_in(client: Client) -> object:
    return client.post("/account/login/", {"login": "ann@firm.example", "password": PASSWORD})


def confirm(client: Client) -> None:
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings/security/"})
    assert answer.headers["Location"] == "/settings/security/"


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client: Client) -> str:
    """Pairs an app; returns its secret."""
    confirm(client)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r'id="secret" value="(\w+)"', page)
    assert found is not None
    assert "data:image/svg+xml;base64," in page
    answer = client.post("/account/2fa/totp/activate/", {"code": code_now(found[1])})
    assert answer.headers["Location"] == "/account/2fa/recovery-codes/"
    return found[1]


def test_a_proof_is_changed_only_after_the_password_is_given_again(client: Client, user: User) -> None:
    sign_in(client)
    asked = client.get("/account/2fa/totp/activate/")
    assert asked.headers["Location"].startswith("/account/reauthenticate/?next=")
    wrong = client.post("/account/reauthenticate/", {"password": "wrong"})
    assert "That is not your password." in wrong.content.decode()
    confirm(client)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get("/account/2fa/totp/activate/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_app_is_paired_by_its_code(client: Client, user: User) -> None:
    sign_in(client)
    confirm(client)
    client.get("/account/2fa/totp/activate/")
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "That code is not right." in wrong.content.decode()
    assert proofs_of(user).app is None
    set_up_app(client)
    proofs = proofs_of(user)
    assert (proofs.app is not None, proofs.has_codes, proofs.codes_left) == (True, True, 10)
    page = client.get("/settings/security/").content.decode()
    assert ("10 codes left" in page, ">On<" in page) == (True, True)
    assert OutboxMessage.objects.filter(
        subject="An authenticator app now protects your Relman account"
    ).exists()
    assert AuditEntry.objects.filter(verb="totp_activated", subject_id=user.pk).count() == 1


def test_sign_in_then_asks_for_a_code(client: Client, user: User) -> None:
    sign_in(client)
    secret = set_up_app(client)
    newly = Client()
    answer = sign_in(newly)
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert newly.get("/settings/").status_code == 302
    assert "One more proof" in newly.get("/account/2fa/authenticate/").content.decode()
    wrong = newly.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "That code is not right." in wrong.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert newly.post("/account/2fa/authenticate/", {"code": code_now(secret)}).headers["Location"] == "/"
        assert newly.get("/settings/").status_code == 200


def test_a_recovery_code_lets_in_once(client: Client, user: User) -> None:
    sign_in(client)
    set_up_app(client)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", page)
    assert len(codes) == 10
    assert client.get("/account/2fa/recovery-codes/download/").content.decode().split() == codes
    for expected in (302, 200):
        newly = Client()
        sign_in(newly)
        assert newly.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == expected
    assert proofs_of(user).codes_left == 9


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_end_the_old(client: Client, user: User) -> None:
    sign_in(client)
    set_up_app(client)
    before = client.get("/account/2fa/recovery-codes/download/").content
    assert "stop working" in client.get("/account/2fa/recovery-codes/generate/").content.decode()
    client.post("/account/2fa/recovery-codes/generate/")
    assert client.get("/account/2fa/recovery-codes/download/").content != before
    assert AuditEntry.objects.filter(verb="recovery_codes_generated").count() == 1


def test_a_removed_app_is_asked_for_no_more(client: Client, user: User) -> None:
    sign_in(client)
    set_up_app(client)
    assert "Remove the authenticator app?" in client.get("/account/2fa/totp/deactivate/").content.decode()
    client.post("/account/2fa/totp/deactivate/")
    assert proofs_of(user).app is None
    assert sign_in(Client()).headers["Location"] == "/"
    assert AuditEntry.objects.filter(verb="totp_deactivated").count() == 1


def test_secrets_are_sealed_in_the_database(client: Client, user: User, settings: Settings) -> None:
    sign_in(client)
    secret = set_up_app(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key of at least forty characters, for the test"
    with pytest.raises(InvalidToken):
        get_adapter().decrypt(kept)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert get_adapter().decrypt(kept) == secret


def test_without_proofs_the_page_offers_them(client: Client, user: User) -> None:
    sign_in(client)
    page = client.get("/settings/security/").content.decode()
    assert ("No passkeys yet" in page, ">Off<" in page) == (True, True)


def test_passkeys_are_listed_renamed_and_removed(client: Client, user: User) -> None:
    sign_in(client)
    confirm(client)
    key = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Work phone", "credential": {}, "passwordless": True}
    )
    page = client.get("/settings/security/").content.decode()
    assert ("Work phone" in page, "not used yet" in page, "Make codes" in page) == (True, True, True)
    rename, remove = (f"/account/2fa/webauthn/keys/{key.pk}/{verb}/" for verb in ("edit", "remove"))
    assert "Rename the passkey" in client.get(rename).content.decode()
    client.post(rename, {"name": "Old phone"})
    assert "Old phone" in client.get("/settings/security/").content.decode()
    assert "Remove this passkey?" in client.get(remove).content.decode()
    answer = client.post(remove, {"next": "/settings/security/"})
    assert answer.status_code == 302
    assert proofs_of(user).passkeys == []


def test_nobody_touches_the_passkeys_of_others(client: Client, user: User) -> None:
    stranger = add_user(
        email="eve@firm.example", name="Eve", password=PASSWORD, time_zone="UTC", now=timezone.now()
    )
    key = Authenticator.objects.create(user=stranger, type="webauthn", data={"name": "Hers"})
    sign_in(client)
    confirm(client)
    for verb in ("edit", "remove"):
        assert client.post(f"/account/2fa/webauthn/keys/{key.pk}/{verb}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "Hers"


def test_the_form_for_a_passkey_carries_its_options_as_data(client: Client, user: User) -> None:
    sign_in(client)
    confirm(client)
    page = client.get("/account/2fa/webauthn/add/").content.decode()
    assert 'data-passkey="create" data-passkey-options="{&quot;publicKey&quot;' in page
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    answer = Client().get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["rpId"] == "testserver"


def test_an_administrator_takes_lost_proofs_away(client: Client, user: User) -> None:
    theirs = Client()
    sign_in(theirs)
    set_up_app(theirs)
    administrator = make_user("administrator", name="Vera Stone")
    client.force_login(administrator)
    address = f"/administration/people/{user.pk}/"
    page = client.get(address).content.decode()
    assert ("Authenticator app" in page, "10 recovery codes" in page) == (True, True)
    assert client.post(f"{address}proofs/removal/").headers["Location"] == address
    assert theirs.get("/settings/").status_code == 302
    assert sign_in(Client()).headers["Location"] == "/"
    letter = OutboxMessage.objects.order_by("-id")[0]
    assert (letter.to, letter.subject) == (
        ["ann@firm.example"],
        "Your second proofs for Relman were removed",
    )
    assert "Vera Stone removed the authenticator app" in letter.body_text
    assert AuditEntry.objects.filter(verb="proofs_removed", subject_id=user.pk).count() == 1
    assert "the password alone lets them in" in client.get(address).content.decode()
    assert client.post(f"{address}proofs/removal/").status_code == 409


def test_nobody_takes_their_own_proofs_away_like_that(user: User) -> None:
    administrator = make_user("administrator")
    with pytest.raises(Conflict, match="Change your own proofs in your settings"):
        remove_proofs(actor=administrator, user=administrator, now=timezone.now())
    with pytest.raises(NotAllowed):
        remove_proofs(actor=make_user("hr"), user=user, now=timezone.now())
