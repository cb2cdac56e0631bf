"""Alerts, proposals and reviews: every move from every state is made, or refused with those that are possible."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from health.models import Alert, Proposal, Review
from health.operations import alerts, proposals, reviews
from health.operations.sightings import raise_sightings
from health.transitions import ALERT, PROPOSAL, REVIEW
from tests.architecture.test_transitions import every_pair, judge
from tests.factories import NOW, make_interaction, make_relationship, make_user

pytestmark = pytest.mark.django_db
SOON = NOW.date() + timedelta(days=30)


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return make_user()


def states_in_order(entity: Any, move: Any, road: list[str]) -> Any:
    for step in road:
        entity = move(entity, step)
    return entity


ALERT_ROAD = {
    "open": [],
    "acknowledged": ["acknowledge"],
    "acted": ["act"],
    "confirmed": ["act", "confirm"],
    "false_alarm": ["acknowledge", "dismiss"],
}


def move_alert(alert: Alert, move: str) -> Alert:
    given: dict[str, Any] = {"actor": alert.relationship.owner, "alert": alert, "now": NOW}
    verbs: dict[str, Any] = {
        "acknowledge": lambda: alerts.acknowledge_alert(**given),
        "act": lambda: alerts.act_on_alert(**given, what="Call them"),
        "confirm": lambda: alerts.judge_alert(**given, was_right=True),
        "dismiss": lambda: alerts.judge_alert(**given, was_right=False, why="On holiday"),
    }
    done: Alert = verbs[move]()
    return done


@pytest.mark.parametrize(("state", "move"), every_pair(ALERT))
def test_an_alert_makes_the_moves_of_its_table_and_no_other(owner: User, state: str, move: str) -> None:
    make_interaction(make_relationship(owner=owner), actor=owner, problem_severity=4)
    raise_sightings(now=NOW)
    alert = states_in_order(Alert.objects.get(), move_alert, ALERT_ROAD[state])
    assert alert.state == state
    judge(ALERT, alert, move, move_alert)


PROPOSAL_ROAD = {
    "draft": [],
    "waiting": ["ask"],
    "approved": ["ask", "approve"],
    "sent": ["send"],
    "accepted": ["send", "accept"],
    "declined": ["ask", "approve", "send", "decline"],
    "withdrawn": ["withdraw"],
}


def move_proposal(proposal: Proposal, move: str) -> Proposal:
    owner = proposal.relationship.owner
    given: dict[str, Any] = {"actor": owner, "proposal": proposal, "now": NOW}
    if move == "ask":
        return proposals.ask_approval(**given, reason="They asked")
    if move == "approve":
        return proposals.approve_proposal(**given | {"actor": make_user()}, reason="Fine")
    if move == "revise":
        return proposals.revise_proposal(**given)
    if move == "send":
        return proposals.send_proposal(**given)
    return proposals.settle_proposal(**given, outcome=move)


@pytest.mark.parametrize(("state", "move"), every_pair(PROPOSAL))
def test_a_proposal_makes_the_moves_of_its_table_and_no_other(owner: User, state: str, move: str) -> None:
    relationship = make_relationship(owner=owner)
    made = proposals.draft_proposal(
        actor=owner, relationship=relationship, title="Two years", currency="GBP", now=NOW
    )
    for side in ("to_us", "to_them"):
        estimate = proposals.Estimate(side, "Goods", *[Decimal(50)] * 3)
        proposals.add_line(actor=owner, proposal=made, estimate=estimate)
    proposal = states_in_order(made, move_proposal, PROPOSAL_ROAD[state])
    assert proposal.state == state
    judge(PROPOSAL, proposal, move, move_proposal)


REVIEW_ROAD = {
    "due": [],
    "prepared": ["prepare"],
    "discussed": ["prepare", "discuss"],
    "decided": ["prepare", "discuss", "decide"],
    "plan_running": ["prepare", "discuss", "decide", "run"],
    "closed": ["prepare", "discuss", "decide", "close"],
}


def move_review(review: Review, move: str) -> Review:
    given: dict[str, Any] = {"actor": review.relationship.owner, "review": review, "now": NOW}
    verdict = {"verdict": "keep", "reason": "So we said", "next_review_date": SOON}
    verbs: dict[str, Any] = {
        "prepare": lambda: reviews.prepare_review(**given),
        "discuss": lambda: reviews.discuss_review(**given, discussion="They were quiet."),
        "decide": lambda: reviews.decide_review(**given, **verdict),
        "run": lambda: reviews.run_review(**given),
        "close": lambda: reviews.close_review(**given),
    }
    done: Review = verbs[move]()
    return done


@pytest.mark.parametrize(("state", "move"), every_pair(REVIEW))
def test_a_review_makes_the_moves_of_its_table_and_no_other(owner: User, state: str, move: str) -> None:
    made = reviews.begin_review(actor=owner, relationship=make_relationship(owner=owner), now=NOW)
    review = states_in_order(made, move_review, REVIEW_ROAD[state])
    assert review.state == state
    judge(REVIEW, review, move, move_review)
