"""Every measure against arithmetic done by hand or by `analytics`."""

from datetime import timedelta
from math import exp, log

import numpy as np
import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from analytics.decay import decayed_sum
from analytics.shrinkage import shrunk
from health.registry import measures
from relationships.models import Relationship
from tests.factories import make_interaction, make_link, make_party, make_person, make_relationship
from tests.health.evidence import NOW, SHARE, day, install, only, part_of, promise, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(workspace: Workspace) -> User:
    return workspace.system_actor


@pytest.fixture
def theirs(system: User) -> Relationship:
    return make_relationship("suppliers", now=NOW - timedelta(days=500), cadence_days=45)


def decayed(ages: list[float], half_life: float, values: list[float] | None = None) -> float:
    return decayed_sum(np.array(values or [1.0] * len(ages)), np.array(ages), half_life)


def test_activity_is_100_times_1_minus_e_to_minus_a_third(system: User, theirs: Relationship) -> None:
    install(system, only("activity"))
    put(theirs, 0, 10, 45, 400)
    put(theirs, 1, channel="note")
    a = decayed([0, 10, 45, 400], 30)

    part = part_of(theirs)

    assert part["value"] == pytest.approx(100 * (1 - exp(-a / 3)), abs=1e-9)
    assert (part["n"], part["facts"]["month"]) == (4, 2)
    assert part["facts"]["contacts"] == pytest.approx(a, abs=1e-9)


def test_what_is_corrected_or_still_ahead_of_the_moment_does_not_count(
    system: User, theirs: Relationship
) -> None:
    install(system, only("activity"))
    first = put(theirs, 50)
    put(theirs, 10)
    first.superseded_at = NOW
    first.save(update_fields=["superseded_at"])

    assert part_of(theirs)["n"] == 1
    assert part_of(theirs, as_of=NOW - timedelta(days=20))["used"] is False


def test_very_old_evidence_weighs_nothing_and_breaks_nothing(system: User, theirs: Relationship) -> None:
    install(system, only("activity", half_life=0.5))
    put(theirs, 36_500)

    assert part_of(theirs)["points"] == 0


def test_rhythm_is_the_relationships_own_from_four_gaps_on(system: User, theirs: Relationship) -> None:
    install(system, only("recency", curve=((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))))
    put(theirs, 30, 40, 50, 70, 71)
    put(theirs, 30, 30.01)

    part = part_of(theirs)

    assert part["facts"] == {"days": 30, "usual": 10, "own": 1}
    assert part["value"] == 3
    assert part["points"] == pytest.approx(50 - 50 / 3)


def test_with_fewer_gaps_the_kinds_median_gap_counts(system: User, theirs: Relationship) -> None:
    install(system, only("recency", curve=((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))))
    put(theirs, 20, 50)
    others = make_relationship("suppliers", now=NOW - timedelta(days=500))
    put(others, 3, 7, 11, 15, 19)

    part = part_of(theirs)

    assert part["facts"] == {"days": 20, "usual": 4, "own": 0}
    assert part["value"] == 5


def test_before_anybody_has_a_rhythm_the_planned_one_counts(system: User, theirs: Relationship) -> None:
    install(system, only("recency", curve=((1.0, 100.0), (5.0, 0.0))))
    put(theirs, 90)

    assert part_of(theirs)["facts"] == {"days": 90, "usual": 45, "own": 0}


def test_reciprocity_is_twice_the_lesser_over_both(system: User, theirs: Relationship) -> None:
    install(system, only("reciprocity", half_life=90, curve=SHARE))
    put(theirs, 5, 50)
    put(theirs, 9, direction="out")
    put(theirs, 30, direction="mutual")
    both, ins, outs = decayed([30], 90), decayed([5, 50], 90), decayed([9], 90)

    part = part_of(theirs)

    inward, outward = ins + both, outs + both
    assert part["value"] == pytest.approx(2 * min(inward, outward) / (inward + outward), abs=1e-9)
    assert (part["n"], part["facts"]["ins"], part["facts"]["outs"]) == (4, 3, 2)


