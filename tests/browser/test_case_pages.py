"""A case in a real browser: opened from the record, answered, and moved on, by keyboard and on a phone."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from tests.browser.conftest import axe
from tests.factories import make_relationship, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_case_is_opened_answered_and_moved_on(visit: Visit, size: str) -> None:
    viewer = make_user("relationship_manager", name="Amara Osei")
    acme = make_relationship(name="Acme", owner=viewer, now=timezone.now())
    page = visit(viewer, f"/cases/new/?relationship={acme.pk}", size, bypass_csp=True)
    page.get_by_label("In a few words").fill("Cracked trays")
    page.get_by_label("What they said").fill("Eleven of them are cracked. When do new ones come?")
    assert axe(page) == []
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", name="Cracked trays")).to_be_visible()
    assert axe(page) == []
    expect(page.locator("#questions")).to_contain_text("When do new ones come?")
    page.get_by_label("Words").fill("New ones come on Monday.")
    page.locator("#composer .opts label", has_text="When do new ones come?").click()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("New ones come on Monday.")).to_be_visible()
    expect(page.locator("#questions")).to_contain_text("Answered")
    page.get_by_label("Words").fill("And so by mail.")
    page.get_by_role("button", name="Answer by mail").click()
    expect(page.get_by_label("Words")).to_have_value("And so by mail.")
    page.get_by_label("To", exact=True).fill("ana@acme.example")
    page.get_by_label("Copy to").fill("bo@acme.example")
    assert axe(page) == []
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("bo@acme.example: Not sent yet")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("bo@acme.example: Not sent: it was taken back")).to_be_visible()
    page.get_by_role("link", name="The mail as it was written").click()
    expect(page.get_by_role("heading", name="Cracked trays")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="What it is about").click()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("button", name="Assess")).to_be_visible()
    page.locator("#sums summary").first.press("Enter")
    expect(page.locator("#sums details").first).to_have_attribute("open", "")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    case = Case.objects.get()
    assert (case.state, case.relationship_id) == ("acknowledged", acme.pk)
    page.goto(page.url.replace(f"/cases/{case.pk}/", "/cases/"))
    expect(page.get_by_role("link", name="Cracked trays").first).to_be_visible()
    assert axe(page) == []
    page.goto(page.url.partition("/cases/")[0] + "/cases/unresolved/")
    expect(page.locator("#problems")).to_contain_text("Cracked trays")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
