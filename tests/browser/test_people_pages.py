"""The network of a party and the ways to it, in a real browser: readable on a phone, by keyboard, without findings."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from relationships.models import Party
from tests.browser.conftest import axe
from tests.factories import make_interaction, make_link, make_party, make_person, make_relationship, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def viewer() -> User:
    """Somebody who talked with a person who works for a customer that owns another."""
    made = {"now": timezone.now()}
    viewer = make_user("administrator", name="Amara Osei")
    party = make_party("Brightwater Clinics", **made)
    make_relationship(party=party, owner=viewer, **made)
    ana = make_person("Ana Ruiz", works_for=party, **made)
    for name in ("Colne Valley College", "Ashdown Event Catering", "Dale Foods"):
        make_link(make_party(name, **made), party, "owns", strength=4, **made)
    make_link(ana, make_person("Ben Achterberg", **made), "knows", **made)
    talk = {"actor": viewer, "people": [ana], "channel": "meeting", "direction": "mutual"}
    make_interaction(make_relationship(name="Elsewhere", owner=viewer, **made), **talk, **made)
    return viewer


def path_of(page: str) -> str:
    party = Party.objects.get(name="Brightwater Clinics")
    return f"/parties/{party.pk}/{page}/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("page_name", ["network", "introductions"])
def test_a_page_has_no_finding_and_does_not_scroll_sideways(
    visit: Visit, viewer: User, page_name: str, size: str, theme: str
) -> None:
    page = visit(viewer, path_of(page_name), size, theme, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []


def test_one_goes_from_party_to_party_by_keyboard(visit: Visit, viewer: User) -> None:
    page = visit(viewer, path_of("network"))
    page.get_by_role("region", name="Around Brightwater Clinics", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Around Ashdown Event Catering")
