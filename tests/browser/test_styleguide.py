"""The style guide in a real browser: no axe finding, no policy violation, every behaviour by keyboard."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import SIZES, axe
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def open_guide(chromium: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the guide as a signed-in colleague; afterwards no page may have broken the policy or failed."""
    client = Client()
    client.force_login(make_user(name="Amara Osei"))
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(size: str = "desktop", theme: str = "light", **options: Any) -> Page:
        touch = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
        context = chromium.new_context(viewport=SIZES[size], color_scheme=theme, **touch, **options)  # type: ignore[arg-type]  # as Playwright names them
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
        page.goto(f"{live_server.url}/styleguide/")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def focused(page: Page) -> str:
    """The accessible name, or else the id, of what has the focus."""
    return str(
        page.evaluate(
            "() => { const at = document.activeElement;"
            " return (at.getAttribute('aria-label') || at.innerText || at.id).trim() }"
        )
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_nothing(open_guide: Open, size: str, theme: str) -> None:
    assert axe(open_guide(size, theme, bypass_csp=True)) == []


@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_nothing_in_an_open_dialog(open_guide: Open, size: str) -> None:
    page = open_guide(size, bypass_csp=True)
    page.get_by_role("link", name="Form in a dialog").click()
    page.locator("#specimen-dialog").get_by_role("button", name="Save commitment").click()
    expect(page.locator("#specimen-dialog .note.bad")).to_be_visible()
    assert axe(page) == []


def test_the_page_never_scrolls_sideways(open_guide: Open) -> None:
    page = open_guide()
    wide = []
    for width in (320, 390, 820, 1024, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(width)
    assert wide == []


def test_the_question_mark_lists_the_keys_that_work_here(open_guide: Open) -> None:
    page = open_guide()
    page.keyboard.press("?")
    shown = page.locator("#keys-help dt:visible").all_inner_texts()
    assert {"Log an interaction", "Filter the list", "Select the row", "Done"} <= set(shown)
    assert "Snooze" not in shown
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.locator("#keys-help")).to_be_visible()  # dead while a dialog is open
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_g_and_a_letter_goes_there(open_guide: Open) -> None:
    page = open_guide()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/commitments/")


def test_letters_are_dead_while_typing_and_where_they_are_switched_off(open_guide: Open) -> None:
    page = open_guide()
    page.keyboard.press("f")
    page.keyboard.type("j?x")
    assert page.locator("#sg-q").input_value() == "j?x"
    page.evaluate("document.activeElement.blur(); document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_rows_are_walked_selected_and_cleared_by_keyboard(open_guide: Open) -> None:
    page = open_guide()
    for _ in range(3):
        page.keyboard.press("j")
    assert focused(page).endswith("Hartwell Dental Group")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("2 selected")
    page.keyboard.press("k")
    assert focused(page).endswith("Hartwell Dental Group")
    page.locator("[data-bulk-clear]").click()
    expect(page.locator("[data-bulk]")).to_be_hidden()


def test_shift_selects_a_range_and_the_head_all(open_guide: Open) -> None:
    page = open_guide()
    boxes = page.locator("tbody .chk")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk]")).to_contain_text("4 selected")
    assert page.locator("[data-select-all]").evaluate("box => box.indeterminate")
    page.locator("[data-select-all]").click()
    expect(page.locator("[data-bulk]")).to_contain_text("6 selected")


def test_a_dialog_opens_keeps_its_errors_and_gives_the_focus_back(open_guide: Open) -> None:
    page = open_guide()
    page.get_by_role("link", name="Form in a dialog").click()
    expect(page.get_by_label("What is promised").last).to_be_focused()
    page.keyboard.type("Trays")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("#specimen-dialog")
    expect(dialog.locator(".note.bad")).to_contain_text("2 things to correct")
    expect(dialog.get_by_label("Due date")).to_be_focused()
    assert dialog.get_by_label("What is promised").input_value() == "Trays"
    dialog.get_by_label("Due date").fill("2027-01-05")
    dialog.get_by_label("Owner").select_option("tom")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Promise noted. It is due on the day you chose.")
    expect(dialog).to_have_count(0)


def test_what_is_typed_while_a_dialog_loads_reaches_its_field(open_guide: Open) -> None:
    page = open_guide()
    page.get_by_role("link", name="Form in a dialog").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("call Helen")
    expect(page.locator("#specimen-dialog").get_by_label("What is promised")).to_have_value("call Helen")


def test_closing_a_dialog_asks_before_losing_text(open_guide: Open) -> None:
    page = open_guide()
    page.get_by_role("link", name="Form in a dialog").click()
    page.locator("#specimen-dialog").get_by_label("What is promised").fill("Trays")
    asked: list[str] = []
    page.once("dialog", lambda question: (asked.append(question.message), question.dismiss()))
    page.keyboard.press("Escape")
    expect(page.locator("#specimen-dialog")).to_be_visible()
    assert asked == ["Close without saving what you typed?"]
    page.once("dialog", lambda question: question.accept())
    page.locator("#specimen-dialog").get_by_role("button", name="Close").click()
    expect(page.locator("#specimen-dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Form in a dialog")).to_be_focused()


def test_a_menu_moves_by_arrows_and_returns_its_focus(open_guide: Open) -> None:
    page = open_guide()
    button = page.locator("[popovertarget=sg-menu]")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sg-menu button").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Merge with another record"
    page.keyboard.press("End")
    assert focused(page) == "Delete"
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("#sg-menu")).to_be_hidden()


