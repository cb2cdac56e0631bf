"""One formula, two triggers; and nothing is a number without evidence."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import exp
from statistics import median

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from accounts.operations.workspace import Workspace, ensure_workspace
from core.refusals import Conflict, Invalid
from health import tasks
from health.models import Component, RelationshipScore, ScoringRun
from health.operations import locks
from health.operations.scorecards import install_default
from health.operations.scoring import score, score_stale
from relationships import kinds
from relationships.models import Relationship, RelationshipState
from relman.schedule import BEAT_SCHEDULE
from tests.factories import make_business_unit, make_interaction, make_relationship
from tests.health.evidence import NOW, SHARE, install, only, promise, put

pytestmark = pytest.mark.django_db


def stored() -> dict[int, tuple[object, ...]]:
    return {
        row.pk: (row.score, row.reference, row.coverage, row.parts, row.shown)
        for row in RelationshipScore.objects.select_related("basis").order_by("pk")
    }


@pytest.fixture
def suppliers(workspace: Workspace) -> list[Relationship]:
    """Seven of them with ever more to tell, from nothing at all to talk both ways, promises and complaints."""
    made = [make_relationship("suppliers", now=NOW - timedelta(days=400)) for _ in range(7)]
    put(made[1], 3)
    put(made[2], 1, 8, 15, 22, 31, 39, direction="out", sentiment=0.4)
    put(made[3], 2, 3, 5, 44, 45, 100, sentiment=-0.6)
    for index in (4, 5, 6):
        put(made[index], *range(index, 80, 7), sentiment=0.1 * index, reply_minutes=37 * index)
        put(made[index], *range(index + 1, 80, 9), direction="out", channel="email", reply_minutes=500)
    put(made[5], 9, channel="email", problem_severity=4)
    put(made[6], 50, channel="note", problem_severity=2)
    for index in (2, 4, 5):
        promise(made[index], due=10 * index, delivered=9 * index + 9)
    return made


def test_a_touched_run_gives_to_the_last_bit_what_the_full_run_gave(suppliers: list[Relationship]) -> None:
    full = score(kind="suppliers", now=NOW)
    by_full_run = stored()
    RelationshipScore.objects.all().delete()

    for part in (suppliers[4:], suppliers[:1], suppliers[1:4]):
        score(kind="suppliers", now=NOW, relationship_ids=[relationship.pk for relationship in part])

    assert full.scored == full.changed == 7
    assert stored() == by_full_run
    assert sum(row[0] is not None for row in by_full_run.values()) >= 4


def test_every_score_is_its_parts_and_its_reference_their_medians(suppliers: list[Relationship]) -> None:
    score(kind="suppliers", now=NOW)
    numbered = 0
    for row in RelationshipScore.objects.all():
        used = [part for part in row.parts if part["used"]]
        weight = sum(part["weight"] for part in used)
        assert row.coverage == pytest.approx(weight / 100, abs=1e-12)
        assert (row.score is None) == (row.coverage < 0.5)
        if row.score is not None and row.reference is not None:
            numbered += 1
            contributions = [p["weight"] * (p["points"] - p["reference"]) / weight for p in used]
            assert sum(contributions) + row.reference == pytest.approx(row.score, abs=1e-9)
            assert sum(p["weight"] * p["points"] for p in used) / weight == pytest.approx(row.score, abs=1e-9)
    assert numbered == 5
    medians = dict(Component.objects.values_list("key", "reference"))
    points = {
        key: [
            p["points"]
            for row in RelationshipScore.objects.all()
            for p in row.parts
            if p["key"] == key and p["used"]
        ]
        for key in medians
    }
    assert medians == {
        key: pytest.approx(median(values)) if values else 50.0 for key, values in points.items()
    }


def test_without_enough_evidence_there_is_no_number(suppliers: list[Relationship]) -> None:
    score(kind="suppliers", now=NOW)

    states = RelationshipState.objects.in_bulk([relationship.pk for relationship in suppliers])
    poor = [states[suppliers[index].pk] for index in (0, 1)]
    assert [(state.health, state.health_status, str(state.health_coverage)) for state in poor] == [
        (None, "", "0.000"), (None, "", "0.000"),
    ]  # fmt: skip
    assert states[suppliers[4].pk].health is not None


def test_removing_evidence_changes_the_score(suppliers: list[Relationship]) -> None:
    score(kind="suppliers", now=NOW)
    before = RelationshipScore.objects.get(pk=suppliers[6].pk).score
    problem = suppliers[6].interactions.get(problem_severity=2)
    problem.superseded_at = NOW
    problem.save(update_fields=["superseded_at"])
    score(kind="suppliers", now=NOW, relationship_ids=[suppliers[6].pk])

    after = RelationshipScore.objects.get(pk=suppliers[6].pk).score
    assert after is not None
    assert before is not None
    assert after - before == pytest.approx(20 * (100 - 100 * exp(-2)) / 75, abs=1e-9)


def test_a_row_whose_numbers_did_not_move_is_not_written(suppliers: list[Relationship]) -> None:
    score(kind="suppliers", now=NOW)
    again = score(kind="suppliers", now=NOW + timedelta(milliseconds=1))
    assert (again.scored, again.changed) == (7, 0)
    assert set(RelationshipScore.objects.values_list("as_of", flat=True)) == {NOW}


def test_a_unit_with_its_own_scorecard_is_scored_by_it_alone(suppliers: list[Relationship]) -> None:
    unit = make_business_unit()
    system = User.objects.get(is_system=True)
    Relationship.objects.filter(pk=suppliers[4].pk).update(business_unit=unit)
    install(system, only("reciprocity", curve=SHARE), business_unit=unit)
    result = score(kind="suppliers", now=NOW)
    score(kind="suppliers", now=NOW, relationship_ids=[relationship.pk for relationship in suppliers])

    by_unit = dict(RelationshipScore.objects.values_list("pk", "scorecard__business_unit"))
    assert result.scored == 7
    assert by_unit == {r.pk: unit.pk if r == suppliers[4] else None for r in suppliers}


def test_what_somebody_logs_is_scored_within_the_next_round(suppliers: list[Relationship]) -> None:
    RelationshipState.objects.update(stale_at=None)
    score(kind="suppliers", now=NOW)
    before = stored()
    make_interaction(suppliers[4], now=NOW, happened_at=NOW, problem_severity=8)
    assert score_stale(now=NOW + timedelta(seconds=5)) == 1
    assert score_stale(now=NOW + timedelta(seconds=5)) == 0

    changed = {pk for pk, row in stored().items() if row != before[pk]}
    assert changed == {suppliers[4].pk}
    assert list(ScoringRun.objects.order_by("id").values_list("trigger", "scored", "changed")) == [
        ("manual", 7, 7), ("touched", 1, 1),
    ]  # fmt: skip


def test_the_first_evidence_of_a_kind_makes_its_medians(suppliers: list[Relationship]) -> None:
    RelationshipState.objects.update(stale_at=NOW)
    assert score_stale(now=NOW, limit=3) == 3
    assert Component.objects.filter(reference_at=NOW).count() == Component.objects.count() > 0
    assert score(kind="suppliers", now=NOW, relationship_ids=[suppliers[5].pk]).scored == 1
    assert score_stale(now=NOW, limit=30) == 3


def test_a_kind_without_components_is_never_stale(
    suppliers: list[Relationship], monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(kinds.registry.get("suppliers"), components=())
    monkeypatch.setitem(kinds.registry._kinds, "suppliers", bare)
    RelationshipState.objects.update(stale_at=NOW)

    assert score_stale(now=NOW) == 0
    assert RelationshipState.objects.filter(stale_at__isnull=False).count() == 0
    with pytest.raises(Invalid):
        score(kind="suppliers", now=NOW)


def test_scoring_by_touch_needs_no_full_run_before(suppliers: list[Relationship]) -> None:
    result = score(kind="suppliers", now=NOW, relationship_ids=[suppliers[6].pk])
    assert (result.scored, result.changed) == (1, 0)
    assert RelationshipScore.objects.count() == 7


def other_connection() -> BaseDatabaseWrapper:
    other = connection.copy()
    other.inc_thread_sharing()
    return other


def test_two_full_runs_at_once_are_refused_and_touched_rows_wait_for_the_next_round(
    suppliers: list[Relationship],
) -> None:
    install_default(actor=User.objects.get(is_system=True), kind="suppliers", now=NOW)
    Component.objects.update(reference_at=NOW)
    RelationshipState.objects.update(stale_at=NOW)
    other = other_connection()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext('suppliers'))", [locks.TURN])
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext('suppliers'))", [locks.ROWS])
        with pytest.raises(Conflict):
            score(kind="suppliers", now=NOW)
        assert score_stale(now=NOW) == 0
        Component.objects.update(reference_at=None)
        assert score_stale(now=NOW) == 0
    finally:
        other.close()
    assert score_stale(now=NOW) == 7


@pytest.mark.django_db(transaction=True)
def test_rows_that_somebody_is_changing_are_left_for_the_next_round(now: datetime) -> None:
    ensure_workspace(now=now)
    held, free = (make_relationship("suppliers") for _ in range(2))
    score(kind="suppliers", now=now)
    RelationshipState.objects.filter(pk__in=[held.pk, free.pk]).update(stale_at=now)
    other = other_connection()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM relationships_relationshipstate WHERE relationship_id = %s FOR UPDATE",
                [held.pk],
            )
        assert score_stale(now=now) == 1
        assert score_stale(now=now) == 0
    finally:
        other.close()
    assert list(RelationshipState.objects.filter(stale_at=now).values_list("pk", flat=True)) == [held.pk]


def test_tasks_run_the_operations(suppliers: list[Relationship]) -> None:
    assert tasks.score_stale() == 7
    tasks.score_every_kind()
    tasks.keep_week()
    assert set(ScoringRun.objects.filter(kind="suppliers").values_list("trigger", flat=True)) == {
        "touched", "nightly", "weekly",
    }  # fmt: skip
    names = {entry["task"].removeprefix("health.tasks.") for entry in BEAT_SCHEDULE.values()
             if entry["task"].startswith("health.tasks.")}  # fmt: skip
    assert names == {
        "score_stale", "score_every_kind", "keep_week", "end_due_overrides", "rescore_due", "watch_scores",
        "raise_sightings", "calibrate", "review_relationships", "ask_what_came",
    }  # fmt: skip
    assert [getattr(tasks, name)() for name in sorted(names - {"score_every_kind", "keep_week"})] == [
        0, None, 0, 0, 0, None, 0, 0
    ]  # fmt: skip
