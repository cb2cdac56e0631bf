"""Documents, who may see a record, and a party's own page in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.models import ConfidentialAccess, Document, Party, Relationship
from relationships.operations.confidential_access import name_access
from relationships.operations.contact_points import add_contact_point
from tests.browser.conftest import axe
from tests.factories import (
    make_document,
    make_interaction,
    make_link,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def viewer(settings: LazySettings, tmp_path: Path) -> User:
    """The owner of a confidential customer with documents, named people and a contact."""
    settings.MEDIA_ROOT = tmp_path / "files"
    team, now = make_team("Key accounts"), timezone.now()
    viewer = make_user(name="Amara Osei", member_of=team)
    made: dict[str, Any] = {"actor": viewer, "now": now}
    customer = make_relationship(
        name="Colne Valley College", team=team, confidentiality=Confidentiality.CONFIDENTIAL, **made
    )
    helen = make_person("Helen Marsh", works_for=customer.party, job_title="Buyer", **made)
    for kind, value in (("email", "helen@colne.example"), ("phone", "+44 113 496 0000")):
        for party in (helen, customer.party):
            add_contact_point(
                party=party, kind=kind, value=value, label="ask for purchasing, mornings", **made
            )
    make_link(helen, make_person("Ben Aris", **made), "knows", **made)
    make_interaction(customer, people=[helen], body="They want the frame contract changed.", **made)
    make_document(customer, name="Frame contract 2026, signed.pdf", content=b"x" * 182_000, **made)
    make_document(customer, name="Notes.txt", note="For the review", confidentiality=3, **made)
    ana = make_user("auditor", name="Ana Ruiz")
    until = now.date().replace(year=now.year + 1)
    name_access(relationship=customer, user=ana, reason="Audit of the year", until_date=until, **made)
    return viewer


def here() -> str:
    return f"/customers/{Relationship.objects.get().pk}/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_place_has_a_finding_or_scrolls_sideways(
    visit: Visit, viewer: User, size: str, theme: str
) -> None:
    record, person = here(), f"/parties/{Party.objects.get(name='Helen Marsh').pk}/"
    document, access = Document.objects.latest("id"), ConfidentialAccess.objects.get()
    page = visit(viewer, record, size, theme, bypass_csp=True)
    base, findings = page.url.removesuffix(record), {}
    for place in (
        record,
        f"{record}about/",
        f"{record}documents/",
        f"{record}documents/new/",
        f"{record}access/",
        f"{record}access/new/",
        f"{record}access/{access.pk}/ending/",
        f"/documents/{document.pk}/removal/",
        person,
    ):
        page.goto(base + place)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        findings[place] = axe(page) + ([["scrolls sideways", str(wide)]] if wide > 0 else [])
    assert {place: found for place, found in findings.items() if found} == {}


def test_a_document_is_added_in_the_dialog_fetched_and_removed(
    visit: Visit, viewer: User, tmp_path: Path
) -> None:
    offer = tmp_path / "Offer 12.pdf"
    offer.write_bytes(b"%PDF-1.7 offer")
    page = visit(viewer, f"{here()}documents/")
    page.get_by_role("link", name="Add a document").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.locator("#id_file_error")).to_contain_text("Choose a file.")
    dialog.get_by_label("File").set_input_files({"name": "run.exe", "mimeType": "text/plain", "buffer": b"x"})
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.locator("#id_file_error")).to_contain_text("Programs are not taken")
    dialog.get_by_label("File").set_input_files(offer)
    dialog.get_by_role("button", name="Add").click()
    expect(page.locator("#toasts")).to_contain_text("Document added.")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download Offer 12.pdf").click()
    assert fetched.value.suggested_filename == "Offer 12.pdf"
    assert fetched.value.path().read_bytes() == b"%PDF-1.7 offer"
    page.get_by_role("link", name="Remove Offer 12.pdf").click()
    page.get_by_role("dialog").get_by_label("Why").fill("Replaced")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator("#toasts")).to_contain_text("Document removed.")
    expect(page.get_by_role("link", name="Offer 12.pdf", exact=True)).to_have_count(0)


def test_without_scripts_a_document_is_added_all_the_same(visit: Visit, viewer: User, tmp_path: Path) -> None:
    letter = tmp_path / "Letter.txt"
    letter.write_bytes(b"Dear Helen")
    page = visit(viewer, f"{here()}documents/new/", java_script_enabled=False)
    page.get_by_label("File").set_input_files(letter)
    page.get_by_label("Only I and the owner of the relationship").check(force=True)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#documents")).to_contain_text("Letter.txt")
    assert Document.objects.latest("id").confidentiality == Confidentiality.CONFIDENTIAL


def test_somebody_is_named_and_no_longer_so(visit: Visit, viewer: User) -> None:
    make_user("finance", name="Nina Holt")
    page = visit(viewer, f"{here()}access/")
    page.get_by_role("link", name="Name somebody").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Who").select_option(label="Nina Holt")
    dialog.get_by_label("Why").fill("Checks the invoices")
    dialog.get_by_role("button", name="Name", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Nina Holt may see it now.")
    expect(page.locator("#seers")).to_contain_text("Named by Amara Osei: Checks the invoices")
    page.get_by_role("link", name="End the access of Nina Holt").click()
    page.get_by_role("dialog").get_by_role("button", name="End access").click()
    expect(page.locator("#toasts")).to_contain_text("Nina Holt is no longer named.")
    expect(page.locator("#seers")).not_to_contain_text("Nina Holt")
