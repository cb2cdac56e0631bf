"""Whose health dropped and what to do: only what the viewer may see, in as many queries for three as for one."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from health.operations.scoring import score_history
from health.queries.movers import dropped
from relationships.models import Relationship, RelationshipState
from tests.factories import make_commitment, make_link, make_person, make_relationship, make_user
from tests.health.evidence import NOW, install, only, promise, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("administrator")


def falling(owner: User, **fields: Any) -> Relationship:
    """Good until three weeks ago; since then silence and a complaint."""
    relationship = make_relationship(
        fields.pop("kind", "suppliers"), owner=owner, now=NOW - timedelta(days=400), **fields
    )
    put(relationship, *range(22, 120, 4), sentiment=0.4, reply_minutes=60)
    put(relationship, *range(24, 120, 4), direction="out", reply_minutes=60)
    problem = put(relationship, 20, problem_severity=4, channel="email")
    RelationshipState.objects.filter(pk=relationship.pk).update(last_inbound_at=problem.happened_at)
    return relationship


def score_all() -> None:
    for kind in ("suppliers", "customers"):
        score_history(kind=kind, now=NOW, weeks=8)


def test_the_worst_comes_first_with_lines_that_add_up_and_a_repair(viewer: User) -> None:
    worst, other = falling(viewer), falling(viewer)
    put(other, 3, 5, 8)
    steady = make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=400))
    put(steady, *range(1, 120, 4), sentiment=0.4, reply_minutes=60)
    score_all()

    found = dropped(viewer=viewer, now=NOW)

    assert [mover.relationship.pk for mover in found] == [worst.pk, other.pk]
    first = found[0]
    state = RelationshipState.objects.get(pk=worst.pk)
    assert (first.score, first.status, first.tone) == (state.health, "watch", "warn")
    assert first.change == state.health_change == sum(line.points for line in first.lines)
    assert first.lines[0].words == "Complaints: 1 open complaint, for 20 days"
    assert first.repair is not None
    assert first.repair.words == "Close the complaint of Thu 26 Feb"
    assert first.href == f"/suppliers/{worst.pk}/"
    assert len(first.weeks) == 18


def test_only_what_may_be_seen_is_open_and_belongs_to_the_owners_asked_for(viewer: User) -> None:
    mine = falling(viewer)
    theirs = falling(make_user())
    closed = falling(viewer)
    Relationship.objects.filter(pk=closed.pk).update(closed_at=NOW, closed_by=viewer, closed_reason="Gone")
    customer = falling(viewer, kind="customers", party=mine.party)
    score_all()
    RelationshipState.objects.filter(pk=closed.pk).update(health=Decimal(20), health_change=Decimal(-30))

    def seen(user: User, **fields: Any) -> set[int]:
        return {mover.relationship.pk for mover in dropped(viewer=user, now=NOW, **fields)}

    assert seen(viewer) == {mine.pk, theirs.pk, customer.pk}
    assert seen(viewer, owner_ids=[viewer.pk]) == {mine.pk, customer.pk}
    assert seen(viewer, owner_ids=[]) == set()
    assert len(dropped(viewer=viewer, now=NOW, limit=1)) == 1
    assert seen(make_user("relationship_manager", "suppliers")) == {mine.pk, theirs.pk}
    assert seen(make_user("")) == set()


def test_as_many_queries_for_three_as_for_one(viewer: User, django_assert_num_queries: Any) -> None:
    falling(viewer)
    score_all()
    viewer.current_grants()
    viewer.current_team_ids()
    with django_assert_num_queries(4):
        assert len(dropped(viewer=viewer, now=NOW)) == 1
    falling(viewer)
    falling(viewer)
    score_all()
    with django_assert_num_queries(4):
        assert len(dropped(viewer=viewer, now=NOW)) == 3


def test_another_span_looks_at_the_weeks(viewer: User) -> None:
    relationship = falling(viewer)
    score_all()
    RelationshipState.objects.update(health_change=None)
    found = dropped(viewer=viewer, now=NOW, days=14)

    assert [mover.relationship.pk for mover in found] == [relationship.pk]
    assert found[0].change == sum(line.points for line in found[0].lines)
    assert dropped(viewer=viewer, now=NOW) == []


def test_a_drop_without_a_week_to_compare_has_no_lines(viewer: User) -> None:
    relationship = falling(viewer)
    score_all()
    relationship.score_snapshots.all().delete()
    assert [mover.lines for mover in dropped(viewer=viewer, now=NOW)] == [[]]
    relationship.score.delete()
    assert dropped(viewer=viewer, now=NOW) == []


def repair_of(viewer: User, relationship: Relationship) -> str:
    score_all()
    RelationshipState.objects.filter(pk=relationship.pk).update(health_change=Decimal(-9))
    found = {mover.relationship.pk: mover.repair for mover in dropped(viewer=viewer, now=NOW)}
    repair = found[relationship.pk]
    return repair.words if repair else ""


@pytest.fixture
def theirs(viewer: User) -> Relationship:
    return make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=400))


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("email", "Answer their e-mail of Tue 3 Mar"),
        ("letter", "Answer their letter of Tue 3 Mar"),
        ("message", "Answer their message of Tue 3 Mar"),
        ("call", "Get in touch with them"),
    ],
)
def test_what_waits_for_an_answer_is_named(
    theirs: Relationship, viewer: User, channel: str, words: str
) -> None:
    install(viewer, only("recency", curve=((1.0, 100.0), (5.0, 0.0))))
    put(theirs, 20, direction="out")
    put(theirs, 15, channel=channel)
    put(theirs, *range(25, 60, 5))
    at = NOW - timedelta(days=15)
    RelationshipState.objects.update(last_inbound_at=at, last_outbound_at=NOW - timedelta(days=20))

    assert repair_of(viewer, theirs) == words


def test_all_open_complaints_are_one_step_and_a_single_one_is_named_unless_it_may_not_be_known(
    theirs: Relationship, viewer: User
) -> None:
    install(viewer, only("problems"))
    put(theirs, 15, problem_severity=2)
    assert repair_of(viewer, theirs) == "Close the complaint of Tue 3 Mar"
    put(theirs, 9, problem_severity=1)
    put(theirs, 12, problem_severity=8)
    assert repair_of(viewer, theirs) == "Close the 3 open complaints"

    hidden = make_relationship("suppliers", owner=make_user(), now=NOW - timedelta(days=400))
    put(hidden, 12, problem_severity=2, confidentiality=3)
    assert repair_of(viewer, hidden) == "Close the open complaint"


def test_several_open_complaints_outweigh_a_quicker_answer(theirs: Relationship, viewer: User) -> None:
    busy = put(theirs, *range(5, 60, 6), direction="out", reply_minutes=1500)
    put(theirs, *range(4, 60, 6), reply_minutes=300)
    put(theirs, 1, 8, 13, problem_severity=2)
    RelationshipState.objects.filter(pk=theirs.pk).update(last_outbound_at=busy.happened_at)
    assert repair_of(viewer, theirs) == "Close the 3 open complaints"


def test_the_promise_to_keep_is_named(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("promise_keeping", half_life=180, curve=((0.0, 0.0), (1.0, 100.0))))
    promise(theirs, due=9, what="Send the drawings")
    promise(theirs, due=30, delivered=30)
    assert repair_of(viewer, theirs) == "Deliver the late promise of Mon 9 Mar: Send the drawings"
    promise(theirs, due=-1, what="Propose dates", state="proposed")
    make_commitment(theirs, due_date=(NOW + timedelta(days=2)).date(), what="Send the quote")
    assert repair_of(viewer, theirs) == "Keep the promise for Fri 20 Mar: Send the quote"


def test_a_promise_that_is_gone_since_the_scoring_is_spoken_of_in_general(
    theirs: Relationship, viewer: User
) -> None:
    install(viewer, only("promise_keeping", half_life=180, curve=((0.0, 0.0), (1.0, 100.0))))
    late = promise(theirs, due=9)
    promise(theirs, due=30, delivered=30)
    score_all()
    late.state, late.withdrawn_at, late.withdrawn_by, late.withdrawn_reason = "withdrawn", NOW, viewer, "Moot"
    late.save()
    RelationshipState.objects.update(health_change=Decimal(-9))
    repair = dropped(viewer=viewer, now=NOW)[0].repair
    assert repair is not None
    assert (repair.words, repair.by_when) == ("Deliver the late promise", "within a month")


def test_deciders_and_slow_answers_have_their_words(theirs: Relationship, viewer: User) -> None:

    install(viewer, only("breadth", half_life=180, curve=((0.0, 0.0), (1.0, 100.0))))
    make_link(make_person(), theirs.party, "decides_for")
    put(theirs, 3)
    assert repair_of(viewer, theirs) == "Talk to somebody who decides and has not been met"
    install(viewer, only("our_latency"))
    put(theirs, 3, direction="out", reply_minutes=900)
    assert repair_of(viewer, theirs) == "Answer their next message within two hours"
