"""The life of a case out of the steps of a log, in whatever order they come."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import ENDED, WAITING, CaseState
from cases.queries.lives import Step, life_of

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATES = ["", *(state.value for state in CaseState)]


def hours(*told: tuple[int, str]) -> list[Step]:
    return [Step(BEGAN + timedelta(hours=hour), state) for hour, state in told]


def test_a_life_has_a_turn_for_each_opening_and_stands_while_others_are_waited_for() -> None:
    life = life_of(
        hours(
            (0, "new"), (1, ""), (2, "assessed"), (3, "waiting_third_party"), (4, "waiting_third_party"),
            (5, "waiting_complainant"), (6, "communicated"), (8, "closed"), (9, "closed"), (20, "investigating"),
            (21, "waiting_third_party"), (24, "closed"),
        )
    )  # fmt: skip
    first, second = life.turns
    at = [step.at for step in hours(*((hour, "") for hour in range(25)))]
    assert (life.raised_at, life.acknowledged_at, life.answered_at) == (at[0], at[2], at[6])
    assert (life.state, life.closed_at) == ("closed", at[24])
    assert (first.started_at, first.ended_at, second.started_at, second.ended_at) == (
        at[0],
        at[8],
        at[20],
        at[24],
    )
    assert first.pauses == [(at[3], at[5], "waiting_third_party"), (at[5], at[6], "waiting_complainant")]
    assert second.pauses == [(at[21], at[24], "waiting_third_party")]


def test_of_a_log_that_begins_later_nobody_knows_when_the_case_was_acknowledged() -> None:
    life = life_of(hours((0, "assessed"), (1, "waiting_third_party")))
    assert (life.acknowledged_at, life.answered_at, life.closed_at) == (None, None, None)
    assert life.turns[0].pauses == [(BEGAN + timedelta(hours=1), None, "waiting_third_party")]
    with pytest.raises(ValueError, match="without a step"):
        life_of([])


@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.sampled_from(STATES)),
        min_size=1,
        max_size=25,
        unique_by=lambda x: x[0],
    )
)
def test_no_stretch_of_a_life_ends_before_it_begins_and_the_order_of_the_rows_is_nothing(
    told: list[tuple[int, str]],
) -> None:
    life, shuffled = life_of(hours(*told)), [*told]
    Random(1).shuffle(shuffled)
    assert life == life_of(hours(*shuffled))
    moment = life.raised_at
    for turn in life.turns:
        assert moment <= turn.started_at
        moment = turn.started_at
        for begun, ended, reason in turn.pauses:
            assert moment <= begun
            assert reason in WAITING
            moment = ended or begun
        assert turn.ended_at is None or moment <= turn.ended_at
        moment = turn.ended_at or moment
    assert [turn.ended_at is None for turn in life.turns[:-1]] == [False] * (len(life.turns) - 1)
    assert (life.closed_at is not None) == (life.state in ENDED)
    assert all(at is None or at >= life.raised_at for at in (life.acknowledged_at, life.answered_at))
