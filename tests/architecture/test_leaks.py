"""Nothing leaks: who may know of one role of a party learns nothing of another that they may not know of.

Every address of the product is tried, as the resolver knows them: a page that lands is under test with it. An
address is opened in a world where the party has one role alone and again where it has the hidden one too, and the
two answers are equal, so neither words nor counts nor the order of things tell. What belongs to the hidden role
answers like what does not exist. Every kind is hidden once, from somebody whose role is for another kind; staff is
hidden from everybody of every role, in the same team, with no limit to their role at all.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Permission
from accounts.models import RoleGrant, Team, User
from accounts.operations.workspace import Workspace
from accounts.permissions import ROLES
from cases.models import Case as Raised
from cases.operations.messages import note_in_case
from cases.queries.queue import QueueQuery, queue
from commerce.models import Order
from commerce.operations.nightly import refresh_purchases
from exchange.models import DuplicateCandidate, HeldRow, ImportJob, ImportRun
from health.models import Alert, BenefitLine, LookBack, Proposal, Review, ScoreOverride
from health.operations.look_backs import note_actuals
from health.operations.overrides import set_override
from health.operations.proposals import Estimate, add_line, draft_proposal
from health.operations.reviews import begin_review
from health.operations.scoring import score
from health.operations.sightings import raise_sightings
from messaging.models import OutgoingMail
from relationships import kinds
from relationships.models import (
    Commitment,
    ConfidentialAccess,
    Document,
    Event,
    FollowUp,
    HandoverPack,
    Interaction,
    Party,
    PlaybookRun,
    PlaybookRunStep,
    Relationship,
    ValueEntry,
)
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.confidential_access import name_access
from relationships.operations.contact_points import add_contact_point
from relationships.operations.drafts import save_draft
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.handovers import hand_over, note_for_receiver
from relationships.operations.playbooks import start_playbook
from relationships.operations.value_entries import Worth, record_value
from relationships.permissions import may_in
from relationships.queries.commitment_ledger import LedgerQuery, kept_rates, ledger
from relationships.queries.quick_log import read_line
from relationships.queries.timeline import timeline_page
from tests.doors import answer, answers, signed_in
from tests.exchange.pages import make_job, make_merge, make_run
from tests.factories import (
    NOW,
    make_case,
    make_document,
    make_interaction,
    make_link,
    make_mail,
    make_order,
    make_party,
    make_payment,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
"""Thousands of pages, all of them tested elsewhere: what of the code they reach is not the question here."""

ELSEWHERE = (
    "account/",
    "administration/",
    "settings/",
    "styleguide/",
    "set-up/",
    "invitation/",
    "sent-mail/",
    "received-mail/",
    "forms/",  # for anybody, and tells of nobody: tests/automation/test_web_forms.py
    "calendar/feeds/",  # opened by a token alone: tests/relationships/test_calendar_feed.py
    "healthz",
    "readyz",
)
"""Addresses that show nothing of relationships to somebody without the right to administer."""

NOBODYS = 999_999
NAMED_ALONE = ("brief", "issue", "reconciliation", "user", "view", "change", "endpoint", "delivery", "rule")
ANSWERS = {"name": "deliver", "tab": "timeline", "component": "problems", "done_to": "created"}
ANSWERS |= {"what": "parties", "key": "stage", "number": 1, "ending": "csv", "export_id": NOBODYS}
NUMBERED = (*NAMED_ALONE, "form", "sent", "notification", "erasure", "unit", "membership", "mail", "mailbox")
ANSWERS |= {f"{each}_id": NOBODYS for each in (*NUMBERED, "suppression")}


@dataclass(frozen=True)
class Case:
    """Which kind is hidden, and from whom: each by a role, within the kind that is shown or without any limit."""

    hidden: str
    roles: tuple[str, ...] = ("relationship_manager",)

    def __str__(self) -> str:
        return f"{self.hidden} from {', '.join(self.roles)}"

    @property
    def base(self) -> str:
        """The kind that the viewers see."""
        return "customers" if self.hidden == "suppliers" else "suppliers"

    @property
    def party_kind(self) -> str:
        """What the party is: something that can have both roles."""
        both = [kinds.registry.get(slug).party_kinds for slug in (self.base, self.hidden)]
        return next(party_kind for party_kind in both[0] if party_kind in both[1])

    def limit(self, role: str) -> str:
        """The kind that a viewer's role is for; "" for all."""
        return self.base if self.hidden != "staff" or role == "hr" else ""


