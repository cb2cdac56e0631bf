"""The pages that list rows: for each, how to make a number of rows and where the page is.

`tests/architecture/test_query_budgets.py` opens each with one row and with three and compares the number of
queries with `tests/query_counts.json`. Whoever adds a page adds a line here and there.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.operations import currencies, invitations, roles, teams
from accounts.operations.service_accounts import create_service_account
from accounts.operations.tokens import create_token
from accounts.permissions import ROLES
from commerce.operations.nightly import refresh_purchases
from exchange.models import DuplicateCandidate
from health.models import Scorecard
from health.operations.drafts import draft_from
from health.operations.scorecards import install_default
from health.operations.scoring import score, score_history
from messaging.operations.outbox import enqueue_message, send_due
from relationships.filters.relationship_list import encode_list
from relationships.models import PartyIdentifier, Relationship
from relationships.operations.commitments import renegotiate
from relationships.operations.confidential_access import name_access
from relationships.operations.contact_points import add_contact_point
from relationships.operations.documents import remove_document
from relationships.operations.handovers import hand_over
from relationships.operations.interactions import correct_interaction
from relationships.operations.playbooks import start_playbook
from relationships.operations.reminders import plan_reminders, remind_due
from relationships.operations.saved_views import remove_view, save_view
from relationships.queries.relationship_list import ListQuery
from tests.api_pages import API_PAGES
from tests.automation.pages import AUTOMATION_PAGES
from tests.exchange.pages import IMPORT_PAGES
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
from tests.health.evidence import put
from tests.health.pages import HEALTH_PAGES
from tests.messaging.pages import MESSAGING_PAGES
from tests.oversight.pages import OVERSIGHT_PAGES
from tests.overview_pages import OVERVIEWS
from tests.relationships.custom_pages import CUSTOM_PAGES
from tests.relationships.list_pages import LIST_PAGES, busy_relationships
from tests.relationships.merges import MERGE_PAGES


def _search(page: str) -> Callable[[User, int], str]:
    """Results in every group: a phone number, a name, and words, each met by so many rows."""

    def make(viewer: User, rows: int) -> str:
        for number in range(rows):
            relationship = make_relationship(name=f"Walrus {number}", owner=viewer)
            person = make_person(f"Walrus Person {number}", works_for=relationship.party)
            address = f"w{number}@walrus.example"
            add_contact_point(actor=viewer, party=person, kind="email", value=address, now=NOW)
            make_interaction(relationship, actor=viewer, body="walrus.example")
            make_commitment(relationship, actor=viewer, what="Walrus.example")
        return f"/search/{page}?q=walrus.example"

    return make


def _places(viewer: User, rows: int) -> str:
    _my_day(viewer, rows)
    return "/places/"


def _my_day(viewer: User, rows: int) -> str:
    for _ in range(rows):
        relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=60))
        made = {"actor": viewer, "made_at": NOW - timedelta(days=9)}
        make_interaction(relationship, actor=viewer, problem_severity=4)
        make_commitment(relationship, due_date=NOW.date() - timedelta(days=1), **made)
        make_commitment(relationship, due_date=NOW.date() + timedelta(days=5), direction="theirs", **made)
        make_follow_up(relationship, actor=viewer, due_date=NOW.date())
        make_commitment(relationship, due_date=NOW.date() + timedelta(days=5), **made)
    plan_reminders(now=NOW - timedelta(days=9))
    remind_due(now=NOW)
    return "/"


def _ledger(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/commitments/"


def _promise(viewer: User, rows: int) -> str:
    promise = make_commitment(make_relationship(owner=viewer), actor=viewer)
    for day in range(1, rows + 1):
        renegotiate(
            actor=viewer,
            commitment=promise,
            to_date=promise.original_due_date + timedelta(days=day),
            agreed_with="Ann",
            reason="Snow",
            now=NOW,
        )
    return f"/commitments/{promise.pk}/"


def _log(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/log/"


def _people(viewer: User, rows: int) -> str:
    team = make_team()
    for number in range(rows):
        make_user("representative", "customers", team=team, member_of=team)
        invitations.invite(
            actor=viewer, email=f"n{number}@example.org", name="Nora", role="hr", team=team, now=NOW
        )
    return "/administration/people/"


def _person(viewer: User, rows: int) -> str:
    person = make_user("hr")
    for _ in range(rows):
        team = make_team()
        roles.grant_role(actor=viewer, user=person, role="representative", team=team, now=NOW)
        teams.add_member(actor=viewer, team=team, user=person, now=NOW)
        make_relationship(owner=person)
    return f"/administration/people/{person.pk}/"


def _teams(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_user("hr", member_of=make_team(lead=viewer))
    return "/administration/teams/"


def _team(viewer: User, rows: int) -> str:
    team = make_team()
    for _ in range(rows):
        make_user("representative", team=team, member_of=team)
    return f"/administration/teams/{team.pk}/"


def _units(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_team(business_unit=make_business_unit())
    return "/administration/business-units/"


def _currencies(viewer: User, rows: int) -> str:
    for number, code in enumerate(("CHF", "SEK", "JPY")[:rows]):
        currencies.add_currency(actor=viewer, code=code, now=NOW)
        day = NOW.date() - timedelta(days=number)
        currencies.set_rate(actor=viewer, currency=code, into="GBP", rate=Decimal(2), rate_date=day, now=NOW)
    return "/administration/currencies/"


def _sent_mail(viewer: User, rows: int) -> str:
    for number in range(rows):
        message = EmailMessage("Hello", "Words.", "us@example.org", [f"n{number}@example.org"])
        enqueue_message(message=message, actor=viewer, now=NOW)
    return "/sent-mail/"


def _sent_message(viewer: User, rows: int) -> str:
    to = [f"n{number}@example.org" for number in range(rows)]
    message = EmailMessage("Hello", "Words.", "us@example.org", to)
    row = enqueue_message(message=message, actor=viewer, now=NOW)
    send_due(now=NOW)
    return f"/sent-mail/{row.pk}/"


def _sessions(viewer: User, rows: int) -> str:
    for _ in range(rows):
        other = Client()
        other.force_login(viewer)
        other.get("/settings/")
    return "/settings/sessions/"


def _tokens(viewer: User, rows: int) -> str:
    for _ in range(rows):
        create_token(actor=viewer, user=viewer, name="Sync", scopes=["health:read"], days=30, now=NOW)
    return "/settings/tokens/"


def _calendar(viewer: User, rows: int) -> str:
    for _ in range(rows):
        create_token(actor=viewer, user=viewer, name="Phone", scopes=["calendar:read"], days=30, now=NOW)
    return "/settings/calendar/"


def _service_account(viewer: User, rows: int) -> str:
    for _ in range(rows):
        account = create_service_account(actor=viewer, name="Warehouse", now=NOW)
        for _number in range(rows):
            create_token(actor=viewer, user=account, name="Sync", scopes=["health:read"], days=30, now=NOW)
            RoleGrant.objects.create(
                user=account, role=list(ROLES)[_number], granted_at=NOW, granted_by=viewer
            )
    return f"/administration/service-accounts/{account.pk}/"


def _service_accounts(viewer: User, rows: int) -> str:
    _service_account(viewer, rows)
    return "/administration/service-accounts/"


def _orders(viewer: User, rows: int) -> str:
    relationship = make_relationship(owner=viewer)
    for ago in range(1, rows + 1):
        make_order(relationship, NOW.date() - timedelta(days=ago))
    refresh_purchases(now=NOW)
    return f"/customers/{relationship.pk}/orders/"


def _order(viewer: User, rows: int) -> str:
    order = make_order(make_relationship(owner=viewer), NOW.date() - timedelta(days=1))
    line = order.lines.get()
    for number in range(1, rows):
        line.pk, line.source_key = None, f"line{number}"
        line.save(force_insert=True)
    return f"/customers/{order.relationship_id}/orders/{order.pk}/"


def _payments(viewer: User, rows: int) -> str:
    relationship = make_relationship("suppliers", owner=viewer)
    for ago in range(1, rows + 1):
        make_payment(relationship, NOW.date() - timedelta(days=ago))
    return f"/suppliers/{relationship.pk}/payments/"


def _access(viewer: User, rows: int) -> str:
    team = make_team()
    relationship = make_relationship(owner=viewer, team=team)
    for _ in range(rows):
        person = make_user("auditor", "customers", member_of=team)
        name_access(actor=viewer, relationship=relationship, user=person, reason="Audit", now=NOW)
    return f"/customers/{relationship.pk}/access/"


def _record(tab: str) -> Callable[[User, int], str]:
    """A record with that many of everything that it lists, reached from a list."""

    def make(viewer: User, rows: int) -> str:
        relationship = make_relationship(owner=viewer)
        for number in range(rows + 3):  # enough evidence for a score, whatever the number asked for
            person = make_person(works_for=relationship.party)
            made = {"actor": viewer, "people": [person], "problem_severity": 4, "happened_at": NOW}
            make_interaction(relationship, body=f"Talk {number}", **made)
            make_commitment(relationship, actor=viewer)
            make_commitment(relationship, actor=viewer, direction="theirs", person=person)
            make_follow_up(relationship, actor=viewer, person=person)
            make_document(relationship, actor=viewer)
            make_relationship(owner=viewer)
            make_link(make_relationship(owner=viewer).party, relationship.party, "owns")
        make_order(relationship, NOW.date() - timedelta(days=1))
        refresh_purchases(now=NOW)
        install_default(actor=viewer, kind="customers", now=NOW)
        score(kind="customers", now=NOW)
        word = encode_list(ListQuery("customers", sort="health"))
        return f"/customers/{relationship.pk}/{tab}?from={word}"

    return make


def _document(viewer: User, rows: int) -> str:
    document = make_document(make_relationship(owner=viewer), actor=viewer)
    for number in range(rows):
        make_version(document, actor=viewer, content=f"version {number}".encode())
    return f"/documents/{document.pk}/preview/"


def _trash(viewer: User, rows: int) -> str:
    for number in range(rows):
        document = make_document(make_relationship(owner=viewer), actor=viewer)
        remove_document(actor=viewer, document=document, now=NOW, reason="Old")
        given = {"kind": "customers", "name": f"View {number}", "address": "", "now": NOW}
        remove_view(actor=viewer, view=save_view(actor=viewer, **given), now=NOW)
    return "/trash/"


def _closing(viewer: User, rows: int) -> str:
    relationship = make_relationship(owner=viewer)
    for _ in range(rows):
        make_relationship(
            "suppliers", party=relationship.party, owner=viewer, business_unit=make_business_unit()
        )
        make_commitment(relationship, actor=viewer)
        make_follow_up(relationship, actor=viewer)
    return f"/customers/{relationship.pk}/closing/"


def _versions(viewer: User, rows: int) -> str:
    talk = make_interaction(make_relationship(owner=viewer), actor=viewer, problem_severity=4)
    for number in range(rows):
        talk = correct_interaction(
            actor=viewer, interaction=talk, now=NOW, reason="Misheard", body=f"Boxes: {number}"
        )
    return f"/interactions/{talk.pk}/versions/"


def _dropped(viewer: User, rows: int) -> str:
    """Suppliers whose complaint and tone of the last days brought their score down."""
    for _ in range(rows):
        relationship = make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=300))
        put(relationship, *range(33, 90, 6), sentiment=0.5, reply_minutes=60)
        put(relationship, *range(34, 90, 7), direction="out", reply_minutes=60)
        put(relationship, 7, 11, sentiment=-0.9)
        put(relationship, 3, problem_severity=4, sentiment=-0.9)
    score_history(kind="suppliers", now=NOW, weeks=8)
    return "/day/health/"


def _party(viewer: User, rows: int) -> str:
    relationship = make_relationship(owner=viewer)
    person = make_person(works_for=relationship.party)
    for _ in range(rows):
        make_interaction(relationship, people=[person])
        make_link(make_relationship(owner=viewer).party, person, "knows")
    return f"/parties/{person.pk}/"


def _board(viewer: User, rows: int) -> str:
    team = make_team(lead=viewer)
    for _ in range(rows):
        member = make_user(member_of=team)
        relationship = make_relationship(owner=member)
        make_follow_up(relationship, assignee=member)
        make_commitment(relationship, owner=member)
        make_interaction(relationship, actor=member, duration_minutes=30)
    return f"/team/?team={team.pk}"


def _handover(page: str) -> Callable[[User, int], str]:
    """A book with that many relationships, before or after it went to the viewer."""

    def make(viewer: User, rows: int) -> str:
        leaver = make_user(name="Leaver")
        for _ in range(rows):
            relationship = make_relationship(owner=leaver)
            ana = make_person(works_for=relationship.party)
            add_contact_point(actor=viewer, party=ana, kind="email", value="a@example.org", now=NOW)
            make_interaction(relationship, problem_severity=4)
            make_commitment(relationship, owner=leaver)
            make_follow_up(relationship, assignee=leaver)
        if page == "new":
            return f"/handovers/new/?person={leaver.pk}"
        given = hand_over(actor=viewer, leaver=leaver, receiver=viewer, reason="Leaves", now=NOW)
        pack = given.handover.packs.first()
        here = f"{given.handover.pk}/packs/{pack.pk}/" if pack else ""
        pages = {"list": "", "detail": f"{given.handover.pk}/", "mails": f"{given.handover.pk}/mails/"}
        return "/handovers/" + pages.get(page, here + ("mail/" if page == "mail" else ""))

    return make


def _playbooks(viewer: User, rows: int) -> str:
    relationship = make_relationship(owner=viewer)
    for playbook in ("win_back", "after_complaint", "first_weeks")[:rows]:
        start_playbook(actor=viewer, relationship=relationship, playbook=playbook, now=NOW)
    return f"/customers/{relationship.pk}/panels/"


def _network(viewer: User, rows: int) -> str:
    party = make_relationship(owner=viewer).party
    for _ in range(rows):
        near = make_relationship(owner=viewer).party
        make_link(party, near, "partner_of")
        make_link(near, make_person(), "employs")
    return f"/parties/{party.pk}/network/"


def _introductions(viewer: User, rows: int) -> str:
    party = make_relationship(owner=viewer).party
    for _ in range(rows):
        known = make_relationship(owner=viewer)
        make_link(known.party, party, "knows")
        make_interaction(known, actor=viewer, channel="meeting", direction="mutual")
    return f"/parties/{party.pk}/introductions/"


def _measured(viewer: User, rows: int) -> Scorecard:
    """A draft after that many versions, with as many relationships to try it on."""
    for _ in range(rows):
        put(make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=90)), 3, 5, 9)
        card = install_default(actor=viewer, kind="suppliers", now=NOW)
    score(kind="suppliers", now=NOW)
    return draft_from(actor=viewer, scorecard=card, now=NOW)


def _scorecards(viewer: User, rows: int) -> str:
    _measured(viewer, rows)
    return "/administration/scorecards/"


def _scorecard(viewer: User, rows: int) -> str:
    card, relationship = _measured(viewer, rows), Relationship.objects.latest("id")
    return f"/administration/scorecards/{card.pk}/?try=1&relationship={relationship.pk}"


def _component(viewer: User, rows: int) -> str:
    return f"/administration/scorecards/{_measured(viewer, rows).pk}/components/activity/"


def _duplicates(viewer: User, rows: int) -> str:
    for _ in range(rows):
        parties = [make_party(place="Leeds"), make_party(place="Leeds")]
        for party in parties:
            add_contact_point(actor=viewer, party=party, kind="phone", value="+441134960000", now=NOW)
            PartyIdentifier.objects.create(party=party, scheme="registration", value="01234567")
        DuplicateCandidate.objects.create(first=parties[0], second=parties[1], score=0.9, found_at=NOW)
    return "/duplicates/"


PAGES: dict[str, Callable[[User, int], str]] = {
    **MESSAGING_PAGES,
    **HEALTH_PAGES,
    **CUSTOM_PAGES,
    **LIST_PAGES,
    **MERGE_PAGES,
    **IMPORT_PAGES,
    **OVERVIEWS,
    **API_PAGES,
    **OVERSIGHT_PAGES,
    **AUTOMATION_PAGES,
    "access_list": _access,
    "commitment_detail": _promise,
    "commitment_list": _ledger,
    "currencies": _currencies,
    "duplicates": _duplicates,
    "document_preview": _document,
    "trash": _trash,
    "evidence_list": _record("why/activity/"),
    "health_dropped": _dropped,
    "log": _log,
    "interaction_versions": _versions,
    "my_day": _my_day,
    "override_new": _record("overrides/"),
    "order_detail": _order,
    "order_list": _orders,
    "payment_list": _payments,
    "people": _people,
    "places": _places,
    "search": _search(""),
    "search_options": _search("options/"),
    "person": _person,
    "scorecard": _scorecard,
    "scorecards": _scorecards,
    "component_edit": _component,
    "sent_mail": _sent_mail,
    "sent_message": _sent_message,
    "service_account": _service_account,
    "service_accounts": _service_accounts,
    "sessions": _sessions,
    "team": _team,
    "teams": _teams,
    "tokens": _tokens,
    "calendar": _calendar,
    "units": _units,
    "party_detail": _party,
    "handover_detail": _handover("detail"),
    "handover_list": _handover("list"),
    "handover_mails": _handover("mails"),
    "handover_new": _handover("new"),
    "pack_mail": _handover("mail"),
    "handover_pack": _handover("pack"),
    "party_introductions": _introductions,
    "party_network": _network,
    "playbooks": _playbooks,
    "team_board": _board,
    "relationship_about": _record("about/"),
    "relationship_closing": _closing,
    "relationship_commitments": _record("commitments/"),
    "relationship_detail": _record(""),
    "relationship_documents": _record("documents/"),
    "relationship_people": _record("people/"),
    "relationship_panels": _record("panels/"),
    "relationship_pieces": _record("pieces/"),
    "relationship_strip": _record("strip/"),
    "relationship_timeline": _record("timeline/"),
    "relationship_why": _record("why/"),
}
