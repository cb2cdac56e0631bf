"""What came of relationships is written down once, and scores are put to the test against it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from health.models import CalibrationRun, ScoreOutcome, ScoreSnapshot
from health.operations.calibration import calibrate_every_kind, calibrate_kind, gather_outcomes
from health.operations.scorecards import install_default
from health.queries.calibration import kinds_tested, outcome_page, probability_of
from health.registry import OutcomeRegistry, OutcomeSource
from health.ui import diagram_of
from relationships.models import Party, Relationship
from tests.factories import NOW, make_order, make_relationship, make_user

pytestmark = pytest.mark.django_db
TESTED = (NOW - timedelta(days=180)).date()
TRAINED = (NOW - timedelta(days=360)).date()


@pytest.fixture
def admin(workspace: Workspace) -> User:
    return make_user("administrator")


def many(admin: User, count: int, *, score_from: float, events: int, day: date) -> None:
    """Suppliers with scores from `score_from` upwards on a day, the first of which ended a month later."""
    card = install_default(actor=admin, kind="suppliers", now=NOW)
    like = make_relationship("suppliers", owner=admin, now=NOW - timedelta(days=900))
    made = Relationship.objects.bulk_create(
        Relationship(
            party=Party.objects.create(
                name=f"P {day} {score_from} {n}",
                kind="organisation",
                created_at=NOW,
                created_by=admin,
            ),
            kind="suppliers",
            business_unit=like.business_unit,
            owner=admin,
            stage=like.stage,
            party_name=f"P {n}",
            cadence_days=30,
            opened_at=like.opened_at,
            created_at=NOW,
            created_by=admin,
        )
        for n in range(count)
    )
    ScoreSnapshot.objects.bulk_create(
        ScoreSnapshot(
            relationship=each,
            week=day - timedelta(days=day.weekday()),
            scorecard=card,
            score=score_from + n % 20,
            coverage=1,
        )
        for n, each in enumerate(made)
    )
    closed = datetime.combine(day + timedelta(days=30), time(), UTC)
    Relationship.objects.filter(pk__in=[each.pk for each in made[:events]]).update(
        closed_at=closed, closed_by=admin
    )
    ScoreOutcome.objects.bulk_create(
        ScoreOutcome(relationship=each, event="ended", happened_date=day + timedelta(days=30), noticed_at=NOW)
        for each in made[:events]
    )


def half_years(admin: User) -> None:
    """Two windows of 110 low scores, mostly ended, and 110 high ones, mostly not."""
    for day in (TESTED, TRAINED):
        many(admin, 110, score_from=20, events=90, day=day)
        many(admin, 110, score_from=70, events=15, day=day)


def test_an_ended_relationship_is_an_outcome_once(admin: User) -> None:
    make_relationship(owner=admin)
    ended = make_relationship(owner=admin, now=NOW - timedelta(days=90))
    Relationship.objects.filter(pk=ended.pk).update(closed_at=NOW, closed_by=admin, closed_reason="x")
    assert (gather_outcomes(kind="customers", now=NOW), gather_outcomes(kind="customers", now=NOW)) == (1, 0)
    outcome = ScoreOutcome.objects.get()
    assert (outcome.relationship, outcome.event, outcome.happened_date) == (ended, "ended", NOW.date())


def test_a_customer_who_buys_nothing_for_twice_the_usual_gap_fell_silent(admin: User) -> None:
    silent, steady, new = (make_relationship(owner=admin, now=NOW - timedelta(days=400)) for _ in range(3))
    for ago in (100, 80, 60):
        make_order(silent, NOW.date() - timedelta(days=ago))
    for ago in (60, 40, 20):
        make_order(steady, NOW.date() - timedelta(days=ago))
    make_order(new, NOW.date() - timedelta(days=300))
    gather_outcomes(kind="customers", now=NOW)
    outcome = ScoreOutcome.objects.get()
    assert (outcome.relationship, outcome.event) == (silent, "stopped_buying")
    assert outcome.happened_date == NOW.date() - timedelta(days=20)


def test_before_there_is_history_nothing_is_claimed(admin: User) -> None:
    runs = calibrate_every_kind(now=NOW)
    assert {(run.relationships, run.events, run.auc, run.is_shown) for run in runs} == {(0, 0, None, False)}
    assert {run.measured_date for run in runs} == {None}


def test_below_two_hundred_outcomes_probabilities_are_hidden(admin: User) -> None:
    for day in (TESTED, TRAINED):
        many(admin, 110, score_from=20, events=90, day=day)
        many(admin, 30, score_from=70, events=0, day=day)
    run = calibrate_kind(kind="suppliers", now=NOW)
    assert (run.events, run.is_shown, run.corners) == (180, False, [])
    assert run.auc is not None
    assert (probability_of(run, 30), diagram_of(run)) == (None, None)


def test_a_score_that_foretells_is_shown_with_its_reliability(admin: User) -> None:
    half_years(admin)
    run = calibrate_kind(kind="suppliers", now=NOW)
    assert (run.relationships, run.events, run.is_shown) == (335, 210, True)
    assert run.measured_date == TESTED
    assert run.auc is not None
    assert run.auc_low is not None
    assert 0.55 < run.auc_low < run.auc < 1
    assert run.brier is not None
    assert 0 < run.brier < 0.25
    assert sum(each["n"] for each in run.bins) == pytest.approx(335, abs=5)
    low, high = probability_of(run, 20), probability_of(run, 90)
    assert low is not None
    assert high is not None
    assert low > 0.8
    assert high < 0.2
    assert "<circle" in str(diagram_of(run))


def test_the_last_window_alone_trains_nothing(admin: User) -> None:
    many(admin, 240, score_from=20, events=210, day=TESTED)
    run = calibrate_kind(kind="suppliers", now=NOW)
    assert (run.brier, run.calibration_error, run.bins, run.is_shown) == (None, None, [], False)


def test_the_page_shows_the_gate_and_what_is_behind_it(admin: User) -> None:
    client = Client()
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/administration/calibration/").content.decode()
    assert "has not been shown to predict anything yet" in page
    half_years(admin)
    calibrate_every_kind(now=NOW)
    page = client.get("/administration/calibration/").content.decode()
    assert "Brier score" in page
    assert "Ten groups of equal size" in page
    outcomes = client.get("/administration/calibration/suppliers/outcomes/")
    assert "The relationship ended" in outcomes.content.decode()
    assert client.get("/administration/calibration/moon/outcomes/").status_code == 404
    other = Client()
    other.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert other.get("/administration/calibration/").status_code == 403


def test_outcomes_are_paged_for_those_who_may_know(admin: User) -> None:
    many(admin, 30, score_from=20, events=30, day=TESTED)
    first = outcome_page(viewer=admin, kind="suppliers")
    assert (len(first.rows), bool(first.next)) == (25, True)
    assert len(outcome_page(viewer=admin, kind="suppliers", cursor=first.next).rows) == 5
    assert outcome_page(viewer=make_user(kind="customers"), kind="suppliers").rows == []


def test_the_last_run_of_a_kind_counts(admin: User) -> None:
    calibrate_kind(kind="suppliers", now=NOW - timedelta(days=1))
    calibrate_kind(kind="suppliers", now=NOW)
    found = {each.kind.slug: each for each in kinds_tested()}
    assert found["suppliers"].run == CalibrationRun.objects.get(as_of=NOW)
    assert (found["customers"].run, found["customers"].is_shown, found["customers"].missing) == (
        None,
        False,
        200,
    )
    assert {chance for _score, chance in found["suppliers"].of_ten} == {None}


def test_two_sources_of_outcomes_are_not_called_the_same() -> None:
    registry = OutcomeRegistry()
    registry.register(OutcomeSource("a", "A", "SELECT 1"), OutcomeSource("a", "A", "SELECT 1"))
    with pytest.raises(ValueError, match="two sources"):
        registry.register(OutcomeSource("a", "B", "SELECT 1"))
    assert (registry.label("a"), registry.label("b")) == ("A", "b")