CLOSED = [kind.slug for kind, _sight in kinds.registry.closed]
OPEN = [slug for slug in kinds.registry.slugs if slug not in CLOSED]
CASES = [*(Case(slug) for slug in OPEN), *(Case("staff", tuple(ROLES)[start::3]) for start in range(3))]
OTHERS = tuple(role for role in ROLES if role != "relationship_manager")
EVERY = [*CASES, *(Case(slug, OTHERS) for slug in OPEN)]
TWO = [Case("customers"), Case("staff", ("administrator",))]


@dataclass(frozen=True)
class World:
    """The party, who looks at it by their role, and the ids by which addresses name what they see."""

    case: Case
    party: Party
    viewers: dict[str, User]
    seller: User
    team: Team
    shown: dict[str, Any]


def make_role(kind: str, party: Party, owner: User, team: Team, words: str) -> Relationship:
    """A role of the party with everything that can happen in one, its words telling it apart."""
    ana = Party.objects.get(name="Ana Ruiz")
    before = User.objects.get(name=f"Before {kind}")
    relationship = make_relationship(
        kind,
        party=party,
        actor=owner if kind in CLOSED else None,
        owner=before,
        team=team,
        objective=f"{words} objective",
        sensitivity_note=f"{words} note",
    )
    handed = hand_over(actor=before, leaver=before, receiver=owner, reason=f"{words} handed", now=NOW)
    note_for_receiver(actor=before, pack=handed.handover.packs.get(), note=f"{words} pack", now=NOW)
    playbook = kinds.registry.get(kind).playbooks[0].slug
    start_playbook(actor=owner, relationship=relationship, playbook=playbook, aim=f"{words} aim", now=NOW)
    for direction, channel in (("in", "email"), ("out", "call"), ("out", "note")):
        make_interaction(
            relationship,
            actor=owner,
            direction=direction,
            channel=channel,
            body=f"{words} said",
            subject=f"{words} subject",
            tags=[words],
            people=[ana],
            problem_severity=4 if direction == "in" else None,
            happened_at=NOW - timedelta(days=2),
        )
    make_interaction(
        relationship,
        actor=owner,
        body=f"{words} agreed",
        commitments=[CommitmentDraft(side, f"{words} {side}", NOW.date()) for side in ("ours", "theirs")],
        follow_up=FollowUpDraft(f"{words} next", NOW.date()),
    )
    save_draft(actor=owner, relationship=relationship, body=f"{words} begun", channel="call", now=NOW)
    make_order(relationship, NOW.date() - timedelta(days=3), ref=f"{words} order")
    make_payment(relationship, NOW.date() - timedelta(days=3), ref=f"{words} payment")
    refresh_purchases(now=NOW, relationship_ids=[relationship.pk])
    raise_sightings(now=NOW)
    if may_in(owner, Permission.VIEW_MONEY, relationship):
        weigh(relationship, owner, words)
    make_run(owner, 1, kind, words)
    make_job(owner, kind, words)
    begin_review(actor=owner, relationship=relationship, now=NOW)
    raised = {"subject": f"{words} case", "body": f"{words} raised?", "remedy_sought": f"{words} wish"}
    case = make_case(relationship, actor=owner, person=ana, owner=owner, told=f"{words} file", **raised)
    note_in_case(actor=owner, case=case, body=f"{words} among us", now=NOW)
    make_mail(case, actor=owner, body=f"{words} written", send_at=NOW + timedelta(days=1))
    name_access(actor=owner, relationship=relationship, user=owner, reason=f"{words} reason", now=NOW)
    make_document(
        relationship, actor=owner, name=f"{words}.pdf", note=f"{words} note", content=words.encode()
    )
    score(kind=kind, now=NOW)
    set_override(actor=owner, relationship=relationship, value=Decimal(9), reason=f"{words} judged", now=NOW)
    return relationship


def make_double(party: Party, double: Party) -> None:
    """Somebody who may be the party."""
    DuplicateCandidate.objects.create(first=party, second=double, score=0.9, found_at=NOW)


