"""Sign-in, settings, administration and mail in a real browser: no finding, no sideways scroll, passkeys."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.operations.invitations import invite
from accounts.operations.people import add_user
from accounts.operations.roles import add_grant
from accounts.operations.setup import new_setup_link
from messaging.operations.outbox import enqueue_message, send_due
from tests.browser.conftest import SIZES, axe
from tests.factories import make_relationship, make_team, make_user
from tests.messaging.mail import brought, file, parts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
PASSWORD = "correct horse battery"


@pytest.fixture
def administrator() -> User:
    """Somebody with colleagues, an invitation, teams, mail and an audit trail."""
    now = datetime.now(UTC)
    user = add_user(
        email="amara@larkfield.example", name="Amara Osei", password=PASSWORD, time_zone="UTC", now=now
    )
    add_grant(actor=user, user=user, role="administrator", now=now)
    team = make_team("Key accounts", lead=user)
    make_user(name="Tom Baptiste", member_of=team, email="tom@larkfield.example")
    make_user("representative", "customers", name="Rita Delgado", team=team, member_of=team)
    make_user("", name="Sam Without-Role")
    make_relationship(owner=user, team=team, actor=user)
    invite(actor=user, email="nora@larkfield.example", name="Nora Byrne", role="finance", now=now)
    message = EmailMessage("Hello", "See http://localhost:8000/x/", "us@larkfield.example", ["a@b.example"])
    enqueue_message(message=message, actor=user, now=now)
    send_due(now=now)
    brought(user, b"no mail")
    long = {"Subject": "Trays" * 60, "X_Path": "x" * 900, "From": "Tom Baptiste <tom@else.example>"}
    brought(user, parts(b"\r\n" + b"Hello " * 50, file("a" * 90 + ".exe", b"MZ"), **long))
    return user


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_no_page_has_a_finding_or_scrolls_sideways(
    visit: Visit, administrator: User, size: str, theme: str
) -> None:
    page = visit(administrator, "/settings/", size, theme, bypass_csp=True)
    base = page.url.removesuffix("/settings/")
    paths = [
        *("/settings/", "/settings/appearance/", "/settings/notifications/"),
        *("/settings/security/", "/settings/sessions/"),
        *("/account/password/change/", "/account/reauthenticate/", "/account/logout/"),
        *("/administration/people/", "/administration/people/?show=former", "/administration/people/?q=zz"),
        *(f"/administration/people/{administrator.pk}/", f"/administration/people/{administrator.pk}/roles/"),
        *("/administration/invitations/new/", "/administration/teams/", "/administration/teams/new/"),
        f"/administration/teams/{administrator.teams_led.get().pk}/",
        *("/administration/business-units/", "/administration/business-units/new/"),
        *("/administration/currencies/", "/administration/audit/", "/sent-mail/", "/sent-mail/?q=zz"),
        "/received-mail/",
    ]
    findings: dict[str, Any] = {}
    for path in paths:
        page.goto(base + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        findings[path] = axe(page) + ([["scrolls sideways", str(wide)]] if wide > 0 else [])
    page.goto(f"{base}/sent-mail/")
    page.locator("#messages a.hit").first.click()
    findings["a message"] = axe(page)
    page.goto(f"{base}/received-mail/")
    page.locator("#mails a.hit").first.click()
    page.locator("#head summary").press("Enter")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    findings["a mail"] = axe(page) + ([["scrolls sideways", str(wide)]] if wide > 0 else [])
    assert {path: found for path, found in findings.items() if found} == {}


@pytest.mark.parametrize(("size", "theme"), [("desktop", "dark"), ("phone", "light")])
def test_the_door_has_no_finding(chromium: Browser, live_server: Any, size: str, theme: str) -> None:
    link = new_setup_link(now=datetime.now(UTC))
    context = chromium.new_context(viewport=SIZES[size], color_scheme=theme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    findings = {}
    for path in (
        "/account/login/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/1-x/",
        "/account/signup/",
        "/account/inactive/",
        "/invitation/x/",
        link.removeprefix("http://localhost:8000"),
    ):
        page.goto(live_server.url + path)
        findings[path] = axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Create the workspace").click()
    expect(page.get_by_text("things to correct")).to_be_visible()
    findings["set-up with errors"] = axe(page)
    context.close()
    assert {path: found for path, found in findings.items() if found} == {}


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/account/login/")
    page.get_by_label("E-mail address").fill("amara@larkfield.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")


def test_a_passkey_is_added_and_signs_in_under_the_policy(
    chromium: Browser, live_server: Any, administrator: User
) -> None:
    base = live_server.url
    context = chromium.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, base)
    page.goto(f"{base}/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name of this passkey").fill("Work laptop")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Work laptop")).to_be_visible()
    page.goto(f"{base}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{base}/account/login/?next=/settings/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{base}/settings/sessions/")
    expect(page.get_by_text("This browser")).to_be_visible()
    context.close()
    assert faults == []


def test_without_a_passkey_the_page_says_what_to_do(chromium: Browser, live_server: Any) -> None:
    context = chromium.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]
    page = context.new_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")  # and no authenticator: every request is refused
    page.goto(f"{live_server.url}/account/login/")
    page.route("**/webauthn/login/", lambda route: route.abort())
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was used. Try again, or choose another way.")
    context.close()


def test_where_passkeys_cannot_work_none_is_offered(chromium: Browser, live_server: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{live_server.url}/account/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    context.close()


def test_without_scripts_people_still_sign_in(
    chromium: Browser, live_server: Any, administrator: User
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/settings/appearance/")
    page.get_by_label("Dark").check(force=True)
    page.get_by_role("button", name="Save").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()


def test_the_chosen_theme_counts_over_what_the_device_switched_to(visit: Visit, administrator: User) -> None:
    page = visit(administrator, "/settings/appearance/")
    page.get_by_role("button", name="Switch colour theme").first.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_label("Light").check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Appearance saved.")).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") == "light"
    administrator.refresh_from_db()
    assert administrator.theme == "light"


def test_the_centre_shows_what_comes_by_itself_and_says_when_it_cannot_ask(
    visit: Visit, administrator: User
) -> None:
    page = visit(administrator, "/notifications/")
    page.clock.install()
    page.reload()
    expect(page.get_by_text("Nothing unread")).to_be_visible()
    page.clock.fast_forward(4_000)
    expect(page.locator("[data-live]")).to_be_hidden()
    with page.expect_response("**/notifications/unread/"):
        page.clock.fast_forward(36_000)
    make_relationship(owner=administrator, actor=make_user("administrator"), name="Acme")
    with page.expect_response("**/notifications/unread/"):
        page.clock.fast_forward(36_000)
    expect(page.get_by_role("link", name="Acme")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications").locator(".nav-n")).to_contain_text("1")
    page.get_by_role("button", name="Mark read", exact=True).click()
    expect(page.get_by_text("Nothing unread")).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward(36_000)
    expect(page.get_by_text("Not connected")).to_be_visible()
    page.context.set_offline(False)
    page.clock.fast_forward(36_000)
    expect(page.get_by_text("Not connected")).to_be_hidden()
