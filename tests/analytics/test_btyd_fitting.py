"""Summaries of purchases, and the fits that must not be used."""

from datetime import date

import numpy as np
import pytest

from analytics.btyd import BgNbd, FitRejected, PurchaseSummary, fit, fit_renewals, summarise
from analytics.btyd.likelihood import maximise
from tests.analytics.conftest import Cdnow


def arrays(**columns: list[float]) -> PurchaseSummary:
    filled = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    return PurchaseSummary(
        filled["x"],
        filled["t_x"],
        filled["age"],
        filled.get("count", np.ones(len(filled["x"]))),
        filled.get("spend"),
    )


def test_a_summary_collapses_days_and_ends_at_the_given_day() -> None:
    customers = np.array(["b", "a", "a", "a", "a", "c"])
    days = np.array(
        ["2027-01-20", "2027-01-15", "2027-01-01", "2027-01-15", "2027-02-01", "2027-02-01"],
        dtype="datetime64[D]",
    )
    amounts = np.array([5.0, 10.0, 99.0, 20.0, 40.0, 1.0])
    summary = summarise(customers, days, date(2027, 1, 29), amounts)
    assert summary.ids is not None
    assert summary.spend is not None
    assert summary.ids.tolist() == ["a", "b"]
    assert summary.x.tolist() == [1, 0]
    assert summary.t_x.tolist() == [2, 0]
    assert summary.age.tolist() == [4, 9 / 7]
    assert summary.spend.tolist() == [30, 0]
    assert (summary.customers, summary.repeat_buyers) == (2, 1)


def test_a_summary_of_nothing_is_empty() -> None:
    nothing = summarise(np.array([], dtype=np.int64), np.array([], dtype="datetime64[D]"), date(2027, 1, 1))
    assert (nothing.customers, nothing.spend) == (0, None)


def test_arrays_of_different_length_are_refused() -> None:
    day = np.array(["2027-01-01"], dtype="datetime64[D]")
    with pytest.raises(ValueError, match="differ in length"):
        summarise(np.array([1, 2]), day, date(2027, 1, 1))
    with pytest.raises(ValueError, match="differ in length"):
        summarise(np.array([1]), day, date(2027, 1, 1), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match=r"spend has the shape \(1,\)"):
        arrays(x=[0, 0], t_x=[0, 0], age=[1, 1], spend=[1])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"x": -1, "t_x": 0, "age": 1, "count": 1}, "row 1: purchases are negative"),
        ({"x": 0, "t_x": 1, "age": 1, "count": 1}, "row 1: no repeat purchase"),
        ({"x": 1, "t_x": 2, "age": 1, "count": 1}, "row 1: the last purchase lies outside"),
        ({"x": 1, "t_x": 1, "age": 1, "count": -1}, "row 1: the count is negative"),
    ],
)
def test_histories_that_cannot_be_name_their_row(row: dict[str, float], words: str) -> None:
    good = {"x": 1.0, "t_x": 1.0, "age": 1.0, "count": 1.0}
    with pytest.raises(ValueError, match=words):
        arrays(**{name: [good[name], row[name]] for name in good})


def test_equal_customers_are_grouped_without_changing_the_likelihood(cdnow: Cdnow) -> None:
    grouped = cdnow.calibration.grouped()
    model = BgNbd(0.24, 4.4, 0.79, 2.4)
    each = model.log_likelihood(cdnow.calibration.x, cdnow.calibration.t_x, cdnow.calibration.age).sum()
    assert len(grouped.x) == 1016
    assert grouped.customers == 2357
    assert (grouped.count * model.log_likelihood(grouped.x, grouped.t_x, grouped.age)).sum() == pytest.approx(
        each
    )


def test_a_sample_keeps_the_strata_and_is_the_same_every_time(cdnow: Cdnow) -> None:
    sample, again = (cdnow.calibration.sampled(1000) for _ in range(2))
    assert sample.count.tolist() == again.count.tolist()
    once = sample.count[sample.x == 0].sum() / sample.customers
    assert once == pytest.approx(1411 / 2357, abs=2e-3)
    assert 990 <= sample.customers <= 1000


def test_a_sampled_fit_reports_all_customers(cdnow: Cdnow) -> None:
    sampled = fit("bg-nbd", cdnow.calibration, largest_sample=1500)
    assert sampled.customers == 2357
    assert -9582.43 - 5 < sampled.log_likelihood < -9582.429