def weigh(relationship: Relationship, owner: User, words: str) -> None:
    """What the role is worth, an offer, and one that was looked back at: of those whose money somebody may see."""
    looked_back_at(relationship, owner, words)
    worth = Worth(Decimal(50), "GBP")
    noted = {"side": "to_us", "category": "margin", "value_date": NOW.date(), "worth": worth}
    record_value(actor=owner, relationship=relationship, note=f"{words} margin", now=NOW, **noted)
    offer = draft_proposal(
        actor=owner, relationship=relationship, title=f"{words} offer", currency="GBP", now=NOW
    )
    amounts = Decimal(1), Decimal(2), Decimal(3)
    add_line(actor=owner, proposal=offer, estimate=Estimate("to_us", f"{words} line", *amounts))


def looked_back_at(relationship: Relationship, owner: User, words: str) -> None:
    """A proposal accepted half a year ago: one line has its actual, another waits for it."""
    given = {"actor": owner, "relationship": relationship, "currency": "GBP", "now": NOW}
    offer = draft_proposal(title=f"{words} old offer", **given)
    for side in ("to_us", "to_them"):
        estimate = Estimate(side, f"{words} came", Decimal(1), Decimal(2), Decimal(3))
        add_line(actor=owner, proposal=offer, estimate=estimate)
    sent = {"sent_at": NOW, "sent_by": owner, "settled_at": NOW}
    Proposal.objects.filter(pk=offer.pk).update(state="accepted", **sent)
    LookBack.objects.create(proposal=offer, due_date=NOW.date())
    came = {offer.lines.get(side="to_us").pk: (Decimal(2), "books")}
    note_actuals(actor=owner, proposal=offer, actuals=came, now=NOW)


def newest(rows: QuerySet[Any]) -> int:
    """The last row's number; where a role has none of its sort, a number that nothing has."""
    return rows.order_by("id").values_list("id", flat=True).last() or NOBODYS


def ids_of(relationship: Relationship) -> dict[str, Any]:
    return {
        "kind": relationship.kind,
        "relationship_id": relationship.pk,
        "interaction_id": Interaction.objects.filter(relationship=relationship).latest("id").pk,
        "commitment_id": Commitment.objects.filter(relationship=relationship).latest("id").pk,
        "follow_up_id": FollowUp.objects.filter(relationship=relationship).latest("id").pk,
        "access_id": ConfidentialAccess.objects.get(relationship=relationship).pk,
        "document_id": Document.objects.filter(relationship=relationship).latest("id").pk,
        "override_id": ScoreOverride.objects.filter(relationship=relationship).latest("id").pk,
        "order_id": Order.objects.filter(relationship=relationship).latest("id").pk,
        "proposal_id": newest(Proposal.objects.filter(relationship=relationship)),
        "line_id": newest(BenefitLine.objects.filter(proposal__relationship=relationship)),
        "entry_id": newest(ValueEntry.objects.filter(relationship=relationship)),
        "case_id": Raised.objects.get(relationship=relationship).pk,
        "question_id": Raised.objects.get(relationship=relationship).questions.get().pk,
        "outgoing_id": OutgoingMail.objects.get(case_answer__case__relationship=relationship).pk,
        "review_id": Review.objects.get(relationship=relationship).pk,
        "alert_id": Alert.objects.filter(relationship=relationship).latest("id").pk,
        "handover_id": HandoverPack.objects.get(relationship=relationship).handover_id,
        "pack_id": HandoverPack.objects.get(relationship=relationship).pk,
        "run_id": PlaybookRun.objects.get(relationship=relationship).pk,
        "candidate_id": DuplicateCandidate.objects.latest("id").pk,
        "import_id": ImportRun.objects.get(kind=relationship.kind).pk,
        "held_id": HeldRow.objects.filter(run__kind=relationship.kind).latest("id").pk,
        "job_id": ImportJob.objects.get(kind=relationship.kind).pk,
        "step_id": PlaybookRunStep.objects.filter(run__relationship=relationship).latest("id").pk,
    }


