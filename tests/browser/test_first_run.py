"""From nothing: somebody sets up, invites a colleague by mail, adds a customer, logs; the colleague has a follow-up."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES
from tests.homes import Run

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


def opened(chromium: Browser, faults: list[str]) -> Page:
    page = chromium.new_context(viewport=SIZES["desktop"]).new_page()  # type: ignore[arg-type]
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    return page


def test_a_workspace_begins_with_one_link(chromium: Browser, empty_workspace: Run) -> None:
    faults: list[str] = []
    base = empty_workspace.url
    found = re.search(r"http://localhost:\d+/set-up/\S+", empty_workspace.words)
    assert found is not None, empty_workspace.words

    ann = opened(chromium, faults)
    ann.goto(found[0])
    ann.get_by_label("Name of your company or business unit").fill("Lark and Field")
    ann.get_by_label("Your name").fill("Ann Lee")
    ann.get_by_label("Your e-mail address").fill("ann@lark.example")
    ann.get_by_label("Password").fill(PASSWORD)
    ann.get_by_role("button", name="Create the workspace").click()
    ann.wait_for_url(f"{base}/")
    assert empty_workspace.get(found[0].removeprefix(base))[0] == 404

    ann.goto(f"{base}/administration/invitations/new/")
    ann.get_by_label("Name", exact=True).fill("Tom Baptiste")
    ann.get_by_label("E-mail address").fill("tom@lark.example")
    ann.get_by_role("button", name="Send the invitation").click()
    expect(ann.get_by_text("An invitation is on its way to tom@lark.example.")).to_be_visible()
    ann.goto(f"{base}/sent-mail/")
    ann.get_by_role("link", name="Ann Lee invites you to Relman").click()
    mail = ann.url
    for _ in range(30):  # the worker keeps it, as no mail server is set
        if ann.get_by_text("Kept here").count():
            break
        ann.wait_for_timeout(1000)
        ann.goto(mail)
    expect(ann.get_by_text("Kept here").first).to_be_visible()
    invitation = ann.locator(".letter a").get_attribute("href")
    assert invitation is not None

    tom = opened(chromium, faults)
    tom.goto(invitation)
    tom.get_by_label("Password").fill(PASSWORD)
    tom.get_by_role("button", name="Join").click()
    tom.wait_for_url(f"{base}/")

    ann.goto(f"{base}/customers/")
    ann.locator("main").get_by_role("link", name="New customer").click()
    ann.get_by_label("Name", exact=True).fill("Brightwater Clinics")
    ann.get_by_role("button", name="Add customer").click()
    ann.wait_for_url(re.compile(r"/customers/\d+/$"))
    expect(ann.get_by_role("heading", level=1)).to_contain_text("Brightwater Clinics")

    ann.keyboard.press("l")
    ann.locator("#log-line").fill("call they want samples")
    ann.keyboard.press("Enter")
    expect(ann.get_by_text("Call logged")).to_be_visible()
    expect(ann.locator(".tl").get_by_text("they want samples")).to_be_visible()

    ann.get_by_role("link", name="Plan a follow-up").first.click()
    plan = ann.get_by_role("dialog")
    plan.get_by_label("What", exact=True).fill("Send the samples")
    plan.get_by_label("Due").fill(datetime.now(ZoneInfo("Europe/London")).date().isoformat())
    plan.get_by_label("For").select_option(label="Tom Baptiste")
    plan.get_by_role("button", name="Plan follow-up").click()
    expect(ann.locator("#next-step")).to_contain_text("Send the samples")

    tom.goto(f"{base}/")
    planned = tom.locator("#follow-ups")
    expect(planned).to_contain_text("Brightwater Clinics")
    planned.get_by_role("link", name="Send the samples").first.click()
    tom.goto(ann.url)
    expect(tom.locator(".tl").get_by_text("they want samples")).to_be_visible()
    expect(tom.locator("#next-step")).to_contain_text("Send the samples")
    assert faults == []
    ann.context.close()
    tom.context.close()
