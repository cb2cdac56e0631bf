"""My day, lists, promises and logging in a real browser: by keyboard alone, on a phone, without findings."""

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from customers.models import Customer
from relationships.models import Commitment, FollowUp, Interaction, MeetingGuest, Relationship
from relationships.operations.contact_points import add_contact_point
from relationships.operations.follow_ups import plan_follow_up
from relationships.operations.meetings import InvitationDraft
from relationships.operations.relationships import edit_relationship
from tests.browser.conftest import axe
from tests.factories import (
    make_commitment,
    make_follow_up,
    make_interaction,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
SPILT = """[...document.querySelectorAll(".btn, .badge, .chip, .lab, .rail-find > span")]
  .filter((each) => each.offsetParent)
  .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.matches(".rail-find > *") && each.clientHeight > 24)
  .map((each) => each.textContent)"""
"""What stands on a page and is wider than its place."""
NAMES = ("Ashdown Event Catering", "Brightwater Clinics", "Colne Valley College")


@pytest.fixture
def viewer() -> User:
    """Somebody with a team, three customers and something to do with each."""
    team = make_team("Key accounts")
    now = timezone.now()
    viewer = make_user("relationship_manager", name="Amara Osei", member_of=team)
    make_user(name="Tom Baptiste", member_of=team)
    for name in NAMES:
        made = {"actor": viewer, "now": now}
        relationship = make_relationship(name=name, owner=viewer, team=team, **made)
        person = make_person(f"Ana {name.split()[0]}", works_for=relationship.party, **made)
        make_interaction(relationship, people=[person], problem_severity=4, **made)
        make_commitment(relationship, due_date=now.date() + timedelta(days=2), **made)
        make_follow_up(relationship, what=f"Ring {name}", due_date=now.date(), person=person, **made)
    return viewer


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(
    "path", ["/", "/?whose=team", "/customers/", "/customers/?q=zz", "/commitments/", "/log/"]
)
def test_a_page_has_no_finding_and_does_not_scroll_sideways(
    visit: Visit, viewer: User, path: str, size: str, theme: str
) -> None:
    page = visit(viewer, path, size, theme, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_german_pages_have_no_finding_and_nothing_is_cut(visit: Visit, viewer: User, size: str) -> None:
    User.objects.filter(pk=viewer.pk).update(language="de")
    page = visit(viewer, f"/customers/{Relationship.objects.first().pk}/", size, bypass_csp=True)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    here = page.url.partition("/customers/")[0]
    for path in ("", "/commitments/", page.url.removeprefix(here) + "people/"):
        if path:
            page.goto(here + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(SPILT) == []
        assert axe(page) == []


def test_a_promise_and_the_dialogs_have_no_finding(visit: Visit, viewer: User) -> None:
    page = visit(viewer, f"/commitments/{Commitment.objects.first().pk}/", bypass_csp=True)
    assert axe(page) == []
    page.get_by_role("link", name="Move the date").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    expect(page.locator("#log-line")).to_be_focused()
    assert axe(page) == []


def test_follow_ups_are_done_taken_back_and_put_off_by_keys(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/")
    expect(page.locator("#follow-ups li")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#follow-ups > ul > li")).to_have_count(2)
    expect(page.locator("#follow-ups li:first-child a.hit")).to_be_focused()
    assert FollowUp.objects.exclude(done_at=None).count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#follow-ups > ul > li")).to_have_count(3)
    page.locator("#follow-ups li:first-child a.hit").focus()
    page.keyboard.press("s")
    expect(page.locator(":popover-open button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#follow-ups > ul > li")).to_have_count(2)
    expect(page.locator("#toasts")).to_contain_text("Put off to tomorrow.")
    assert FollowUp.objects.filter(snoozes=1).count() == 1


@pytest.fixture
def meeting(viewer: User) -> FollowUp:
    """A visit in two days, to which somebody from outside is asked; another could be, and a colleague."""
    now, firm = timezone.now(), Relationship.objects.order_by("id")[0]
    people = [make_person(name, works_for=firm.party, now=now) for name in ("Bea Guest", "Cem Guest")]
    for person, value in zip(people, ("bea@firm.example", "cem@firm.example"), strict=True):
        add_contact_point(actor=make_user("administrator"), party=person, kind="email", value=value, now=now)
    return plan_follow_up(
        actor=viewer, relationship=firm, what="Walk the hall", now=now, channel="visit", due_time=time(10),
        due_date=now.date() + timedelta(days=2), invitation=InvitationDraft(people[:1]),
    )  # fmt: skip


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_guests_are_exchanged_by_keys_and_who_is_told_is_said_before(
    visit: Visit, viewer: User, meeting: FollowUp, size: str, theme: str
) -> None:
    page = visit(viewer, f"/customers/{meeting.relationship_id}/", size, theme, bypass_csp=True)
    page.get_by_role("button", name="Put off: Walk the hall").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Guests").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Guests of “Walk the hall”")
    expect(dialog.get_by_label("Bea Guest")).to_be_focused()
    expect(dialog.get_by_label("Bea Guest")).to_be_checked()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    dialog.get_by_text("Tom Baptiste").click()
    expect(dialog.get_by_role("status")).to_contain_text("Cem Guest, Tom Baptiste")
    expect(dialog.get_by_role("status")).to_contain_text("Bea Guest")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []
    dialog.get_by_role("button", name="Save and tell them").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("3 mails go out.")
    names = MeetingGuest.objects.filter(invitation=meeting.invitation).values_list("name", flat=True)
    assert set(names) == {"Cem Guest", "Tom Baptiste"}


def test_a_list_is_filtered_selected_and_planned_in_by_keys(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/customers/")
    page.keyboard.press("f")
    page.keyboard.type("valley")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.url.endswith("/customers/?q=valley")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("h1").click()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk]")).to_contain_text("2 selected")
    page.get_by_role("button", name="Follow up").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("in each of 2 relationships")
    page.keyboard.type("Wish a good season")
    dialog.get_by_role("button", name="In 1 week").click()
    dialog.get_by_role("button", name="Plan 2 follow-ups").click()
    expect(page.locator("#toasts")).to_contain_text("2 follow-ups planned.")
    assert FollowUp.objects.filter(what="Wish a good season").count() == 2


def test_a_row_opens_and_the_filters_stay_in_the_address(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/customers/")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Open problems").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".chip.on")).to_contain_text("Open problems")
    assert "problems=1" in page.url
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/\?from="))


def test_a_call_is_logged_by_keys_alone_and_what_is_not_sure_is_asked(visit: Visit, viewer: User) -> None:
    clinic = Relationship.objects.get(party_name="Brightwater Clinics")
    make_person("Ana Brightwater", works_for=clinic.party, job_title="Buyer")
    page = visit(viewer, "/")
    page.keyboard.press("l")
    page.keyboard.press("c")
    expect(page.locator("#log-line")).to_have_value("call ")
    page.keyboard.type(
        "Ana Brightwater @Brightwater price rise angry !us by fri send quote >tue call back #renewal"
    )
    expect(page.locator("#log-preview")).to_contain_text("We promise")
    page.keyboard.press("Enter")
    expect(page.locator("[data-choices] input").first).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Call logged")
    expect(page.get_by_role("dialog")).to_have_count(0)
    logged = Interaction.objects.order_by("-pk").first()
    assert (logged.relationship_id, logged.body, logged.tags) == (clinic.pk, "price rise", ["renewal"])
    assert [promise.what for promise in logged.commitments.all()] == ["send quote"]
    assert [step.what for step in logged.follow_ups.all()] == ["call back"]


def test_a_line_that_was_left_is_there_again(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/")
    page.keyboard.press("l")
    expect(page.locator("#log-line")).to_be_focused()
    page.keyboard.type("call Ana Br")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("l")
    expect(page.locator("#log-line")).to_have_value("call Ana Br")


def test_a_phone_logs_by_two_taps_and_a_text(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/", "phone")
    page.locator(".tabbar a[data-dialog]").tap()
    page.locator(".people label").first.tap()
    page.locator("#id_body").fill("She accepts 120 trays. !us by fri send them")
    page.get_by_role("button", name="Save").tap()
    expect(page.locator("#toasts")).to_contain_text("Call logged")
    logged = Interaction.objects.order_by("-pk").first()
    assert (logged.body, logged.commitments.get().what) == ("She accepts 120 trays.", "send them")


def test_a_new_promise_is_made_for_a_picked_relationship(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/commitments/")
    page.get_by_role("link", name="New commitment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="With").fill("colne")
    expect(dialog.locator("[data-picker] [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    dialog.get_by_label("What is promised").fill("Name one contact")
    dialog.get_by_role("button", name="In 1 week").click()
    dialog.get_by_role("button", name="Save commitment").click()
    expect(page.locator("#toasts")).to_contain_text("Promise noted.")
    made = Commitment.objects.order_by("-pk").first()
    assert (made.what, made.relationship.party_name) == ("Name one contact", "Colne Valley College")


def test_everything_works_without_scripts(visit: Visit, viewer: User) -> None:
    party = make_party("Novo")
    make_relationship(party=party, owner=viewer)
    page = visit(viewer, "/log/", java_script_enabled=False)
    page.locator("#log-line").fill("call @Novo first talk")
    page.get_by_role("button", name="Log it").click()
    assert Interaction.objects.order_by("-pk").first().body == "first talk"
    page.goto(page.url.split("/customers/")[0] + "/")
    page.get_by_role("button", name=re.compile("^Mark done")).first.click()
    assert FollowUp.objects.exclude(done_at=None).count() == 1


def test_a_field_is_written_where_it_stands_asked_about_when_two_write_it_and_taken_back(
    visit: Visit, viewer: User
) -> None:
    page = visit(viewer, "/customers/", bypass_csp=True)
    row = page.locator("tbody tr", has_text=NAMES[1])
    held = Relationship.objects.get(party_name=NAMES[1])

    def segment() -> str:
        return Customer.objects.get(pk=held.pk).segment

    row.locator("[data-edit]").click()
    expect(row.get_by_label("Segment")).to_be_focused()
    assert axe(page) == []
    page.keyboard.type("Half")
    page.keyboard.press("Escape")
    expect(row.locator("[data-edit]")).to_be_focused()
    assert segment() == ""
    page.keyboard.press("Enter")
    expect(row.get_by_label("Segment")).to_be_focused()
    edit_relationship(
        actor=viewer,
        relationship=held,
        version=held.version,
        now=timezone.now(),
        profile={"segment": "Dental"},
    )
    page.keyboard.type("Clinics")
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_contain_text("Somebody else changed this since.")
    expect(row.get_by_role("alert")).to_contain_text("Dental")
    assert segment() == "Dental"
    page.keyboard.press("Enter")
    expect(row.locator("[data-edit]")).to_have_text("Clinics")
    expect(row.locator("[data-edit]")).to_be_focused()
    assert segment() == "Clinics"
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(row.locator("[data-edit]")).to_have_text("Dental")
    assert segment() == "Dental"


def test_the_edge_of_a_column_is_drawn_by_mouse_and_moved_by_keyboard(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/customers/?col=owner&col=place&w=place:narrow&q=c", "desktop", bypass_csp=True)
    edge = page.get_by_role("separator", name="Width of Owner")
    cell = page.locator("tbody tr").first.locator("td").nth(2)
    usual = cell.bounding_box()
    box = edge.bounding_box()
    assert usual
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 94, box["y"] + 10, steps=5)
    wide = cell.bounding_box()  # it is seen while it is drawn
    assert wide
    assert wide["width"] > usual["width"] + 40
    page.mouse.up()
    page.wait_for_url("**/customers/?col=owner&col=place&q=c&w=place%3Anarrow&w=owner%3Awide")
    expect(edge).to_have_attribute("aria-valuetext", "Wide")
    edge.focus()
    page.keyboard.press("ArrowRight")  # it is as wide as can be
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/customers/?col=owner&col=place&q=c&w=place%3Anarrow")
    expect(edge).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuetext", "Narrow")
    expect(edge).to_be_focused()
    assert axe(page) == []
    edge.dblclick()
    page.wait_for_url("**/customers/?col=owner&col=place&q=c&w=place%3Anarrow")
    expect(edge).to_have_attribute("aria-valuetext", "Normal")
