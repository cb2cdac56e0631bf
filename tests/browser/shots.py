"""`make shots`: every page of the sample workspace, desktop and phone, light and dark, into `shots/`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import find
from tests.homes import Run, discard, free_port, queried

OUT = Path(__file__).resolve().parents[2] / "shots"
SIZES = {"d": {"width": 1440, "height": 900}, "m": {"width": 390, "height": 844}}
OUTSIDE = {"sign-in": "/account/login/", "password-reset": "/account/password/reset/"}
MANAGER = {
    "my-day": "/",
    "my-team": "/?whose=team",
    "customers": "/customers/",
    "customers-conditions": "/customers/conditions/",
    "customers-columns": "/customers/columns/",
    "customers-chosen": "/customers/?col=stage&col=owner&col=cadence&col=value",
    "customers-grouped": "/customers/?group=tier",
    "customers-board": "/customers/board/",
    "customers-calendar": "/customers/calendar/",
    "customers-nothing": "/customers/?q=zzzz",
    "suppliers": "/suppliers/",
    "investors": "/investors/",
    "press": "/press/",
    "community": "/community/",
    "log": "/log/",
    "commitments": "/commitments/",
    "cases": "/cases/",
    "outgoing-mail": "/outgoing-mail/",
    "case-mail": "/cases/mail/",
    "case-choose": "/cases/new/",
    "cases-unresolved": "/cases/unresolved/",
    "case-new": "/cases/new/?relationship=1",
    "duplicates": "/duplicates/",
    "merge-choose": "/parties/1/merge/",
    "merge-new": "/parties/1/merge/?with=4",
    "merges": "/merges/",
    "bulk-changes": "/bulk-changes/",
    "trash": "/trash/",
    "imports": "/imports/",
    "import": "/imports/1/",
    "import-new": "/imports/new/",
    "briefs": "/briefs/",
    "brief": "/briefs/1/",
    "brief-rows": "/briefs/1/rows/?kind=customers&band=at_risk",
    "reconciliation-new": "/outside-issues/1/reconciliations/new/",
    "dashboards": "/dashboards/",
    "portfolio": "/portfolio/",
    "movers": "/portfolio/movers/",
    "outside-issues": "/outside-issues/",
    "outside-issue": "/outside-issues/1/",
    "outside-issue-new": "/outside-issues/new/",
    "search": "/search/?q=horn",
    "search-nothing": "/search/?q=zzxqy",
    "introductions": "/introductions/",
    "team": "/team/",
    "handovers": "/handovers/",
    "handover-new": "/handovers/new/",
    "alerts": "/alerts/",
    "proposals": "/proposals/",
    "estimates": "/proposals/estimates/",
    "estimate-lines": "/proposals/estimates/lines/",
    "reviews": "/reviews/?whose=all",
    "alerts-team": "/alerts/?whose=team&status=",
    "new-customer": "/customers/new/",
    "settings": "/settings/",
    "settings-security": "/settings/security/",
    "settings-sessions": "/settings/sessions/",
    "settings-appearance": "/settings/appearance/",
    "settings-notifications": "/settings/notifications/",
    "notifications": "/notifications/?show=all",
    "calendar": "/calendar/",
    "calendar-agenda": "/calendar/?view=agenda",
    "settings-tokens": "/settings/tokens/",
    "settings-calendar": "/settings/calendar/",
    "settings-webhooks": "/settings/webhooks/",
    "settings-rules": "/settings/rules/",
    "rule-new": "/settings/rules/new/?kind=customers",
    "settings-forms": "/settings/forms/",
    "web-form-new": "/settings/forms/new/?kind=customers",
    "api": "/api/v1/",
    "api-section": "/api/v1/reference/timeline/",
    "not-found": "/customers/0/",
    "not-allowed": "/administration/people/",
    "styleguide": "/styleguide/",
}
ADMINISTRATOR = {
    "people": "/administration/people/",
    "invitation": "/administration/invitations/new/",
    "teams": "/administration/teams/",
    "units": "/administration/business-units/",
    "currencies": "/administration/currencies/",
    "fields": "/administration/fields/customers/",
    "field-new": "/administration/fields/customers/new/",
    "tags": "/administration/tags/",
    "calibration": "/administration/calibration/",
    "alert-rules": "/administration/alerts/",
    "scorecards": "/administration/scorecards/",
    "audit": "/administration/audit/",
    "audit-relationships": "/administration/audit/?book=relationships",
    "sight": "/administration/sight/?person=2&q=horn",
    "privacy": "/administration/privacy/",
    "privacy-person": "/administration/privacy/people/2/",
    "retention": "/administration/retention/",
    "purposes": "/administration/purposes/",
    "consents": "/parties/2/consents/",
    "rights": "/administration/rights/?person=2",
    "service-accounts": "/administration/service-accounts/",
    "sample": "/administration/sample/",
    "sent-mail": "/sent-mail/",
    "case-mailboxes": "/cases/mailboxes/",
    "received-mail": "/received-mail/",
    "suppressed-addresses": "/suppressed-addresses/",
}
OPEN = ("customers", "suppliers", "investors", "press", "community")
WORST = """
SELECT relationship.kind, relationship.id FROM relationships_relationship relationship
JOIN relationships_relationshipstate state ON state.relationship_id = relationship.id
WHERE relationship.kind = %s AND state.health IS NOT NULL ORDER BY state.health, relationship.id LIMIT 1
"""
RECORD = {
    "": "",
    "-timeline": "timeline/",
    "-people": "people/",
    "-why": "why/",
    "-benefit": "benefit/",
    "-evidence": "why/activity/",
    "-judge": "overrides/",
    "-about": "about/",
    "-documents": "documents/",
    "-closing": "closing/",
    "-access": "access/",
}


def records(run: Run, *kinds: str) -> dict[str, str]:
    """The pages of the relationship of each kind that is worst off: it has most to show."""
    pages: dict[str, str] = {}
    with queried(run.home) as cursor:
        for kind in kinds:
            cursor.execute(WORST, [kind])
            found, pk = cursor.fetchone()
            pages |= {f"{kind}-record{name}": f"/{found}/{pk}/{path}" for name, path in RECORD.items()}
            pages[f"{kind}-edit"] = f"/{found}/{pk}/edit/"
            if kind == "suppliers":
                pages["suppliers-payments"] = f"/{found}/{pk}/payments/"
            cursor.execute("SELECT party_id FROM relationships_relationship WHERE id = %s", [pk])
            (party,) = cursor.fetchone()
            pages |= {f"{kind}-{name}": f"/parties/{party}/{name}/" for name in ("network", "introductions")}
    return pages


def judged(run: Run) -> dict[str, str]:
    """A proposal and a review that the manager may open."""
    with queried(run.home) as cursor:
        pages = {}
        for name in ("proposal", "review"):
            cursor.execute(
                f"SELECT item.id FROM health_{name} item JOIN relationships_relationship relationship"
                " ON relationship.id = item.relationship_id"
                " WHERE relationship.kind = 'customers' ORDER BY item.id LIMIT 1"
            )
            (pk,) = cursor.fetchone()
            pages[name] = f"/{name}s/{pk}/"
    return pages


def scorecards(run: Run) -> dict[str, str]:
    """The pages of the customers' scorecard in force: tried, and one of its components."""
    with queried(run.home) as cursor:
        cursor.execute(
            "SELECT id FROM health_scorecard WHERE kind = 'customers' AND status = 'active' LIMIT 1"
        )
        (pk,) = cursor.fetchone()
    here = f"/administration/scorecards/{pk}/"
    return {"scorecard": f"{here}?try=1", "scorecard-component": f"{here}components/recency/"}