def test_unknown_models_are_named_with_the_known_ones(cdnow: Cdnow) -> None:
    with pytest.raises(ValueError, match=r"unknown model 'nbd': known are bg-nbd"):
        fit("nbd", cdnow.calibration)


def test_too_few_customers_or_repeat_buyers_give_no_fit() -> None:
    few = arrays(x=[1.0] * 499, t_x=[1.0] * 499, age=[2.0] * 499)
    with pytest.raises(FitRejected, match="too_few_customers: 499 against 500") as rejected:
        fit("bg-nbd", few)
    assert (rejected.value.code, rejected.value.value, rejected.value.limit) == (
        "too_few_customers",
        499,
        500,
    )
    once = arrays(x=[0.0] * 500, t_x=[0.0] * 500, age=[2.0] * 500)
    with pytest.raises(FitRejected, match="too_few_repeat_buyers: 0 against 100"):
        fit("mbg-nbd", once)


def test_parameters_that_run_away_are_rejected() -> None:
    """All customers buy at one and the same rate: the gamma mixture collapses to a point at infinity."""
    generator = np.random.default_rng(3)
    age = np.full(600, 50.0)
    x = generator.poisson(10.0, 600).astype(np.float64)
    data = PurchaseSummary(x, np.where(x > 0, 49.0, 0.0), age, np.ones(600))
    with pytest.raises(FitRejected) as rejected:
        fit("pareto-nbd", data)
    assert rejected.value.code == "parameter_ran_away"


def test_a_summit_that_is_an_edge_is_rejected() -> None:
    with pytest.raises(FitRejected) as rejected:
        maximise(lambda values: -max(np.log(values[0]) - 1, 3 - 3 * np.log(values[0])), 1, [(1.0,)])
    assert rejected.value.code == "gradient_not_flat"


def test_a_start_where_the_likelihood_is_not_a_number_is_left() -> None:
    found = maximise(
        lambda values: -((np.log(values[0]) - 1) ** 2) if values[0] < 50 else np.nan, 1, [(90.0,), (1.0,)]
    )
    assert found == pytest.approx((np.e,), rel=1e-5)


def spending(x: list[float], spend: list[float]) -> PurchaseSummary:
    return arrays(x=x, t_x=[1.0 if k else 0.0 for k in x], age=[2.0] * len(x), spend=spend)


def test_spend_that_depends_on_frequency_is_rejected() -> None:
    x = [float(k % 9 + 1) for k in range(600)]
    with pytest.raises(FitRejected) as rejected:
        fit("gamma-gamma", spending(x, [10 * k + 1 for k in x]))
    assert rejected.value.code == "spend_depends_on_frequency"
    assert rejected.value.value == pytest.approx(1)


def test_spend_that_never_varies_runs_away() -> None:
    with pytest.raises(FitRejected) as rejected:
        fit("gamma-gamma", spending([2.0] * 600, [10.0] * 600))
    assert rejected.value.code == "parameter_ran_away"


def test_spend_with_a_tail_too_heavy_for_a_mean_is_rejected() -> None:
    generator = np.random.default_rng(5)
    nu = generator.gamma(0.7, 1 / 15.0, 2000)
    spend = generator.gamma(6.0 * 3, 1 / (nu * 3))
    with pytest.raises(FitRejected) as rejected:
        fit("gamma-gamma", spending([3.0] * 2000, spend.tolist()))
    assert rejected.value.code == "mean_spend_undefined"
    assert rejected.value.value == pytest.approx(0.7, abs=0.1)


def test_spend_is_needed_and_positive(cdnow: Cdnow) -> None:
    with pytest.raises(ValueError, match="needs amounts"):
        fit("gamma-gamma", cdnow.calibration.grouped())
    with pytest.raises(ValueError, match="row 2: mean spend is not positive"):
        fit("gamma-gamma", spending([0.0, 1.0, 1.0] + [1.0] * 600, [0.0, 5.0, -1.0] + [5.0] * 600))


@pytest.mark.parametrize("survivors", [[100], [100, 100], [100, 120], [100, 50, -1]])
def test_cohorts_that_cannot_be_are_refused(survivors: list[float]) -> None:
    with pytest.raises(ValueError, match="survivors"):
        fit_renewals(survivors)
