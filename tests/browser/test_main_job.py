"""The sentence the product is made for, in a real browser on the sample workspace with its real worker.

Somebody talks to somebody → it is written down → health moves and says why → the next touch is planned and the
promise is in the ledger.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES, axe
from tests.homes import Run, queried

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(chromium: Browser, demo_workspace: Run) -> Iterator[Page]:
    """The head of key accounts at her desk, signed in; afterwards nothing may have broken the policy."""
    faults: list[str] = []
    context = chromium.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]  # as Playwright names them
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    sign_in(page, demo_workspace, "amara@")
    yield page
    context.close()
    assert faults == []


def sign_in(page: Page, workspace: Run, who: str) -> None:
    lines = (workspace.home / "demo-sign-ins").read_text().splitlines()
    email, password = next(line.split("\t")[1:] for line in lines if line.split("\t")[1].startswith(who))
    page.goto(f"{workspace.url}/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{workspace.url}/")


CONTACTS = """
SELECT relationship.id, relationship.party_name, person.name
FROM relationships_relationship relationship
JOIN accounts_user owner ON owner.id = relationship.owner_id
JOIN relationships_relationshipstate state ON state.relationship_id = relationship.id
JOIN relationships_partylink link ON link.source_party_id = relationship.party_id
JOIN relationships_party person ON person.id = link.target_party_id AND person.kind = 'person'
JOIN accounts_team team ON team.id = relationship.team_id AND team.name = 'Key accounts'
WHERE relationship.kind = 'customers' AND state.health >= 75
  AND (SELECT count(*) FROM relationships_relationship other WHERE other.party_id = relationship.party_id) = 1
  AND (SELECT count(*) FROM relationships_party same WHERE same.name = person.name) = 1
  AND relationship.party_name ~ '^[A-Za-z ]+$'
ORDER BY relationship.id, person.id
"""


def contacts(workspace: Run) -> list[tuple[int, str, str]]:
    """Relationship, its name, and a contact whose name is nobody else's."""
    with queried(workspace.home) as cursor:
        cursor.execute(CONTACTS)
        return list(cursor.fetchall())


def test_a_call_is_logged_health_moves_and_says_why(desk: Page, demo_workspace: Run) -> None:
    relationship, _name, person = contacts(demo_workspace)[0]
    desk.goto(f"{demo_workspace.url}/customers/{relationship}/")
    strip = desk.locator("#health")
    before = strip.locator("svg").first.get_attribute("aria-label") or strip.inner_text()

    desk.keyboard.press("l")
    expect(desk.locator("#log-line")).to_be_focused()
    desk.keyboard.type(
        f"call from {person} furious about crushed cases again !!critical "
        "!us by in 3 days send a replacement; >tomorrow ring about the replacement"
    )
    expect(desk.locator("#log-preview")).to_contain_text("We promise")
    desk.keyboard.press("Enter")

    expect(desk.locator("#toasts")).to_contain_text("Call logged")
    expect(desk.locator("#timeline")).to_contain_text("crushed cases again")
    expect(desk.locator("#aside")).to_contain_text("send a replacement")
    expect(desk.locator("#aside")).to_contain_text("ring about the replacement")
    expect(strip).to_contain_text("open complaint", timeout=60_000)
    after = strip.locator("svg").first.get_attribute("aria-label") or strip.inner_text()
    assert after != before

    desk.get_by_role("link", name="Why", exact=True).click()
    expect(desk.locator("#why")).to_contain_text("Complaints")
    desk.goto(f"{demo_workspace.url}/commitments/?q=send+a+replacement")
    expect(desk.locator("main")).to_contain_text("send a replacement")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_record_and_the_day_have_no_finding(
    chromium: Browser, demo_workspace: Run, size: str, theme: str
) -> None:
    relationship = contacts(demo_workspace)[1][0]
    context = chromium.new_context(viewport=SIZES[size], color_scheme=theme, bypass_csp=True)  # type: ignore[arg-type]  # as Playwright names them
    page = context.new_page()
    sign_in(page, demo_workspace, "amara@")
    findings = {}
    here = f"/customers/{relationship}/"
    for path in ("/", here, f"{here}why/", f"{here}timeline/", f"{here}people/", f"{here}about/"):
        page.goto(f"{demo_workspace.url}{path}")
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        findings[path.replace(here, "record/")] = (axe(page), max(wide, 0))
    context.close()
    assert findings == dict.fromkeys(findings, ([], 0))