@contextmanager
def world_of(case: Case) -> Iterator[World]:
    """The party with the role that is seen; the only viewer of a limited role owns it, else somebody else does."""
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        team = make_team()
        viewers = {
            role: make_user(role, kind=case.limit(role), member_of=team, name=f"Viewer {role}")
            for role in case.roles
        }
        seller = make_user(
            "hr" if case.hidden == "staff" else "relationship_manager", case.hidden, name="Seller"
        )
        owner = viewers["relationship_manager"] if case == Case(case.hidden) else None
        owner = owner or make_user(kind=case.base, name="Owner")
        for kind in (case.base, case.hidden):
            make_user("hr" if kind == "staff" else "relationship_manager", kind, name=f"Before {kind}")
            score(kind=kind, now=NOW)  # how a kind is measured is no secret of one of its roles
        party = make_party("Twin Trading", kind=case.party_kind)
        ana = make_person("Ana Ruiz", works_for=party)
        point = add_contact_point(actor=owner, party=ana, kind="email", value="ana@example.org", now=NOW)
        link = make_link(party, make_party("Holding"), "subsidiary_of")
        base = make_role(case.base, party, owner, team, "otter")
        make_double(party, make_party("Otter double"))
        shown = ids_of(base) | {"party_id": party.pk, "point_id": point.pk, "link_id": link.pk}
        shown |= {"merge_id": make_merge(party, owner), "team_id": team.pk, "scorecard_id": NOBODYS}
        yield World(case, party, viewers, seller, team, shown)


def add_hidden_role(world: World) -> dict[str, Any]:
    """Gives the party the hidden role too; gives the ids of what the viewer must not know.

    It comes about as those who may do it would: the party must be in their sight while it does.
    """
    with_sight = world.case.hidden == "staff"
    if with_sight:
        grant = RoleGrant.objects.create(
            user=world.seller, role="hr", granted_at=NOW, granted_by=world.seller
        )  # to find the party; staff is then all that is left
    kind = world.case.hidden
    made = make_role(kind, world.party, world.seller, world.team, "zebra")
    double = make_relationship(
        kind, actor=world.seller if kind in CLOSED else None, name="Zebra double"
    ).party
    make_double(world.party, double)
    if with_sight:
        RoleGrant.objects.filter(pk=grant.pk).delete()
    return ids_of(made)


def addresses() -> dict[str, list[str]]:
    """Every address that may show relationships, with the names of its parts."""
    found: dict[str, list[str]] = {}

    def walk(resolver: URLResolver, prefix: str) -> None:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                if not route.startswith(ELSEWHERE):
                    found[route] = re.findall(r"<\w+:(\w+)>", route)
            else:
                walk(pattern, route)

    walk(get_resolver(), "")
    return found


