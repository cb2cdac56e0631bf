"""A messy file in a real browser: understood, imported, two of its rows corrected where they stand, taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from exchange.models import HeldRow
from exchange.tasks import carry_out_imports
from relationships.models import ContactPoint, Party
from relationships.operations.contact_points import add_contact_point
from tests.browser.conftest import axe
from tests.factories import make_relationship, make_user
from tests.snapshots import differing, everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
MESSY = (
    "Kundenliste Köln;;;;\r\nStand: März 2026;;;;\r\n;;;;\r\nNr;Name;Ort;E-Mail;Bemerkung\r\n"
    "1;Müller & Söhne;Köln;info@mueller.example;gut\r\n2;Bäckerei Groß;Bonn;kein-at;\r\n3;;Ulm;u@ulm.example;\r\n"
    "4;Zöllner AG;Essen;z@zoellner.example;zahlt spät\r\n5;Zu;viele;z@zellen.example;in;dieser Zeile\r\n"
).encode("cp1252")


@pytest.fixture
def manager(settings: Any, tmp_path: Path) -> User:
    """Somebody who may import, beside what was there before."""
    settings.MEDIA_ROOT = tmp_path / "files"
    now = timezone.now()
    ensure_workspace(now=now)
    manager = make_user("relationship_manager", name="Mara Lind")
    there = make_relationship(name="Brightwater", owner=manager, now=now)
    add_contact_point(actor=manager, party=there.party, kind="email", value="b@b.example", now=now)
    return manager


def carried_out(page: Page, address: str) -> None:
    """What a worker does, and what the waiting page then does by itself."""
    assert carry_out_imports() == 1
    page.wait_for_url(address)


def correct(page: Page, row: str, title: str, value: str) -> None:
    held = page.get_by_role("listitem").filter(has_text=row)
    held.get_by_role("link", name=f"Correct {row}").click()
    held.get_by_label(title).fill(value)
    held.get_by_role("button", name="Import this row").click()


def test_a_messy_file_comes_in_is_corrected_and_leaves_nothing_when_it_is_taken_back(
    visit: Visit, manager: User, tmp_path: Path
) -> None:
    page = visit(manager, "/imports/new/", bypass_csp=True)
    before = everything("django_session", "accounts_user")
    file = tmp_path / "kunden.csv"
    file.write_bytes(MESSY)
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("What the rows are").select_option(label="Customers")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Encoding")).to_have_value("cp1252")
    expect(page.get_by_label("Columns are parted by")).to_have_value(";")
    expect(page.get_by_label("Row of the header")).to_have_value("4")
    assert axe(page) == []
    page.get_by_label("Bemerkung").select_option(label="About")
    page.get_by_role("button", name="See the first rows").click()
    expect(page.get_by_text("The first 5 rows; 3 of them would be kept aside.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    carried_out(page, "**/imports/*/")
    page.get_by_role("link", name="Correct them").click()
    correct(page, "Row 6", "E-Mail", "immer noch nicht")
    expect(page.get_by_role("alert")).to_contain_text("“immer noch nicht”: The value does not have the form")
    correct_again = page.get_by_role("listitem").filter(has_text="Row 6")
    correct_again.get_by_label("E-Mail").fill("b@groß.example".replace("ß", "ss"))
    correct_again.get_by_role("button", name="Import this row").click()
    expect(page.get_by_text("Corrected: it is in now.")).to_have_count(1)
    correct(page, "Row 7", "Name", "Ulmer Werke")
    expect(page.get_by_text("Corrected: it is in now.")).to_have_count(2)
    assert axe(page) == []
    named = Q(name__in=("Bäckerei Groß", "Ulmer Werke", "Müller & Söhne", "Zöllner AG"))
    assert (Party.objects.filter(named).count(), HeldRow.objects.filter(resolved_at=None).count()) == (4, 1)
    assert ContactPoint.objects.filter(value="b@gross.example").count() == 1
    page.get_by_role("link", name="kunden.csv").click()
    page.get_by_role("link", name="Revert").click()
    expect(page.get_by_role("listitem").filter(has_text="people and organisations")).to_contain_text("4")
    page.get_by_role("button", name="Revert the import").click()
    expect(page.get_by_text("The import is being reverted").first).to_be_visible()
    assert carry_out_imports() == 1
    expect(page.get_by_role("region", name="Reverted")).to_contain_text("Gone: people and organisations4")
    assert axe(page) == []
    assert differing(before) == []
