"""What would move a score: every component once, with the curve's own points after the step, best first."""

from datetime import timedelta
from decimal import Decimal
from math import exp

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from analytics.curves import Curve
from analytics.explain import shown
from health.measures.trust import PROBLEMS
from health.models import RelationshipScore
from health.operations.scoring import score
from health.queries.explanation import explain
from health.queries.levers import Levers, levers
from health.queries.repairs import Candidate, in_words
from health.registry import Reading, Step
from relationships.models import Relationship
from tests.factories import make_relationship, make_user
from tests.health.evidence import NOW, install, only, promise, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("administrator")


@pytest.fixture
def theirs(viewer: User) -> Relationship:
    return make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=400))


def levers_of(relationship: Relationship, viewer: User) -> Levers:
    score(kind=relationship.kind, now=NOW)
    said = explain(viewer=viewer, relationship=relationship, now=NOW)
    return levers(viewer=viewer, relationship=relationship, said=said, now=NOW)


def test_each_step_brings_what_the_curve_gives_after_it_under_the_same_weights(
    theirs: Relationship, viewer: User
) -> None:
    put(theirs, *range(30, 90, 6), sentiment=0.2, reply_minutes=300)
    put(theirs, *range(33, 90, 8), direction="out", reply_minutes=2000)
    put(theirs, 20, 25, problem_severity=2)
    promise(theirs, due=9)
    found = levers_of(theirs, viewer)

    stored = RelationshipScore.objects.get(pk=theirs.pk)
    used = {part["key"]: part for part in stored.parts if part["used"]}
    total = sum(part["weight"] for part in used.values())
    assert {lever.line.key for lever in found.moving} == {
        "problems", "recency", "activity", "our_replies", "reciprocity"
    }  # fmt: skip
    assert len(found.moving) + len(", ".join(labels for _why, labels in found.still).split(", ")) == 8
    gains = [lever.repair.points for lever in found.moving]
    assert gains == sorted(gains, reverse=True)
    for lever in found.moving:
        part = used[lever.line.key]
        assert lever.repair.before == lever.line.points == shown(part["points"])
        gain = part["weight"] * float(lever.repair.after - lever.repair.before) / total
        assert float(lever.repair.points) == pytest.approx(gain, abs=0.11)


def test_the_step_on_complaints_closes_all_and_lets_a_quarter_pass(
    theirs: Relationship, viewer: User
) -> None:
    install(viewer, only("problems", half_life=45))
    put(theirs, 9, problem_severity=1)
    put(theirs, 12, problem_severity=4)
    (lever,) = levers_of(theirs, viewer).moving

    points = 100 * exp(-5 * 2 ** (-90 / 45))
    assert lever.repair.words == "Close the 2 open complaints"
    assert lever.repair.by_when == "within three months"
    assert lever.repair.after == shown(Curve.from_lists([[0, 0], [100, 100]]).value(points))
    assert lever.repair.points == shown(points - 100 * exp(-5))
    assert lever.repair.count == 2
    assert PROBLEMS.step is not None
    assert PROBLEMS.step(Reading(100.0, 2, {"open": 0})) is None


def test_what_no_step_moves_is_named_with_the_reason(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("problems"), only("their_latency"), only("promise_keeping"))
    put(theirs, 3, 4, reply_minutes=4000)
    found = levers_of(theirs, viewer)

    assert found.moving == []
    assert found.still == [
        ("As good as it gets", "Complaints"),
        ("No single step of ours moves it now", "Their replies"),
        ("Not counted yet, for lack of evidence", "Our promises"),
    ]


def test_a_step_at_once_says_no_time(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("activity"))
    put(theirs, 3)
    (lever,) = levers_of(theirs, viewer).moving
    assert (lever.repair.by_when, lever.repair.words) == ("", "Get in touch with them")
    assert lever.repair.points > Decimal(10)


def test_a_step_with_words_of_its_own_is_said_in_them(theirs: Relationship, viewer: User) -> None:
    chosen = {theirs.pk: [Candidate("alive", Step("", 0.9, "Win an order"), 4.04, 60.0, 90.0)]}
    ((repair,),) = in_words(chosen, viewer=viewer, now=NOW).values()
    assert (repair.words, repair.points, repair.by_when) == ("Win an order", Decimal("4.0"), "")
