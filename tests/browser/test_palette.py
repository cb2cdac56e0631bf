"""Search and commands by keyboard alone, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import axe
from tests.factories import make_interaction, make_person, make_relationship, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def viewer() -> User:
    """Somebody with two customers, one of whom was spoken with."""
    viewer = make_user("relationship_manager", name="Amara Osei")
    relationship = make_relationship(name="Brightwater Clinics", owner=viewer, actor=viewer)
    make_person("Ana Bright", works_for=relationship.party, actor=viewer)
    make_interaction(relationship, actor=viewer, subject="Trays", body="The bright trays came.")
    make_relationship(name="Halden Freight", owner=viewer, actor=viewer)
    return viewer


def test_the_palette_opens_without_a_request_and_its_commands_answer_at_once(
    visit: Visit, viewer: User
) -> None:
    page = visit(viewer, "/customers/")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/bell/" not in request.url else None)
    page.keyboard.press("Control+K")
    box = page.get_by_role("combobox", name="Search or jump to")
    expect(box).to_be_focused()
    expect(page.get_by_role("option", name="Log an interaction")).to_be_visible()
    expect(page.get_by_role("option", name="New: Supplier")).to_be_visible()
    expect(page.get_by_role("option", name="Commitments")).to_be_visible()
    assert asked == []
    page.keyboard.type("go to sup")
    expect(page.get_by_role("option", name="Suppliers")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option", name="Commitments")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/suppliers/")


def test_records_are_found_as_one_types_and_opened_and_then_remembered(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/")
    page.keyboard.press("/")
    page.keyboard.type("bright")
    expect(page.get_by_role("option", name="Brightwater Clinics").first).to_have_attribute(
        "aria-selected", "true"
    )
    expect(page.locator("[data-palette-said]")).to_have_text("3 found")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Ana Bright")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    record = page.url
    page.get_by_role("link", name="My day").first.click()
    page.wait_for_url("**/")
    page.keyboard.press("Control+K")
    expect(page.locator("[data-palette-recents] a")).to_have_text(["Brightwater Clinics"])
    page.keyboard.press("Enter")
    page.wait_for_url(record)


def test_haste_opens_what_is_found_and_escape_gives_the_focus_back(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/customers/")
    page.locator("#q").focus()
    page.keyboard.press("Control+K")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Control+K")
    page.keyboard.type("halden")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halden Freight")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_palette_has_no_finding_and_fills_a_phone(visit: Visit, viewer: User, size: str) -> None:
    page = visit(viewer, "/customers/", size, bypass_csp=True)
    page.get_by_role("link", name="Search").locator("visible=true").first.click()
    expect(page.get_by_role("option", name="Log an interaction")).to_be_visible()
    assert axe(page) == []
    page.keyboard.type("bright")
    expect(page.locator("[data-palette-said]")).to_have_text("3 found")
    assert axe(page) == []
    box = page.locator("#palette").bounding_box()
    assert box is not None
    assert (size == "phone") == (box["width"] >= 390 and box["height"] >= 800)
