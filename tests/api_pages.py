"""The lists of the API, asked for with the session of a browser: for each, how to make a number of rows."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from dashboards.models import Brief
from exchange.models import DuplicateCandidate, ImportRun
from health.operations.scorecards import install_default
from relationships.operations.contact_points import add_contact_point
from relationships.operations.documents import remove_document
from relationships.operations.handovers import hand_over
from relationships.operations.pins import pin_relationship
from relationships.operations.playbooks import start_playbook
from relationships.operations.saved_views import save_view
from relationships.operations.value_entries import Worth, record_value
from tests.exchange.pages import IMPORT_PAGES, make_merge
from tests.factories import (
    NOW,
    make_business_unit,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_link,
    make_order,
    make_party,
    make_payment,
    make_person,
    make_relationship,
    make_team,
    make_user,
    make_version,
)
from tests.health.pages import HEALTH_PAGES
from tests.overview_pages import OVERVIEWS

BASE = "/api/v1/"


def _of(place: str) -> Callable[[User, int], str]:
    """That many relationships, each with talk with somebody, a promise and a follow-up."""

    def make(viewer: User, rows: int) -> str:
        for _ in range(rows):
            relationship = make_relationship(owner=viewer)
            person = make_person(works_for=relationship.party)
            add_contact_point(actor=viewer, party=person, kind="phone", value="+441134960000", now=NOW)
            make_interaction(relationship, actor=viewer, people=[person])
            make_commitment(relationship, actor=viewer)
            make_follow_up(relationship, actor=viewer)
        return BASE + place

    return make


def _within(place: str) -> Callable[[User, int], str]:
    """One relationship with that many things in it."""

    def make(viewer: User, rows: int) -> str:
        relationship = make_relationship(owner=viewer)
        for number in range(rows):
            make_interaction(relationship, actor=viewer)
            make_document(relationship, actor=viewer, name=f"{number}.txt", content=str(number).encode())
            playbook = ("win_back", "after_complaint", "first_weeks")[number]
            start_playbook(actor=viewer, relationship=relationship, playbook=playbook, now=NOW)
            make_link(relationship.party, make_party(), "partner_of")
        return f"{BASE}relationships/{relationship.pk}/{place}"

    return make


def _like(page: Callable[[User, int], str], place: str) -> Callable[[User, int], str]:
    """What a page lists, in the API."""

    def make(viewer: User, rows: int) -> str:
        page(viewer, rows)
        return BASE + place

    return make


def _traded(place: str) -> Callable[[User, int], str]:
    """One relationship with that many orders, payments and values."""

    def make(viewer: User, rows: int) -> str:
        relationship = make_relationship(owner=viewer)
        for number in range(rows):
            make_order(relationship, NOW.date() - timedelta(days=number))
            make_payment(relationship, NOW.date() - timedelta(days=number))
            worth = Worth(Decimal(number + 1), "GBP")
            noted = {"side": "to_us", "category": "margin", "value_date": NOW.date(), "worth": worth}
            record_value(actor=viewer, relationship=relationship, now=NOW, **noted)
        return f"{BASE}relationships/{relationship.pk}/{place}"

    return make


def _people(place: str) -> Callable[[User, int], str]:
    def make(viewer: User, rows: int) -> str:
        for _ in range(rows):
            make_user(member_of=make_team(business_unit=make_business_unit(), lead=viewer))
        return BASE + place

    return make


def _versions(viewer: User, rows: int) -> str:
    document = make_document(make_relationship(owner=viewer), actor=viewer)
    for number in range(1, rows):
        make_version(document, actor=viewer, content=str(number).encode())
    return f"{BASE}documents/{document.pk}/versions/"


def _trash(viewer: User, rows: int) -> str:
    for _ in range(rows):
        document = make_document(make_relationship(owner=viewer), actor=viewer)
        remove_document(actor=viewer, document=document, now=NOW, reason="Old")
    return f"{BASE}trash/documents/"


def _duplicates(viewer: User, rows: int) -> str:
    for _ in range(rows):
        DuplicateCandidate.objects.create(first=make_party(), second=make_party(), score=0.9, found_at=NOW)
    return f"{BASE}duplicates/"


def _merges(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_merge(make_relationship(owner=viewer).party, viewer)
    return f"{BASE}merges/"


def _of_import(page: str, place: str = "") -> Callable[[User, int], str]:
    """What a page of one import shows, in the API; `place` stands within the import."""

    def make(viewer: User, rows: int) -> str:
        IMPORT_PAGES[page](viewer, rows)
        return f"{BASE}imports/{ImportRun.objects.latest('id').pk}/{place}"

    return make


def _handed(viewer: User, rows: int) -> str:
    for _ in range(rows):
        leaver = make_user()
        make_relationship(owner=leaver)
        hand_over(actor=viewer, leaver=leaver, receiver=viewer, reason="Left us", now=NOW)
    return f"{BASE}handovers/"


def _brief_rows_told(viewer: User, rows: int) -> str:
    OVERVIEWS["brief_rows"](viewer, rows)
    return f"{BASE}briefs/{Brief.objects.latest('week').pk}/rows/?kind=customers"


def _scorecards(viewer: User, rows: int) -> str:
    for kind in ("suppliers", "customers", "investors")[:rows]:
        install_default(kind=kind, actor=viewer, now=NOW)
    return f"{BASE}scorecards/"


def _workload(viewer: User, rows: int) -> str:
    team = make_team(lead=viewer)
    for _ in range(rows):
        make_follow_up(make_relationship(owner=make_user(member_of=team)), actor=viewer)
    return f"{BASE}teams/{team.pk}/workload/"


def _mails(viewer: User, rows: int) -> str:
    leaver = make_user()
    for _ in range(rows):
        relationship = make_relationship(owner=leaver)
        person = make_person(works_for=relationship.party)
        add_contact_point(actor=viewer, party=person, kind="email", value="ana@example.org", now=NOW)
    given = hand_over(actor=viewer, leaver=leaver, receiver=make_user(), reason="Left us", now=NOW)
    return f"{BASE}handovers/{given.handover.pk}/mails/"


def _members(viewer: User, rows: int) -> str:
    team = make_team(lead=viewer)
    for _ in range(rows):
        make_user(member_of=team)
    return f"{BASE}teams/{team.pk}/members/"


def _pins(viewer: User, rows: int) -> str:
    for _ in range(rows):
        pin_relationship(actor=viewer, relationship=make_relationship(owner=viewer), now=NOW)
    return f"{BASE}pins/"


def _views(viewer: User, rows: int) -> str:
    for number in range(rows):
        save_view(actor=viewer, kind="customers", name=str(number), address="stage=active", now=NOW)
    return f"{BASE}saved-views/?tabs=yes"


API_PAGES: dict[str, Callable[[User, int], str]] = {
    "api_alerts": _like(HEALTH_PAGES["alert_list"], "alerts/?whose=all"),
    "api_brief_rows": _brief_rows_told,
    "api_briefs": _like(OVERVIEWS["brief_list"], "briefs/"),
    "api_business_units": _people("business-units/"),
    "api_commitments": _of("commitments/"),
    "api_customers": _of("customers/?sort=health"),
    "api_documents": _within("documents/"),
    "api_document_versions": _versions,
    "api_duplicates": _duplicates,
    "api_follow_ups": _of("follow-ups/"),
    "api_handover_mails": _mails,
    "api_handovers": _handed,
    "api_held_rows": _of_import("held_list", "held-rows/"),
    "api_import": _of_import("import_detail"),
    "api_import_files": _like(IMPORT_PAGES["import_list"], "imports/files/"),
    "api_import_reversal": _of_import("import_reverted", "reversal/"),
    "api_import_rows": _of_import("import_rows", "rows/?done=created&what=customers"),
    "api_imports": _like(IMPORT_PAGES["import_list"], "imports/"),
    "api_interactions": _of("interactions/"),
    "api_links": _of("links/"),
    "api_merges": _merges,
    "api_movers": _like(OVERVIEWS["movers"], "movers/?weeks=4"),
    "api_orders": _traded("orders/"),
    "api_outside_issues": _like(OVERVIEWS["outside_issue_list"], "outside-issues/"),
    "api_parties": _of("parties/"),
    "api_payments": _traded("payments/"),
    "api_pins": _pins,
    "api_playbook_runs": _within("playbook-runs/"),
    "api_portfolio": _like(OVERVIEWS["portfolio"], "portfolio/"),
    "api_proposals": _like(HEALTH_PAGES["proposal_list"], "proposals/"),
    "api_reviews": _like(HEALTH_PAGES["review_list"], "reviews/?whose=all"),
    "api_saved_views": _views,
    "api_scorecards": _scorecards,
    "api_standing": _like(OVERVIEWS["dashboard"], "standing/?weeks=4"),
    "api_team_members": _members,
    "api_team_workload": _workload,
    "api_teams": _people("teams/"),
    "api_timeline": _within("timeline/"),
    "api_trash": _trash,
    "api_users": _people("users/"),
    "api_value_entries": _traded("value-entries/"),
}
