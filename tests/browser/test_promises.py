"""Promises in a real browser: found in what is typed, kept as a draft, decided on when a relationship ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from relationships.models import Commitment, ComposerDraft, Relationship
from tests.browser.conftest import axe
from tests.factories import make_commitment, make_follow_up, make_party, make_relationship, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def viewer() -> User:
    return make_user("relationship_manager", name="Amara Osei")


@pytest.fixture
def acme(viewer: User) -> Relationship:
    return make_relationship(name="Acme", owner=viewer, now=timezone.now())


def test_a_promise_in_the_text_counts_once_it_is_ticked(
    visit: Visit, viewer: User, acme: Relationship
) -> None:
    page = visit(viewer, f"/customers/{acme.pk}/", bypass_csp=True)
    page.locator("#composer textarea").click()
    page.keyboard.type("Good talk.\nWe will send the quote tomorrow.")
    yes = page.get_by_role("checkbox", name="We promise: Send the quote")
    expect(yes).not_to_be_checked()
    assert axe(page) == []
    yes.check()
    page.locator("#composer textarea").press("End")
    page.keyboard.type(" Fine.")
    page.wait_for_timeout(900)
    expect(yes).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("1 commitment added")
    promise = Commitment.objects.get()
    assert (promise.what, promise.direction) == ("Send the quote", "ours")
    assert promise.current_due_date == timezone.localdate() + timedelta(days=1)


def test_a_text_is_there_again_until_it_is_logged(visit: Visit, viewer: User, acme: Relationship) -> None:
    page = visit(viewer, f"/customers/{acme.pk}/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#composer textarea").click()
    page.keyboard.type("Half a thought")
    expect(page.locator("#composer-draft")).to_contain_text("Draft saved")
    here = page.url
    page.goto(here.replace(f"/customers/{acme.pk}/", "/customers/"))
    assert asked == []
    page.goto(here)
    expect(page.locator("#composer textarea")).to_have_value("Half a thought")
    expect(page.locator("#composer-draft")).to_contain_text("Your draft of today")
    page.locator("#composer textarea").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("It is on the timeline.")
    expect(page.locator("#composer textarea")).to_have_value("")
    assert ComposerDraft.objects.count() == 0


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_relationship_is_closed_with_everything_decided(visit: Visit, viewer: User, size: str) -> None:
    party, now = make_party("Acme"), timezone.now()
    held, heir = (
        make_relationship(kind, party=party, owner=viewer, now=now) for kind in ("customers", "suppliers")
    )
    promise = make_commitment(held, actor=viewer, what="Replace the trays", now=now)
    make_follow_up(held, actor=viewer, what="Call Ana", now=now)
    page = visit(viewer, f"/customers/{held.pk}/", size, bypass_csp=True)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Close relationship").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Call Ana")
    assert axe(page) == []
    dialog.get_by_label("Why", exact=True).fill("They only supply us now")
    dialog.get_by_role("button", name="Close relationship").click()
    expect(dialog).to_contain_text("Hand it on, or withdraw it.")
    decision = dialog.get_by_role("group", name="Replace the trays").get_by_label("What becomes of it")
    decision.select_option("Hand on: Supplier, Main")
    dialog.get_by_role("button", name="Close relationship").click()
    expect(page.locator("#toasts")).to_contain_text("Relationship closed.")
    promise.refresh_from_db()
    held.refresh_from_db()
    assert (promise.relationship, held.closed_reason) == (heir, "They only supply us now")