def everything(run: Run) -> dict[str, dict[str, str]]:
    """Name and address of every page of the sample workspace, by who looks at it; nobody: signed out."""
    return {
        "": OUTSIDE,
        "amara@": MANAGER | judged(run) | records(run, *OPEN),
        "grace@": {"staff": "/staff/"} | records(run, "staff"),
        "sam@": ADMINISTRATOR | scorecards(run),
    }


def shoot(browser: Browser, run: Run, who: str, pages: dict[str, str]) -> None:
    """One picture for each page, size and theme, seen by `who` (nobody: signed out)."""
    sign_ins = [line.split("\t") for line in (run.home / "demo-sign-ins").read_text().splitlines()]
    for size, viewport in SIZES.items():
        for theme in ("light", "dark"):
            context = browser.new_context(viewport=viewport, color_scheme=theme)  # type: ignore[arg-type]
            page = context.new_page()
            if who:
                _role, email, password = next(entry for entry in sign_ins if entry[1].startswith(who))
                page.goto(f"{run.url}/account/login/")
                page.locator("input[name=login]").fill(email)
                page.locator("input[name=password]").fill(password)
                page.keyboard.press("Enter")
                page.wait_for_url(f"{run.url}/")
            for name, path in pages.items():
                page.goto(f"{run.url}{path}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=OUT / f"{name}-{size}-{theme}.png", full_page=size == "m")
            context.close()


def main() -> None:
    """Starts a sample workspace of its own, takes the pictures and stops it again."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "home", free_port(), demo=True)
        try:
            run.wait_until_ready(seconds=600)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=find(), args=["--no-sandbox", "--disable-gpu"]
                )
                for who, pages in everything(run).items():
                    shoot(browser, run, who, pages)
                browser.close()
        finally:
            if run.process.poll() is None:
                run.stop()
            discard(run.home)
    sys.stdout.write(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.name}/\n")


if __name__ == "__main__":
    main()
