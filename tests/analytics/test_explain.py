"""Explanations that add up: on paper, and in tenths on the page."""

from decimal import Decimal
from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.explain import (
    Part,
    apportioned,
    change,
    contributions,
    coverage,
    groups,
    reference,
    score,
    shown,
    shown_contributions,
    shown_groups,
)

PARTS = [
    Part("activity", "contact", 2.0, 80.0, 50.0),
    Part("recency", "contact", 1.0, 40.0, 70.0),
    Part("sentiment", "tone", 1.0, 20.0, 60.0),
    Part("promises", "trust", 2.0, used=False),
]


def test_score_coverage_and_reference_are_weighted_means_of_what_has_evidence() -> None:
    assert coverage(PARTS) == pytest.approx(4 / 6)
    assert score(PARTS) == pytest.approx((160 + 40 + 20) / 4)
    assert reference(PARTS) == pytest.approx((100 + 70 + 60) / 4)
    assert contributions(PARTS) == {"activity": 15.0, "recency": -7.5, "sentiment": -10.0}


def test_below_the_coverage_there_is_no_number() -> None:
    assert score([Part("a", "g", 1.0, 90.0), Part("b", "g", 1.1, used=False)]) is None
    assert score([Part("a", "g", 1.0, 90.0), Part("b", "g", 1.0, used=False)]) == 90.0
    assert score([Part("b", "g", 1.0, used=False)], least_coverage=0.0) is None
    assert coverage([]) == 0.0
    assert score([]) is None
    assert contributions([]) == {}
    assert groups([]) == {}
    assert shown_groups([]) == {}
    with pytest.raises(ValueError, match="no part is used"):
        reference([])


def test_removing_evidence_changes_the_score() -> None:
    without = [
        PARTS[0],
        PARTS[1],
        Part("sentiment", "tone", 1.0, used=False),
        Part("promises", "trust", 1.0, 90.0),
    ]
    assert score(without) != score(PARTS)


def test_a_change_is_told_by_component() -> None:
    after = [Part("activity", "contact", 2.0, 60.0, 50.0), *PARTS[1:]]
    told = change(PARTS, after)
    assert told is not None
    assert (told.total, told.lines, told.evidence) == (
        -10.0,
        {"activity": -10.0, "recency": 0.0, "sentiment": 0.0},
        0.0,
    )


def test_evidence_that_came_in_is_told_apart() -> None:
    after = [*PARTS[:3], Part("promises", "trust", 2.0, 100.0)]
    told = change(PARTS, after)
    assert told is not None
    assert set(told.lines.values()) == {0.0}
    assert told.evidence == pytest.approx(420 / 6 - 55)
    assert change(PARTS, [Part("activity", "contact", 1.0, used=False)]) is None
    assert change([Part("activity", "contact", 1.0, used=False)], PARTS) is None


def test_a_score_is_shown_to_a_tenth_halves_up() -> None:
    assert [str(shown(value)) for value in (69.95, 69.949, 0.05, 100.0)] == ["70.0", "69.9", "0.1", "100.0"]


def test_tenths_are_given_to_the_largest_remainders() -> None:
    thirds = {"a": 100 / 3, "b": 100 / 3, "c": 100 / 3}
    assert apportioned(thirds, Decimal("100.0")) == {
        "a": Decimal("33.4"),
        "b": Decimal("33.3"),
        "c": Decimal("33.3"),
    }
    assert apportioned({"a": -1.26, "b": 0.56}, Decimal("-0.7")) == {
        "a": Decimal("-1.3"),
        "b": Decimal("0.6"),
    }
    assert apportioned({"a": 1.0, "b": 2.0}, Decimal("3.5")) == {"a": Decimal("1.3"), "b": Decimal("2.2")}
    assert apportioned({}, Decimal("1.0")) == {}


def test_at_most_five_groups_are_shown_the_rest_as_one() -> None:
    parts = [Part(f"k{number}", f"g{number}", 10.0 - number, 50.0) for number in range(7)]
    gathered = groups(parts)
    assert list(gathered) == ["g0", "g1", "g2", "g3", "other"]
    assert gathered["other"] == pytest.approx(50 * (6 + 5 + 4) / 49)
    assert list(groups(parts[:5])) == ["g0", "g1", "g2", "g3", "g4"]
    assert groups(PARTS) == {"contact": 50.0, "tone": 5.0}
    named_other = [Part("o", "other", 20.0, 50.0), *parts]
    assert fsum(groups(named_other).values()) == pytest.approx(50)
    assert len(groups(named_other)) <= 5


NUMBERS = st.floats(0, 100)
ANY_PARTS = st.lists(
    st.tuples(st.floats(0.01, 50), NUMBERS, NUMBERS, st.booleans(), st.integers(0, 7)),
    min_size=1,
    max_size=14,
).map(
    lambda rows: [
        Part(f"k{place}", f"g{group}", weight, points, median, used)
        for place, (weight, points, median, used, group) in enumerate(rows)
    ]
)


@given(ANY_PARTS)
def test_contributions_and_reference_sum_to_the_score(parts: list[Part]) -> None:
    whole = score(parts)
    if whole is not None:
        assert 0 <= whole <= 100.0001
        assert fsum(contributions(parts).values()) + reference(parts) == pytest.approx(whole, abs=1e-9)


@given(ANY_PARTS)
def test_in_exact_arithmetic_the_sum_is_the_score_itself(parts: list[Part]) -> None:
    used = [part for part in parts if part.used]
    total = sum((Fraction(part.weight) for part in used), Fraction())
    if total:
        mean = sum((Fraction(part.weight) * Fraction(part.points) for part in used), Fraction()) / total
        base = sum((Fraction(part.weight) * Fraction(part.reference) for part in used), Fraction()) / total
        phi = [Fraction(p.weight) * (Fraction(p.points) - Fraction(p.reference)) / total for p in used]
        assert sum(phi, base) == mean
        assert list(contributions(parts).values()) == pytest.approx([float(value) for value in phi], abs=1e-9)


@given(ANY_PARTS)
def test_what_is_shown_sums_to_the_score_shown(parts: list[Part]) -> None:
    whole = score(parts)
    if whole is not None:
        base, lines = shown_contributions(parts)
        assert sum(lines.values(), base) == shown(whole)
        ring = shown_groups(parts)
        assert len(ring) <= 5
        assert abs(sum(ring.values(), Decimal()) - shown(whole)) == 0
        for key, value in contributions(parts).items():
            assert abs(float(lines[key]) - value) <= 0.2
