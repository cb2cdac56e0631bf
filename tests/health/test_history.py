"""Weeks, tiers, nights: what is kept of scores and when."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from health.models import RelationshipScore, ScoreSnapshot, ScoringRun
from health.operations.nightly import keep_week_of_every_kind, score_every_kind
from health.operations.scoring import score, score_history
from health.operations.snapshots import keep_week_when_due, monday_of
from health.operations.tiers import refresh_tiers
from relationships import kinds
from relationships.models import Event, Relationship, RelationshipState
from tests.factories import make_relationship
from tests.health.evidence import NOW, install, only, put

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 16)


@pytest.fixture
def theirs(workspace: Workspace) -> Relationship:
    install(workspace.system_actor, only("activity"), only("problems"))
    return make_relationship("suppliers", now=NOW - timedelta(days=300))


def kept(relationship: Relationship) -> list[tuple[date, float | None]]:
    rows = ScoreSnapshot.objects.filter(relationship=relationship).order_by("week")
    return [(row.week, None if row.score is None else round(row.score, 1)) for row in rows]


def weeks_of(relationship: Relationship) -> list[str]:
    return [str(value) for value in RelationshipState.objects.get(pk=relationship.pk).health_weeks]


def test_the_monday_of_a_moment() -> None:
    assert monday_of(NOW) == MONDAY
    assert monday_of(NOW + timedelta(days=4, hours=13, minutes=59)) == MONDAY
    assert monday_of(NOW + timedelta(days=4, hours=14)) == MONDAY + timedelta(days=7)


def test_a_week_is_kept_once_and_only_where_something_shown_moved(theirs: Relationship) -> None:
    put(theirs, 2)
    silent = make_relationship("suppliers", now=NOW - timedelta(days=300))
    score(kind="suppliers", now=NOW)
    assert [keep_week_when_due(kind="suppliers", now=NOW) for _ in range(2)] == [1, 0]
    first = kept(theirs)
    later = NOW + timedelta(days=7)
    RelationshipScore.objects.update(as_of=later)
    assert keep_week_when_due(kind="suppliers", now=later) == 0
    score(kind="suppliers", now=later + timedelta(days=7))
    assert keep_week_when_due(kind="suppliers", now=later + timedelta(days=7)) == 1

    assert [week for week, _ in kept(theirs)] == [MONDAY, MONDAY + timedelta(days=14)]
    assert kept(silent) == []
    now = str(round(RelationshipScore.objects.get(pk=theirs.pk).score or 0, 1))
    assert weeks_of(theirs) == ["None"] * 15 + [str(first[0][1])] * 2 + [now]
    assert weeks_of(silent) == ["None"]


def test_the_end_of_the_week_counts_for_a_score_beyond_its_edge(theirs: Relationship) -> None:
    put(theirs, 2)
    score(kind="suppliers", now=NOW)
    state = RelationshipState.objects.filter(pk=theirs.pk)
    for week, status in ((1, "healthy"), (2, "watch")):
        RelationshipScore.objects.update(score=69.0)
        state.update(health_status="healthy" if week == 1 else state.get().health_status)
        keep_week_when_due(kind="suppliers", now=NOW + timedelta(days=7 * week))
        assert state.get().health_status == status


def test_history_is_what_the_evidence_of_each_monday_would_have_given(theirs: Relationship) -> None:
    put(theirs, *range(20, 70, 5))
    put(theirs, 5, problem_severity=2)
    score_history(kind="suppliers", now=NOW, weeks=6)

    by_week = dict(kept(theirs))
    assert sorted(by_week) == [MONDAY - timedelta(weeks=back) for back in reversed(range(6))]
    for back in (4, 1):
        monday = MONDAY - timedelta(weeks=back)
        RelationshipScore.objects.all().delete()
        score(kind="suppliers", now=NOW.replace(hour=2, minute=30) - timedelta(days=2, weeks=back))
        assert by_week[monday] == round(RelationshipScore.objects.get().score or 0, 1)
    assert weeks_of(theirs)[-6:-1] == [
        str(by_week[MONDAY - timedelta(weeks=back)]) for back in reversed(range(1, 6))
    ]
    fell = Event.objects.filter(verb="health.status_changed").order_by("-happened_at")[0]
    assert (fell.happened_at.date(), fell.data["to_status"]) == (MONDAY, "at_risk")
    assert fell.data["lines"][0]["key"] == "problems"


def test_history_can_be_scored_again(theirs: Relationship) -> None:
    put(theirs, *range(2, 70, 5))
    put(theirs, 30, problem_severity=2)
    results = []
    for _ in range(2):
        score_history(kind="suppliers", now=NOW)
        results.append(
            (kept(theirs), weeks_of(theirs), Event.objects.filter(verb__startswith="health.").count())
        )
    assert results[0] == results[1]
    assert results[0][2] > 0


def test_a_monday_that_is_still_to_come_is_left_out(theirs: Relationship) -> None:
    put(theirs, 10)
    score_history(kind="suppliers", now=NOW.replace(day=16, hour=2, minute=0), weeks=2)

    assert [week for week, _ in kept(theirs)] == [MONDAY - timedelta(days=7)]


def test_an_unmeasured_kind_has_no_history(workspace: Workspace) -> None:
    with pytest.raises(Invalid):
        score_history(kind="martians", now=NOW)


def tiers() -> list[str]:
    return list(RelationshipState.objects.order_by("pk").values_list("value_tier", flat=True))


def worth(amount: int | None, currency: str = "GBP") -> None:
    relationship = make_relationship("suppliers")
    RelationshipState.objects.filter(pk=relationship.pk).update(value_amount=amount, value_currency=currency)


def test_tiers_cut_the_kind_at_a_tenth_three_and_six_tenths(workspace: Workspace) -> None:
    for amount in (100, 90, 80, 70, 60, 50, 40, 30, 20, 10):
        worth(amount)
    assert refresh_tiers(kind="suppliers", now=NOW) == 10
    assert tiers() == ["A", "B", "B", "C", "C", "C", "D", "D", "D", "D"]
    assert refresh_tiers(kind="suppliers", now=NOW) == 0


def test_equal_values_share_a_tier_currencies_are_apart_and_no_value_is_no_tier(workspace: Workspace) -> None:
    for amount in (5, 5, 5, 1):
        worth(amount)
    worth(3, "EUR")
    worth(None)
    refresh_tiers(kind="suppliers", now=NOW)
    assert tiers() == ["A", "A", "A", "D", "A", ""]
    RelationshipState.objects.update(value_amount=None)
    refresh_tiers(kind="suppliers", now=NOW)
    assert tiers() == [""] * 6


def test_the_night_scores_every_kind_and_keeps_the_week(theirs: Relationship) -> None:
    put(theirs, 3)
    old = ScoringRun.objects.create(
        kind="suppliers", trigger="touched", as_of=NOW - timedelta(days=31), finished_at=NOW, scored=1, changed=1,
        duration_ms=1,
    )  # fmt: skip
    results = score_every_kind(now=NOW)

    assert set(results) == {kind.slug for kind in kinds.registry if kind.components}
    assert (results["suppliers"].scored, results["suppliers"].changed) == (1, 1)
    assert [week for week, _ in kept(theirs)] == [MONDAY]
    assert keep_week_of_every_kind(now=NOW) == 0
    assert not ScoringRun.objects.filter(pk=old.pk).exists()
    assert set(ScoringRun.objects.values_list("trigger", flat=True)) == {"nightly", "weekly"}


def command(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_the_command_scores_a_kind_as_of_a_day(theirs: Relationship) -> None:
    put(theirs, 3)
    assert command("score", "--kind", "suppliers") == "suppliers: 1 looked at, 1 changed.\n"
    command("score", "--kind", "suppliers", "--as-of", "2026-03-18")
    assert RelationshipScore.objects.get().as_of.isoformat() == "2026-03-18T23:59:59+00:00"
    command("score", "--kind", "suppliers", "--as-of", "2026-03-17T10:00")
    assert RelationshipScore.objects.get().as_of.isoformat() == "2026-03-17T10:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-02-30", "--as-of '2026-02-30': day is out of range for month."),
        ("yesterday", "--as-of 'yesterday' is neither a day (2026-03-18) nor a moment (2026-03-18T10:00)."),
        ("2999-01-01", "--as-of 2999-01-01 lies in the future."),
        ("2999-01-01T00:00", "--as-of 2999-01-01T00:00 lies in the future."),
    ],
)
def test_the_command_says_what_is_wrong_with_a_moment(workspace: Workspace, text: str, words: str) -> None:
    with pytest.raises(CommandError) as refused:
        command("score", "--as-of", text)
    assert str(refused.value).startswith(words[:40])
    assert ScoringRun.objects.count() == 0


def test_the_command_says_why_a_kind_cannot_be_scored(workspace: Workspace) -> None:

    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7305101, hashtext('suppliers'))")
    try:
        with pytest.raises(CommandError, match="Another full scoring of suppliers is under way"):
            command("score", "--kind", "suppliers")
    finally:
        other.close()


def test_scorecards_are_ensured_by_command(workspace: Workspace) -> None:
    first = command("ensure_scorecards")
    assert "Scorecard 1 of suppliers is in force.\n" in first
    assert command("ensure_scorecards") == "Every kind has a scorecard in force.\n"
