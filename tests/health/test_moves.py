"""What the state and the timeline make of scores: bands that do not flap, changes, reasons, tellings."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.operations.workspace import Workspace
from analytics.hysteresis import Held, settle
from health.models import RelationshipScore, Scorecard, ScoreSnapshot
from health.operations.moves import follow_scores
from relationships.models import Event, Relationship, RelationshipState
from tests.factories import make_relationship
from tests.health.evidence import NOW, in_arrays, install, only

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(workspace: Workspace) -> User:
    install(workspace.system_actor, only("activity"), only("problems"))
    return workspace.system_actor


@pytest.fixture
def theirs(system: User) -> Relationship:
    return make_relationship("suppliers", now=NOW - timedelta(days=300))


def part(key: str, points: float, **fields: Any) -> dict[str, Any]:
    return {
        "key": key, "group": "all", "measure": key, "value": points, "n": 3, "points": points, "weight": 1.0,
        "reference": 50.0, "used": True, "facts": {},
    } | fields  # fmt: skip


def set_score(
    relationship: Relationship, score: float | None, other: float | None = None, at: datetime = NOW
) -> None:
    """A stored score made of activity and problems (which is 100·2 − activity's share, when given)."""
    parts = [part("activity", score or 0.0, used=score is not None)]
    if other is not None:
        parts = [part("activity", 2 * (score or 0.0) - other), part("problems", other)]
    RelationshipScore.objects.update_or_create(
        relationship=relationship,
        defaults={
            **in_arrays(Scorecard.objects.get(), *parts), "as_of": at, "score": score, "reference": 50.0,
            "coverage": 1.0 if score is not None else 0.2,
        },
    )  # fmt: skip


def follow(system: User, at: datetime = NOW, **fields: Any) -> int:
    return follow_scores(kind="suppliers", as_of=at, now=at, actor=system, **fields)


def state_of(relationship: Relationship) -> RelationshipState:
    return RelationshipState.objects.get(pk=relationship.pk)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    walk=st.lists(
        st.tuples(st.none() | st.integers(400, 800).map(lambda tenths: tenths / 10), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_the_status_is_what_the_pure_rule_says(
    system: User, theirs: Relationship, walk: list[tuple[float | None, bool]]
) -> None:
    RelationshipScore.objects.all().delete()
    RelationshipState.objects.update(health_status="", health_status_since=None)
    held = Held()
    for score, week_ends in walk:
        set_score(theirs, score)
        follow(system, week_ends=week_ends)
        held = settle(held, score, week_ends=week_ends)
        assert state_of(theirs).health_status == (held.status or "")
        assert RelationshipScore.objects.get().band_weeks == held.weeks_beyond


def test_the_state_carries_the_score_as_shown(system: User, theirs: Relationship) -> None:
    set_score(theirs, 69.95)
    assert follow(system) == 0

    state = state_of(theirs)
    assert (str(state.health), state.health_status, str(state.health_coverage)) == (
        "70.0",
        "healthy",
        "1.000",
    )
    assert (state.health_change, state.health_status_since, state.scored_at) == (None, NOW, NOW)
    assert [str(value) for value in state.health_weeks] == ["70.0"]
    set_score(theirs, 71.0)
    follow(system)
    assert [str(value) for value in state_of(theirs).health_weeks] == ["71.0"]


def test_without_evidence_there_is_neither_status_nor_number(system: User, theirs: Relationship) -> None:
    set_score(theirs, 80.0)
    follow(system)
    set_score(theirs, None)
    assert follow(system, NOW + timedelta(days=1)) == 1

    state = state_of(theirs)
    assert (state.health, state.health_status, state.health_reason, state.health_change) == (
        None,
        "",
        None,
        None,
    )
    event = Event.objects.get(verb__startswith="health.")
    assert (event.verb, event.data["to"], event.data["to_status"]) == ("health.status_changed", None, "")
    assert event.data["lines"] == []
    set_score(theirs, 45.0)
    assert follow(system, NOW + timedelta(days=2)) == 1
    back = Event.objects.filter(verb="health.status_changed").order_by("-id")[0]
    assert (back.data["from"], back.data["to"], back.data["to_status"]) == (None, 45.0, "at_risk")


def test_the_first_status_is_no_news(system: User, theirs: Relationship) -> None:
    set_score(theirs, 30.0)
    assert follow(system) == 0
    assert not Event.objects.filter(verb__startswith="health.").exists()


def test_the_change_is_against_the_week_that_stood_thirty_days_ago(
    system: User, theirs: Relationship
) -> None:
    card = Scorecard.objects.get()
    for days, score in ((45, 90.0), (31, 80.04), (29, 10.0)):
        ScoreSnapshot.objects.create(
            relationship=theirs, week=(NOW - timedelta(days=days)).date(), score=score, coverage=1.0,
            **in_arrays(card, part("activity", score), part("problems", 80.0)),
        )  # fmt: skip
    set_score(theirs, 60.06, other=40.0)
    follow(system)

    state = state_of(theirs)
    assert str(state.health_change) == "-19.9"
    assert (state.health_reason["key"], state.health_reason["change"]) == ("problems", -20.0)


def test_with_no_change_the_reason_is_what_costs_most(system: User, theirs: Relationship) -> None:
    set_score(theirs, 60.0, other=35.0)
    follow(system)

    reason = state_of(theirs).health_reason
    assert (reason["key"], reason["cost"], reason["change"]) == ("problems", 32.5, None)


def test_a_fall_of_five_points_is_told_once_with_lines_that_add_up(
    system: User, theirs: Relationship
) -> None:
    set_score(theirs, 60.0, other=50.0)
    follow(system)
    set_score(theirs, 55.04, other=45.0)
    assert follow(system, NOW + timedelta(hours=1)) == 0
    set_score(theirs, 54.96, other=45.0)
    assert follow(system, NOW + timedelta(hours=2)) == 1
    assert follow(system, NOW + timedelta(hours=3), ids=[theirs.pk]) == 0

    event = Event.objects.get(verb="health.fell")
    assert (event.happened_at, event.relationship_id, event.party_id) == (
        NOW + timedelta(hours=2), theirs.pk, theirs.party_id,
    )  # fmt: skip
    assert (event.data["from"], event.data["to"]) == (60.0, 55.0)
    assert [(line["key"], line["change"]) for line in event.data["lines"]] == [
        ("activity", -2.5),
        ("problems", -2.5),
    ]
    set_score(theirs, 60.0, other=45.0)
    assert follow(system, NOW + timedelta(hours=4)) == 1
    assert Event.objects.filter(verb="health.rose").count() == 1


def test_the_same_moment_is_not_told_twice(system: User, theirs: Relationship) -> None:
    for _ in range(2):
        RelationshipScore.objects.all().delete()
        RelationshipState.objects.update(health_status="", health_status_since=None)
        set_score(theirs, 80.0)
        follow(system)
        set_score(theirs, 40.0)
        follow(system, NOW + timedelta(days=1))
    assert Event.objects.filter(verb="health.status_changed").count() == 1


def test_only_what_moved_is_written_and_closed_relationships_are_left(
    system: User, theirs: Relationship
) -> None:
    closed = make_relationship("suppliers", now=NOW - timedelta(days=300))
    Relationship.objects.filter(pk=closed.pk).update(closed_at=NOW, closed_by=system, closed_reason="Done")
    for relationship in (theirs, closed):
        set_score(relationship, 60.0)
    follow(system)
    follow(system, NOW + timedelta(days=1))

    assert state_of(theirs).scored_at == NOW
    assert state_of(closed).scored_at is None