def test_a_picker_is_searched_chosen_and_restored_by_keyboard(open_guide: Open) -> None:
    page = open_guide()
    picker, value = page.locator("#specimen"), page.locator("[name=specimen]")
    picker.click()
    with page.expect_response(lambda answer: "care" in answer.url):
        page.keyboard.type("care")
    expect(page.locator("#specimen-l [role=option]")).to_have_count(1)
    expect(picker).to_have_attribute("aria-activedescendant", "specimen-1")
    page.keyboard.press("Enter")
    expect(picker).to_have_value("Pennine Care Homes")
    assert value.input_value() == "2"
    picker.fill("zzz")
    expect(page.locator("#specimen-l")).to_contain_text("Create “zzz”")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert (picker.input_value(), value.input_value()) == ("Pennine Care Homes", "2")


@pytest.mark.parametrize(("status", "words"), [(403, "You may not do this"), (409, "Possible now: reopen")])
def test_a_refusal_arrives_as_a_toast_and_changes_nothing(open_guide: Open, status: int, words: str) -> None:
    page = open_guide()
    page.get_by_role("button", name=f"Refusal {status}").click()
    expect(page.locator("#toasts .toast")).to_contain_text(words)
    expect(page.locator("#sg-floating")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Dismiss").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_the_theme_is_switched_and_kept(open_guide: Open) -> None:
    page = open_guide()
    page.locator(".side [data-theme-toggle]").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_composer_s_button_follows_the_kind(open_guide: Open) -> None:
    page = open_guide()
    page.locator("#sg-composer label", has_text="Meeting").click()
    expect(page.locator("#sg-composer [data-composer-submit]")).to_have_text("Log meeting")
    expect(page.locator("#sg-composer textarea")).to_be_focused()


def test_the_people_graph_gives_way_to_its_list(open_guide: Open) -> None:
    page = open_guide()
    page.get_by_role("button", name="List", exact=True).click()
    expect(page.locator("#sg-list")).to_contain_text("Dr Helen Marsh, Decides")
    expect(page.locator("#sg-graph")).to_be_hidden()


def test_the_phone_has_every_place_behind_more(open_guide: Open) -> None:
    page = open_guide("phone")
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.locator("#more").get_by_role("link", name="Settings")).to_be_visible()
    expect(page.locator(".side")).to_be_hidden()


def test_a_lost_connection_is_said_and_so_is_its_return(open_guide: Open) -> None:
    page = open_guide()
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_contain_text("You are offline.")
    page.get_by_role("button", name="Refusal 409").click()
    expect(page.locator("#toasts")).to_contain_text("Relman cannot be reached.")
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_forms_work_without_scripts(open_guide: Open) -> None:
    page = open_guide(java_script_enabled=False)
    page.get_by_role("link", name="Form in a dialog").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New commitment")
    page.get_by_role("button", name="Save commitment").click()
    expect(page.locator(".note.bad")).to_contain_text("3 things to correct")
