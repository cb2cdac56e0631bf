"""Means from sums, and what moved them, adding up exactly."""

import pytest

from analytics.portfolio import MIX, KindSums, Sums, moved, overall


def test_without_values_the_mean_is_plain() -> None:
    assert Sums(plain_count=4, plain=200.0).mean == 50.0


def test_with_values_the_mean_is_weighted_and_those_without_one_weigh_like_the_average() -> None:
    # values 10 and 30 with scores 80 and 40, and one score of 50 without a value, which weighs 20
    sums = Sums(plain_count=1, plain=50.0, valued_count=2, value=40.0, weighted=10 * 80.0 + 30 * 40.0)
    assert sums.count == 3
    assert sums.mean == (20 * 50 + 10 * 80 + 30 * 40) / 60


def test_nothing_scored_has_no_mean() -> None:
    assert Sums().mean is None
    assert overall({"customers": Sums()}) is None
    assert moved({}, {"customers": KindSums(Sums(1, 50.0), {"contact": (50.0, 0.0)})}) == {}


def test_kinds_count_by_how_many_have_a_score() -> None:
    assert overall({"customers": Sums(3, 240.0), "suppliers": Sums(1, 40.0)}) == (3 * 80 + 40) / 4


def test_lines_add_up_to_the_change_of_the_whole() -> None:
    before = {
        "customers": KindSums(Sums(2, 140.0), {"contact": (90.0, 0.0), "trust": (50.0, 0.0)}),
        "suppliers": KindSums(Sums(2, 120.0), {"contact": (120.0, 0.0)}),
    }
    after = {
        "customers": KindSums(Sums(3, 180.0), {"contact": (90.0, 0.0), "trust": (90.0, 0.0)}),
        "suppliers": KindSums(Sums(2, 150.0), {"contact": (150.0, 0.0)}),
    }
    lines = moved(before, after)
    assert set(lines) == {("customers", "contact"), ("customers", "trust"), ("suppliers", "contact"), MIX}
    change = overall({k: v.sums for k, v in after.items()}) - overall({k: v.sums for k, v in before.items()})
    assert sum(lines.values()) == pytest.approx(change, abs=1e-12)
    assert lines["suppliers", "contact"] == pytest.approx((0.5 + 0.4) / 2 * 15)


def test_a_kind_that_is_new_is_mix_alone() -> None:
    one = KindSums(Sums(2, 140.0), {"contact": (140.0, 0.0)})
    new = KindSums(Sums(2, 60.0), {"contact": (60.0, 0.0)})
    lines = moved({"customers": one}, {"customers": one, "press": new, "staff": KindSums(Sums())})
    assert lines == {("customers", "contact"): 0.0, MIX: pytest.approx(50 - 70)}
