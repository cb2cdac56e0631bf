"""What is shown of a score adds up to it, whatever the evidence; and says what to do."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.operations.workspace import Workspace
from analytics.explain import shown
from health.models import RelationshipScore, ScoreSnapshot
from health.operations.scoring import score, score_history
from health.queries.changes import changes_of
from health.queries.explanation import Explanation, explain
from relationships.models import Relationship, RelationshipState
from tests.factories import make_relationship, make_user
from tests.health.evidence import NOW, install, only, promise, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("administrator")


@pytest.fixture
def theirs(viewer: User) -> Relationship:
    return make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=400))


def explained(relationship: Relationship, viewer: User, run: bool = True) -> Explanation:
    if run:
        score(kind="suppliers", now=NOW)
    return explain(viewer=viewer, relationship=relationship, now=NOW)


def busy(relationship: Relationship) -> None:
    """Enough of everything for a number."""
    put(relationship, *range(30, 90, 6), sentiment=0.2, reply_minutes=300)
    put(relationship, *range(33, 90, 8), direction="out", reply_minutes=2000)


talk = st.fixed_dictionaries(
    {
        "days": st.floats(0, 400, allow_nan=False),
        "direction": st.sampled_from(["in", "out", "mutual"]),
        "channel": st.sampled_from(["call", "email", "meeting", "note"]),
        "sentiment": st.none() | st.floats(-1, 1, allow_nan=False),
        "reply_minutes": st.none() | st.integers(0, 20_000),
        "problem_severity": st.none() | st.sampled_from([1, 2, 4, 8]),
    }
)
promises = st.tuples(st.integers(-20, 300), st.none() | st.integers(0, 300))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(spoken=st.lists(talk, max_size=12), promised=st.lists(promises, max_size=4))
def test_parts_add_up_exactly_and_as_shown(
    viewer: User, spoken: list[dict[str, Any]], promised: list[tuple[int, int | None]]
) -> None:
    new = make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=500))
    for row in spoken:
        put(new, row["days"], **{name: value for name, value in row.items() if name != "days"})
    for due, delivered in promised:
        promise(new, due, delivered)
    score(kind="suppliers", now=NOW)
    stored = RelationshipScore.objects.get(pk=new.pk)
    told = explained(new, viewer, run=False)

    if stored.score is None or stored.reference is None:
        assert stored.coverage < 0.5
        assert (told.score, told.status, told.groups, told.repair) == (None, "", [], None)
        return
    assert stored.coverage >= 0.5
    used = [part for part in stored.parts if part["used"]]
    weight = sum(part["weight"] for part in used)
    contributions = [p["weight"] * (p["points"] - p["reference"]) / weight for p in used]
    assert abs(sum(contributions) + stored.reference - stored.score) < 1e-9
    assert told.score == shown(stored.score) == RelationshipState.objects.get(pk=new.pk).health
    assert sum(group.points for group in told.groups) == told.score
    assert sum(group.weight for group in told.groups) == 100
    assert len(told.groups) <= 5
    assert told.reference is not None
    assert told.reference + sum(line.contribution or 0 for line in told.lines) == told.score


def test_groups_say_the_kinds_words_and_what_costs_most(theirs: Relationship, viewer: User) -> None:
    busy(theirs)
    told = explained(theirs, viewer)

    assert [(group.key, str(group.label), group.weight) for group in told.groups] == [
        ("contact", "Contact rhythm", Decimal("33.3")),
        ("replies", "Replies", Decimal("26.7")),
        ("problems", "Problems", Decimal("26.7")),
        ("voice", "What they say", Decimal("13.3")),
    ]
    assert (
        told.groups[0].reason
        == "Last contact 30 days ago, usually every 3 days. They got in touch 10 times, we 8 times"
    )
    assert told.groups[1].reason == "We answer in 4 working days (8 replies). They answer in 5 h (10 replies)"
    assert (told.coverage, told.change, told.needs) == (75, None, [])


def test_the_sentence_names_what_costs_and_the_cheapest_repair(theirs: Relationship, viewer: User) -> None:
    busy(theirs)
    told = explained(theirs, viewer)

    assert told.repair is not None
    assert (told.repair.key, told.repair.act, told.repair.words) == (
        "recency",
        "contact",
        "Get in touch with them",
    )
    assert told.repair.points == Decimal("13.3")
    assert told.sentence == (
        "Mostly the long silence and our slow replies. Get in touch with them and 13.3 points return."
    )


def test_nothing_weighs_on_a_good_one(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("problems"), only("activity"))
    put(theirs, *[0.1 * n for n in range(60)])
    told = explained(theirs, viewer)

    assert (told.sentence, told.repair, told.tone) == ("Nothing weighs on it.", None, "good")


def test_more_than_five_groups_are_gathered_as_other(theirs: Relationship, viewer: User) -> None:
    keys = ["activity", "recency", "problems", "sentiment", "breadth", "reciprocity"]
    install(viewer, *(replace(only(key), group=key, weight=9.0 - n) for n, key in enumerate(keys)))
    put(theirs, 1, sentiment=0.1)
    told = explained(theirs, viewer)

    assert [(group.key, str(group.label)) for group in told.groups][-1] == ("other", "Other")
    assert len(told.groups) == 5
    assert sum(group.points for group in told.groups) == told.score


def test_below_coverage_it_says_what_is_needed(theirs: Relationship, viewer: User) -> None:
    put(theirs, 3)
    told = explained(theirs, viewer)

    assert (told.score, told.status, told.tone, told.coverage) == (None, "", "", 0)
    assert told.sentence == (
        "Not enough evidence (0 %): needs a promise whose day has come, "
        "a contact in which a complaint could have come up, a first contact."
    )
    assert [line.points is None for line in told.lines].count(False) == 0
    assert told.lines[5].words == "Needs a promise whose day has come"


def test_what_is_needed_is_named_once_and_only_where_the_code_knows_it(
    theirs: Relationship, viewer: User
) -> None:
    install(viewer, only("activity"), only("recency"), coverage_threshold=1.0)
    told = explained(theirs, viewer)
    assert told.sentence == "Not enough evidence (0 %): needs a first contact."

    stored = RelationshipScore.objects.get(pk=theirs.pk)
    stored.basis.measures = ["gone", "gone"]
    stored.basis.save()
    told = explained(theirs, viewer, run=False)
    assert (told.sentence, told.needs) == ("Not enough evidence (0 %).", [])


def test_never_scored_says_so_too(theirs: Relationship, viewer: User) -> None:
    told = explained(theirs, viewer, run=False)
    assert told.sentence == (
        "Not enough evidence (0 %): needs a promise whose day has come, "
        "a contact in which a complaint could have come up, a first contact."
    )
    assert (told.lines, told.weeks, told.scored_at) == ([], [], None)


def test_it_takes_two_queries(theirs: Relationship, viewer: User, django_assert_max_num_queries: Any) -> None:
    busy(theirs)
    score(kind="suppliers", now=NOW)
    viewer.current_grants()
    viewer.current_team_ids()
    with django_assert_max_num_queries(2):
        explain(viewer=viewer, relationship=theirs, now=NOW)


def test_days_count_on_from_the_scoring(theirs: Relationship, viewer: User) -> None:
    busy(theirs)
    score(kind="suppliers", now=NOW)
    later = explain(viewer=viewer, relationship=theirs, now=NOW + timedelta(days=3))
    assert "Last contact 33 days ago" in later.groups[0].reason


def test_a_measure_that_the_code_no_longer_has_keeps_its_key(theirs: Relationship, viewer: User) -> None:
    busy(theirs)
    score(kind="suppliers", now=NOW)
    stored = RelationshipScore.objects.get(pk=theirs.pk)
    stored.basis.measures[0] = "gone"
    stored.basis.save()

    told = explained(theirs, viewer, run=False)
    assert (told.lines[0].label, told.lines[0].words, told.lines[0].evidence) == ("activity", "activity", "")


def test_what_changed_adds_up_and_names_evidence_that_came_in(theirs: Relationship, viewer: User) -> None:
    busy(theirs)
    put(theirs, 4, problem_severity=2)
    promise(theirs, due=3, delivered=1)
    score_history(kind="suppliers", now=NOW, weeks=8)
    stored = RelationshipScore.objects.get(pk=theirs.pk)

    changes = changes_of(stored, now=NOW)

    assert sorted(changes) == [7, 30]
    for change in changes.values():
        assert change.before + sum(line.points for line in change.lines) == change.after
        assert change.total == change.after - change.before
    week = changes[7]
    assert week.after == shown(stored.score or 0)
    assert week.lines[0].words == "Complaints: 1 open complaint, for 4 days"
    assert [line.words for line in week.lines if not line.key] == ["Evidence came in or expired"]


def test_without_a_number_then_or_now_there_is_no_change(theirs: Relationship, viewer: User) -> None:
    busy(theirs)
    score_history(kind="suppliers", now=NOW, weeks=1)
    stored = RelationshipScore.objects.get(pk=theirs.pk)
    assert changes_of(stored, now=NOW) == {}
    ScoreSnapshot.objects.update(week=(NOW - timedelta(days=40)).date(), score=None)
    assert changes_of(stored, now=NOW) == {}
    ScoreSnapshot.objects.update(score=50.0)
    assert sorted(changes_of(stored, now=NOW)) == [7, 30]
    stored.score = None
    assert changes_of(stored, now=NOW) == {}