def filled(route: str, ids: dict[str, Any]) -> str:
    """The address with its parts; a part that nobody has told this test about raises KeyError."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda part: str((ANSWERS | ids)[part[1]]), route)


PROBES = (
    "?q=twin",
    "?q=zebra&name=zebra",
    "?kind={kind}",
    "?owner={seller}",
    "?filter=calls",
    "?relationship={hidden}",
)
ADMINISTRATION = (
    "/administration/people/",
    "/administration/people/{seller}/",
    "/administration/teams/{team}/",
    "/administration/audit/",
    "/administration/business-units/",
    "/administration/sample/",
    "/sent-mail/",
    "/received-mail/",
    *("/suppressed-addresses/", "/cases/mailboxes/"),
)
"""What administrators may look at beside, or some of them; to others these answer alike in any case."""
HIDDEN_PARTS = {
    f"{each}_id"
    for each in (
        *("held", "import", "job", "relationship", "interaction", "commitment", "follow_up", "order"),
        *("document", "handover", "pack", "run", "step", "access", "override", "alert", "proposal", "line"),
        *("entry", "review", "case", "question", "outgoing"),
    )
}


def pages_of(world: World, hidden_id: int) -> dict[str, list[str]]:
    """Every address for what the viewer sees, those of no single thing with everything that may be asked there."""
    pages = {page.format(seller=world.seller.pk, team=world.team.pk): [] for page in ADMINISTRATION}
    said = {"seller": world.seller.pk, "hidden": hidden_id, "kind": world.case.hidden}
    for route, parts in sorted(addresses().items()):
        if route.endswith("/export/"):
            continue  # to take a list out is written down; its files have tests of their own
        probes = [] if set(parts) - {"kind"} else [probe.format(**said) for probe in PROBES]
        for kind in (world.case.base, world.case.hidden) if "kind" in parts else (world.case.base,):
            pages[filled(route, world.shown | {"kind": kind})] = probes
    return pages


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_page_is_the_same_whether_or_not_there_is_a_role_one_may_not_know(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        clients = {role: signed_in(viewer) for role, viewer in world.viewers.items()}
        next_id = Relationship.objects.latest("id").pk + 1
        pages = pages_of(world, next_id)
        visits = list(product(clients, pages))
        before = {(role, page): answers(clients[role], page, pages[page]) for role, page in visits}
        hidden = add_hidden_role(world)
        assert hidden["relationship_id"] == next_id
        for role, page in visits:
            after = answers(clients[role], page, pages[page])
            assert after == before[role, page], f"{role} at {page}"


LINES = (
    "call Ana @Twin hello",
    "call Ana hello",
    "call Seller @zebra",
    "call Ana Ruiz @twin !us by fri zebra",
    "",
)


@pytest.mark.parametrize("case", TWO, ids=str)
def test_a_line_being_typed_is_read_the_same_whether_or_not_there_is_that_role(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        client = signed_in(world.viewers[case.roles[0]])
        before = [answer(client, "post", "/log/preview/", line=line) for line in LINES]
        add_hidden_role(world)
        assert [answer(client, "post", "/log/preview/", line=line) for line in LINES] == before
        assert [status for status, _body in before] == [200] * len(LINES)


@pytest.mark.parametrize("case", TWO, ids=str)
def test_what_is_hidden_answers_like_what_does_not_exist(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        hidden = add_hidden_role(world)
        client = signed_in(world.viewers[case.roles[0]])
        for method, (route, parts) in product(("get", "post"), sorted(addresses().items())):
            for part in HIDDEN_PARTS & set(parts):
                for kind in (case.base, case.hidden) if "kind" in parts else (case.base,):
                    ids = world.shown | {"kind": kind}
                    secret = answer(client, method, filled(route, ids | {part: hidden[part]}))
                    nothing = answer(client, method, filled(route, ids | {part: NOBODYS}))
                    assert (method, route, secret[0] in (401, 404, 405)) == (method, route, True)
                    assert secret == nothing, f"{method} {route}"


def test_the_test_would_notice_a_leak(workspace: Workspace) -> None:
    """The same pages differ for somebody who may know of both roles: the comparison is not blind."""
    with world_of(Case("customers")) as world:
        client = signed_in(make_user("administrator"))
        pages = ["/commitments/", "/customers/"]
        before = {page: answer(client, "get", page) for page in pages}
        add_hidden_role(world)
        assert [page for page in pages if answer(client, "get", page) == before[page]] == []


def told(world: World, role: str) -> dict[str, Any]:
    """What the domain tells a viewer, beside the pages."""
    viewer = User.objects.get(pk=world.viewers[role].pk)
    supplier = Relationship.objects.get(pk=world.shown["relationship_id"])
    page = timeline_page(viewer=viewer, relationship=supplier)
    read = read_line(actor=viewer, line="call Ana @Twin hello", now=NOW)
    return {
        "parties": sorted(Party.objects.visible_to(viewer).values_list("name", flat=True)),
        "relationships": list(Relationship.objects.visible_to(viewer).values_list("kind", flat=True)),
        "interactions": Interaction.objects.visible_to(viewer).count(),
        "commitments": Commitment.objects.visible_to(viewer).count(),
        "follow-ups": FollowUp.objects.visible_to(viewer).count(),
        "documents": Document.objects.visible_to(viewer).count(),
        "events": Event.objects.visible_to(viewer).count(),
        "timeline": [entry.event.pk for entry in page.entries],
        "timeline counts": page.counts_by_group,
        "timeline search": timeline_page(viewer=viewer, relationship=supplier, q="zebra").entries,
        "cases": queue(viewer=viewer, query=QueueQuery(), now=NOW).count(),
        "ledger": ledger(viewer=viewer, query=LedgerQuery(), now=NOW).count(),
        "kept rates": kept_rates(viewer=viewer, query=LedgerQuery(), now=NOW + timedelta(days=9)),
        "quick log": (read.relationship, [each.party for each in read.people], read.questions, read.errors),
        "quick log, by person": read_line(actor=viewer, line="call Ana hello", now=NOW).relationship,
    }


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_the_domain_tells_the_same_whether_or_not_there_is_a_role_one_may_not_know(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        before = {role: told(world, role) for role in world.viewers}
        add_hidden_role(world)
        assert {role: told(world, role) for role in world.viewers} == before
        seen = {role: facts["relationships"] for role, facts in before.items()}
        assert seen == {role: [case.base] for role in case.roles}
        read = {role: facts["quick log"][0].pk for role, facts in before.items()}
        assert read == dict.fromkeys(case.roles, world.shown["relationship_id"])