@pytest.mark.parametrize(("measure", "direction"), [("our_latency", "out"), ("their_latency", "in")])
def test_latency_is_logistic_in_the_decayed_geometric_mean(
    system: User, theirs: Relationship, measure: str, direction: str
) -> None:
    install(system, only(measure, half_life=90))
    put(theirs, 0, direction=direction, reply_minutes=60)
    put(theirs, 90, direction=direction, reply_minutes=1920)
    put(theirs, 3, direction="in" if direction == "out" else "out", reply_minutes=9)
    mean = (log(60) + 0.5 * log(1920)) / 1.5

    part = part_of(theirs)

    assert part["value"] == pytest.approx(100 / (1 + exp(mean - log(480))), abs=1e-9)
    assert part["facts"]["minutes"] == pytest.approx(exp(mean), abs=1e-6)
    assert part["n"] == 2


def test_a_reply_after_one_working_day_gives_half_the_points(system: User, theirs: Relationship) -> None:
    install(system, only("our_latency"))
    put(theirs, 2, direction="out", reply_minutes=480)

    assert part_of(theirs)["points"] == pytest.approx(50, abs=1e-9)


def test_tone_leans_to_neutral_by_two_and_leaves_out_what_we_wrote(
    system: User, theirs: Relationship
) -> None:
    install(system, only("sentiment", half_life=90, curve=((-1.0, 0.0), (1.0, 100.0))))
    put(theirs, 0, channel="email", sentiment=0.8)
    put(theirs, 90, sentiment=-0.2, direction="out")
    put(theirs, 4, channel="email", direction="out", sentiment=-1.0)
    put(theirs, 4, channel="email")
    put(theirs, 0, channel="email", direction="out", sentiment=0.5, sentiment_by="person")

    part = part_of(theirs)

    assert part["value"] == pytest.approx((0.8 - 0.5 * 0.2 + 0.5) / (2.5 + 2), abs=1e-9)
    assert part["n"] == 3


def test_evidence_expires_after_six_half_lives(system: User, theirs: Relationship) -> None:
    install(system, only("sentiment", half_life=10, curve=((-1.0, 0.0), (1.0, 100.0))))
    put(theirs, 60.5, sentiment=0.8)

    assert (part_of(theirs)["n"], part_of(theirs)["used"]) == (0, False)
    assert part_of(theirs, as_of=NOW - timedelta(days=1))["used"] is True


def test_promises_count_from_the_day_they_are_settled_and_lean_on_the_kind(
    system: User, theirs: Relationship
) -> None:
    install(system, only("promise_keeping", half_life=180, curve=SHARE))
    promise(theirs, due=100, delivered=101)
    promise(theirs, due=60, delivered=30)
    promise(theirs, due=40)
    promise(theirs, due=-5, delivered=2, direction="mutual")
    promise(theirs, due=-9)
    promise(theirs, due=9, direction="theirs")
    promise(theirs, due=9, state="proposed")
    other = make_relationship("suppliers", now=NOW - timedelta(days=500))
    promise(other, due=10, delivered=10)
    ages = [101.0, 30.0, 0.0, 2.0]
    mass, kept = decayed(ages, 180), decayed(ages, 180, [1.0, 0.0, 0.0, 1.0])
    usual = (kept + decayed([10], 180)) / (mass + decayed([10], 180))

    part = part_of(theirs)

    assert part["value"] == pytest.approx(shrunk(mass, kept / mass, usual), abs=1e-9)
    assert part["n"] == 4
    assert {name: part["facts"][name] for name in ("kept", "owed", "ahead", "pull")} == {
        "kept": 2, "owed": 1, "ahead": 1, "pull": 5,
    }  # fmt: skip


