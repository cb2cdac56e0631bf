"""Signing in: the right password, the wrong one, the pause after too many, and the way to a new one."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User
from accounts.operations.people import add_user
from messaging.models import OutboxMessage
from relman import settings as product
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
MISMATCH = "The address and the password do not belong together."
LINK = re.compile(r"http://localhost:8000(/account/password/reset/key/\S+/)")


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> None:
    cache.clear()


@pytest.fixture
def user(workspace: object) -> User:
    return add_user(
        email="ann@firm.example", name="Ann Lee", password=PASSWORD, time_zone="UTC", now=timezone.now()
    )


def sign_in(
    client: Client, password: str = PASSWORD, email: str = "ann@firm.example", **query: str
) -> object:
    return client.post("/account/login/", {"login": email, "password": password, **query})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_passwords_are_kept_by_argon2() -> None:
    assert product.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_the_right_password_lets_in_whatever_the_case_of_the_address(client: Client, user: User) -> None:
    answer = sign_in(client, email="ANN@firm.example ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_signed_in(client)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.ip) == ("signed_in", user.pk, "127.0.0.1")


def test_a_wrong_password_and_an_unknown_address_look_alike(client: Client, user: User) -> None:
    wrong, unknown = sign_in(client, "wrong"), sign_in(client, email="eve@firm.example")
    pages = []
    for answer, address in ((wrong, "ann@firm.example"), (unknown, "eve@firm.example")):
        page = answer.content.decode()
        assert MISMATCH in page
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page)
        pages.append(page.replace(address, ""))
    assert pages[0] == pages[1]
    assert wrong.status_code == unknown.status_code
    assert not is_signed_in(client)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor_id", "subject_id")) == [
        ("sign_in_failed", None, user.pk),
        ("sign_in_failed", None, None),
    ]


def test_after_five_wrong_passwords_sign_in_pauses(client: Client, user: User) -> None:
    for _ in range(4):
        assert sign_in(client, "wrong").status_code == 200
    answer = sign_in(client, "wrong")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    page = answer.content.decode()
    assert ("Sign-in is paused" in page, "Try again in 15 minutes." in page) == (True, True)
    assert sign_in(client).status_code == 429
    assert sign_in(client, email="ANN@firm.example").status_code == 429
    assert not is_signed_in(client)
    assert verbs().count("locked_out") == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client).status_code == 302


def test_the_pause_is_for_that_address_from_that_place(client: Client, user: User) -> None:
    make_user("", email="tom@firm.example", password=PASSWORD)
    for _ in range(5):
        sign_in(client, "wrong")
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert sign_in(client, email="tom@firm.example").status_code == 302
    assert sign_in(elsewhere).status_code == 302


def test_behind_a_proxy_the_place_is_the_persons_own(client: Client, user: User, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tries(ip: str, password: str) -> int:
        form = {"login": "ann@firm.example", "password": password}
        return client.post("/account/login/", form, headers={"x-forwarded-for": f"6.6.6.6, {ip}"}).status_code

    assert [tries("192.0.2.1", "wrong") for _ in range(5)][-1] == 429
    assert tries("192.0.2.2", PASSWORD) == 302
    assert AuditEntry.objects.filter(verb="locked_out").get().ip == "192.0.2.1"


def test_the_right_password_forgets_the_wrong_ones(client: Client, user: User) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, "wrong")
        assert sign_in(client).status_code == 302
        client.logout()


def test_many_addresses_from_one_place_are_stopped_too(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        answers = [sign_in(client, email=f"n{number}@firm.example") for number in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "That was too often" in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/settings/", "/settings/"),
        ("https://evil.example/", "/"),
        ("//evil.example/x", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, user: User, asked: str, goes: str) -> None:
    assert sign_in(client, next=asked).headers["Location"] == goes


def test_whoever_is_signed_in_is_not_asked_again(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/account/login/").headers["Location"] == "/"


def test_the_session_key_changes_at_sign_in(client: Client, user: User) -> None:
    client.get("/account/login/")
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_signing_out_asks_and_is_audited(client: Client, user: User) -> None:
    sign_in(client)
    assert "Sign out?" in client.get("/account/logout/").content.decode()
    assert is_signed_in(client)
    assert client.post("/account/logout/").headers["Location"] == "/"
    assert not is_signed_in(client)
    assert verbs() == ["signed_in", "signed_out"]
    client.post("/account/logout/")
    assert verbs() == ["signed_in", "signed_out"]


def test_nobody_signs_themselves_up(client: Client) -> None:
    form = {"email": "eve@firm.example", "password1": PASSWORD}
    for answer in (client.get("/account/signup/"), client.post("/account/signup/", form)):
        assert "Accounts are made by invitation" in answer.content.decode()
    assert User.objects.filter(email="eve@firm.example").count() == 0


def test_a_deactivated_person_learns_it_only_with_the_right_password(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=timezone.now())
    assert MISMATCH in sign_in(client, "wrong").content.decode()
    sign_in(client)
    assert not is_signed_in(client)


def ask_for_a_link(client: Client, email: str = "ann@firm.example") -> object:
    return client.post("/account/password/reset/", {"email": email})


def link_in_mail() -> str:
    found = LINK.search(OutboxMessage.objects.order_by("-id")[0].body_text)
    assert found is not None
    return found[1]


def test_a_forgotten_password_is_replaced_by_mail(client: Client, user: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    answer = ask_for_a_link(client)
    assert answer.headers["Location"] == "/account/password/reset/done/"
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == (["ann@firm.example"], "Choose a new password for Relman")
    page = client.get(link_in_mail(), follow=True)
    assert "Choose a new password" in page.content.decode()
    path = page.redirect_chain[-1][0]
    short = client.post(path, {"password1": "short", "password2": "short"})
    assert 'id="id_password1_error"' in short.content.decode()
    chosen = {"password1": "another long secret", "password2": "another long secret"}
    done = client.post(path, chosen, follow=True)
    assert "Your new password is saved" in done.content.decode()
    assert not is_signed_in(client)
    assert elsewhere.get("/settings/").status_code == 302
    assert sign_in(client).status_code == 200
    assert sign_in(client, "another long secret").status_code == 302
    assert verbs()[:2] == ["signed_in", "password_reset"]
    told = OutboxMessage.objects.order_by("-id")[0]
    assert told.subject == "Your Relman password was reset"
    assert "From: 127.0.0.1" in told.body_text


def test_the_link_works_once(client: Client, user: User) -> None:
    ask_for_a_link(client)
    link = link_in_mail()
    path = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "another long secret", "password2": "another long secret"})
    again = Client().get(link, follow=True).content.decode()
    assert "This link no longer works" in again


def test_asking_for_a_link_does_not_tell_who_is_here(client: Client, user: User) -> None:
    known, unknown = ask_for_a_link(client), ask_for_a_link(client, "eve@firm.example")
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert [message.to for message in OutboxMessage.objects.all()] == [["ann@firm.example"]]


def test_the_link_is_on_our_own_address_whatever_host_was_asked(
    client: Client, user: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/account/password/reset/", {"email": "ann@firm.example"}, headers={"host": "evil.example"})
    body = OutboxMessage.objects.get().body_text
    assert ("http://localhost:8000/account/" in body, "evil.example" in body) == (True, False)


def test_a_changed_password_signs_other_browsers_out_and_this_one_not(client: Client, user: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    wrong = client.post(
        "/account/password/change/",
        {"oldpassword": "wrong", "password1": "another long secret", "password2": "another long secret"},
    )
    assert 'id="id_oldpassword_error"' in wrong.content.decode()
    right = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"},
    )
    assert right.headers["Location"] == "/settings/security/"
    assert (client.get("/settings/").status_code, elsewhere.get("/settings/").status_code) == (200, 302)
    page = client.get("/settings/sessions/").content.decode()
    assert page.count('class="item mid with-acts"') == 1
    assert OutboxMessage.objects.get().subject == "Your Relman password was changed"


@pytest.mark.parametrize(
    ("address", "goes"),
    [
        ("/account/email/", "/settings/security/"),
        ("/account/2fa/", "/settings/security/"),
        ("/account/2fa/webauthn/", "/settings/security/"),
        ("/account/sessions/", "/settings/sessions/"),
    ],
)
def test_pages_of_the_library_that_ours_replace_lead_to_ours(client: Client, address: str, goes: str) -> None:
    assert client.get(address).headers["Location"] == goes
