"""What readings say, and which step each of them asks for."""

from datetime import datetime, timedelta

import pytest

from health.measures.contact import BREADTH, RECIPROCITY
from health.measures.replies import OUR_LATENCY, SENTIMENT, working_time
from health.measures.trust import PROMISE_KEEPING
from health.queries.words import line_words, part_words, reason_words
from health.registry import Reading
from health.templatetags.health import health_line
from tests.health.evidence import NOW


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(25, "25 min"), (61, "1 h"), (1439, "24 h"), (1440, "3 working days"), (4800, "10 working days")],
)
def test_working_time(minutes: float, words: str) -> None:
    assert working_time(minutes) == words


@pytest.mark.parametrize(
    ("tone", "words"),
    [(0.3, "Warm"), (0.05, "Friendly"), (0.0, "Neutral"), (-0.05, "Cool"), (-0.3, "Angry")],
)
def test_the_tone_has_five_words(tone: float, words: str) -> None:
    assert SENTIMENT.describe(Reading(tone, 2)) == f"{words} tone (2 remarks)"


def test_no_step_where_there_is_nothing_to_gain() -> None:
    assert RECIPROCITY.step is not None
    assert RECIPROCITY.step(Reading(0.5, 3, {"inward": 1, "outward": 3})) is None
    given = RECIPROCITY.step(Reading(0.0, 3, {"inward": 3, "outward": 0}))
    assert given is not None
    assert given.value == 0.5
    assert OUR_LATENCY.step is not None
    assert OUR_LATENCY.step(Reading(90.0, 3, {"minutes": 90, "mass": 2})) is None


def test_promises_have_no_step_when_none_is_ahead_or_owed() -> None:
    assert PROMISE_KEEPING.step is not None
    assert PROMISE_KEEPING.step(Reading(0.5, 3, {"mass": 2, "pull": 5}, half_life=180)) is None


def test_breadth_names_deciders_only_where_they_are_mapped() -> None:
    facts: dict[str, float | None] = {"people": 1, "channels": 2, "mapped": 0}
    assert BREADTH.describe(Reading(0.4, 3, facts)) == "1 person, 2 channels"
    assert BREADTH.describe(Reading(0.4, 3, facts | {"mapped": 2, "covered": 1})) == (
        "1 person, 2 channels; 1 of 2 who decide"
    )


def part(**fields: object) -> dict[str, object]:
    return {
        "key": "problems", "measure": "problems", "value": 1.8, "n": 3, "at": datetime.now(NOW.tzinfo).isoformat(),
        "facts": {"open": 1, "open_load": 4, "days": 9, "load": 4},
    } | fields  # fmt: skip


def test_a_reason_is_signed_when_it_moved_the_score() -> None:
    assert reason_words(part(change=-6.2)) == "−6 1 open complaint, for 9 days"
    assert reason_words(part(change=0.4)) == "1 open complaint, for 9 days"
    assert reason_words(part(change=None)) == "1 open complaint, for 9 days"


def test_days_count_on_and_what_is_missing_is_named() -> None:
    later = NOW + timedelta(days=2)
    assert part_words(part(), scored_at=NOW, now=later) == "1 open complaint, for 11 days"
    assert part_words(part(value=None), scored_at=NOW, now=NOW) == (
        "Needs a contact in which a complaint could have come up"
    )
    assert part_words(part(measure="gone"), scored_at=NOW, now=NOW) == "problems"


def test_a_line_of_a_told_change_speaks_as_of_then() -> None:
    assert health_line(part(change=-5.0), NOW) == "Complaints: 1 open complaint, for 9 days"
    assert line_words(part(measure="gone"), at=NOW) == "problems"
    assert line_words({"change": -1.0}, at=NOW) == "Evidence came in or expired"