def test_a_promise_withdrawn_in_time_never_counts_one_withdrawn_late_was_not_kept(
    system: User, theirs: Relationship
) -> None:
    install(system, only("promise_keeping", curve=SHARE))
    withdrawn = {"state": "withdrawn", "withdrawn_by": theirs.owner, "withdrawn_reason": "Plans changed"}
    promise(theirs, due=10, withdrawn_at=NOW - timedelta(days=12), **withdrawn)
    assert part_of(theirs)["n"] == 0

    promise(theirs, due=20, withdrawn_at=NOW - timedelta(days=12), **withdrawn)
    part = part_of(theirs)

    assert (part["n"], part["value"], part["facts"]["owed"]) == (1, 0, 0)
    assert part_of(theirs, as_of=NOW - timedelta(days=15))["facts"]["owed"] == 1


def test_a_promise_without_others_to_lean_on_stands_alone(system: User, theirs: Relationship) -> None:
    install(system, only("their_promises", curve=SHARE))
    promise(theirs, due=10, delivered=11, direction="theirs")

    assert part_of(theirs)["value"] == pytest.approx(1.0)


def test_open_problems_weigh_in_full_closed_ones_fade_from_closing(
    system: User, theirs: Relationship
) -> None:
    install(system, only("problems"))
    put(theirs, 200, channel="note", problem_severity=1)
    put(
        theirs,
        90,
        problem_severity=4,
        problem_closed_at=NOW - timedelta(days=30),
        problem_closed_by=theirs.owner,
    )
    load = 1 + 4 * 0.5

    part = part_of(theirs)

    assert part["value"] == pytest.approx(100 * exp(-load), abs=1e-9)
    assert (part["facts"]["open"], part["facts"]["open_load"], part["facts"]["days"]) == (1, 1, 200)
    before = part_of(theirs, as_of=NOW - timedelta(days=31))
    assert before["value"] == pytest.approx(100 * exp(-5), abs=1e-9)


def test_silence_is_no_evidence_that_nothing_is_wrong(system: User, theirs: Relationship) -> None:
    install(system, only("problems"))
    put(theirs, 181)
    put(theirs, 3, channel="note")
    assert part_of(theirs)["used"] is False

    put(theirs, 179)
    assert (part_of(theirs)["used"], part_of(theirs)["points"]) == (True, 100)


def test_breadth_counts_people_channels_and_deciders_who_were_met(system: User, theirs: Relationship) -> None:
    install(system, only("breadth", half_life=180, curve=SHARE))
    met, unmet, gone = (make_person(works_for=theirs.party) for _ in range(3))
    make_link(met, theirs.party, "decides_for")
    make_link(unmet, theirs.party, "influences")
    make_link(gone, theirs.party, "influences", until_date=day(1), since_date=day(90))
    put(theirs, 5, people=[met, gone])
    put(theirs, 9, people=[met], channel="email")

    part = part_of(theirs)

    assert part["facts"] == {"people": 2, "channels": 2, "covered": 1, "mapped": 2, "single": 0}
    assert part["value"] == pytest.approx(0.5 * 1 / 2 + 0.3 * 2 / 3 + 0.2 * 2 / 3)


def test_breadth_without_a_decision_map_and_of_a_single_person(system: User, theirs: Relationship) -> None:
    install(system, only("breadth", half_life=180, curve=SHARE))
    put(theirs, 5, people=[make_person()])
    alone = make_relationship("suppliers", party=make_party(kind="person"), now=NOW - timedelta(days=9))
    put(alone, 5)

    assert part_of(theirs)["value"] == pytest.approx(0.6 / 3 + 0.4 / 3)
    assert part_of(alone)["value"] == pytest.approx(1 / 3)


def test_logged_talk_reaches_the_measures(system: User, theirs: Relationship) -> None:
    install(system, only("our_latency"))
    asked = NOW - timedelta(hours=5)
    make_interaction(theirs, now=asked, channel="email", direction="in", happened_at=asked)
    answered = NOW - timedelta(minutes=30)
    make_interaction(theirs, now=answered, channel="email", direction="out", happened_at=answered)

    part = part_of(theirs)

    assert part["n"] == 1
    assert part["facts"]["minutes"] == pytest.approx(30)


def test_every_measure_speaks() -> None:
    for measure in measures:
        assert str(measure.label)
        assert str(measure.weakness)
        assert str(measure.needs)
        assert measure.better in {"higher", "lower"}
