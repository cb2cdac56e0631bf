"""The team board, handovers and playbooks in a real browser: by mouse, by keyboard, on a phone, without findings."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from relationships.models import FollowUp, HandoverPack, PlaybookRun, Relationship
from relationships.operations.handovers import hand_over
from relationships.operations.playbooks import start_playbook
from tests.browser.conftest import axe
from tests.factories import (
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def viewer() -> User:
    """Somebody with a colleague, something for both to do, a playbook on its way and a pack to accept."""
    team, now = make_team("Key accounts"), timezone.now()
    made = {"now": now}
    viewer = make_user("administrator", name="Amara Osei", member_of=team)
    tom = make_user(name="Tom Baptiste", member_of=team)
    relationship = make_relationship(name="Brightwater Clinics", owner=viewer, **made)
    make_interaction(relationship, actor=viewer, problem_severity=4, duration_minutes=30, **made)
    make_follow_up(
        relationship, what="Ring Ana", assignee=viewer, due_date=now.date() - timedelta(days=1), **made
    )
    make_commitment(relationship, owner=tom, due_date=now.date() + timedelta(days=2), **made)
    start_playbook(actor=viewer, relationship=relationship, playbook="after_complaint", now=now)
    make_relationship(name="Colne Valley College", owner=tom, **made)
    hand_over(actor=viewer, leaver=tom, receiver=viewer, reason="Leaves", now=now)
    return viewer


def path_of(page: str) -> str:
    pack = HandoverPack.objects.get()
    return {
        "board": "/team/",
        "list as board": "/customers/board/",
        "handovers": "/handovers/",
        "hand over": "/handovers/new/",
        "handover": f"/handovers/{pack.handover_id}/",
        "pack": f"/handovers/{pack.handover_id}/packs/{pack.pk}/",
        "introductions": f"/handovers/{pack.handover_id}/mails/",
        "introduction": f"/handovers/{pack.handover_id}/packs/{pack.pk}/mail/",
        "record": f"/customers/{PlaybookRun.objects.get().relationship_id}/",
    }[page]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_page_has_a_finding_or_scrolls_sideways(visit: Visit, viewer: User, size: str, theme: str) -> None:
    for name in (
        "board",
        "list as board",
        "handovers",
        "hand over",
        "handover",
        "pack",
        "introductions",
        "introduction",
        "record",
    ):
        page = visit(viewer, path_of(name), size, theme, bypass_csp=True)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        assert axe(page) == [], name


def test_a_card_dragged_to_a_colleague_asks_why_and_goes(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/team/")
    card = page.locator(".pcard", has_text="Ring Ana")
    card.drag_to(page.get_by_role("region", name="Tom Baptiste"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("To")).to_have_value(str(User.objects.get(name="Tom Baptiste").pk))
    dialog.get_by_label("Why").fill("Holiday")
    dialog.get_by_role("button", name="Move").click()
    lane = page.get_by_role("region", name="Tom Baptiste")
    expect(lane.get_by_text("Ring Ana")).to_be_visible()
    assert FollowUp.objects.get(what="Ring Ana").assignee.name == "Tom Baptiste"


def test_a_card_is_moved_by_keyboard_alone(visit: Visit, viewer: User) -> None:
    page = visit(viewer, "/team/")
    page.get_by_role("link", name="Move to… Ring Ana").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("To")).to_be_focused()
    page.keyboard.type("Tom")
    page.keyboard.press("Tab")
    page.keyboard.type("Holiday")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Tom Baptiste").get_by_text("Ring Ana")).to_be_visible()
    assert FollowUp.objects.get(what="Ring Ana").assignee.name == "Tom Baptiste"


def test_a_list_is_a_board_whose_cards_move_by_drag_and_by_keyboard_and_go_back(
    visit: Visit, viewer: User
) -> None:
    page = visit(viewer, "/customers/")
    page.get_by_role("navigation", name="Show as").get_by_role("link", name="Board").click()
    card, lane = page.locator(".pcard", has_text="Brightwater"), page.get_by_role("region", name="Renewing")
    card.drag_to(lane)
    expect(lane.locator(".pcard", has_text="Brightwater")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(lane.locator(".pcard")).to_have_count(0)
    page.get_by_role("link", name="Move Brightwater Clinics to…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Stage")).to_be_focused()
    page.keyboard.type("Ren")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()
    expect(lane.get_by_role("link", name="Brightwater Clinics", exact=True)).to_be_focused()
    assert Relationship.objects.get(party_name="Brightwater Clinics").stage == "renewing"
