"""The models beside the published sample: spot values, limits, agreement with simulation and with integration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from analytics.btyd import BgNbd, MbgNbd, ParetoNbd, PurchaseModel, ShiftedBetaGeometric, lifetime_value

PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
SPECIFIED = MbgNbd(r=0.5248431, alpha=6.183085, a=0.8913593, b=1.6140022)
MODELS: list[PurchaseModel] = [PUBLISHED, SPECIFIED, ParetoNbd(0.553, 10.578, 0.606, 11.669)]


def one(*values: float) -> list[NDArray[np.float64]]:
    return [np.array([value], dtype=np.float64) for value in values]


def test_spot_log_likelihood() -> None:
    assert BgNbd(r=0.5, alpha=6, a=1.2, b=3.3).log_likelihood(*one(3, 4, 6))[0] == pytest.approx(
        -7.5763819, abs=5e-8
    )


def test_spot_customer_of_the_paper() -> None:
    x, t_x, age = one(2, 30.43, 38.86)
    assert PUBLISHED.alive(x, t_x, age)[0] == pytest.approx(0.72658, abs=5e-6)
    assert PUBLISHED.conditional(39.0, x, t_x, age)[0] == pytest.approx(1.22603, abs=5e-6)


def test_mbg_expectation_agrees_with_simulation() -> None:
    """The published run has 400,000 customers; here 60,000, each mean within four standard errors."""
    generator = np.random.default_rng(7)
    size, ahead = 60_000, 39.0
    age = generator.uniform(27, 39, size)
    rate = generator.gamma(SPECIFIED.r, 1 / SPECIFIED.alpha, size)
    leave = generator.beta(SPECIFIED.a, SPECIFIED.b, size)
    x, t_x, future = np.zeros(size), np.zeros(size), np.zeros(size)
    clock = np.zeros(size)
    active = np.flatnonzero(generator.random(size) >= leave)
    while len(active):
        clock[active] += generator.exponential(1 / rate[active])
        past = active[clock[active] <= age[active]]
        x[past] += 1
        t_x[past] = clock[past]
        future[active] += (clock[active] > age[active]) & (clock[active] <= age[active] + ahead)
        gone = (clock[active] > age[active] + ahead) | (generator.random(len(active)) < leave[active])
        active = active[~gone]
    expected = SPECIFIED.conditional(ahead, x, t_x, age)
    for purchases in range(6):
        chosen = x == purchases
        error = future[chosen].std() / np.sqrt(chosen.sum())
        assert expected[chosen].mean() == pytest.approx(future[chosen].mean(), abs=4 * error)


@pytest.mark.parametrize(("alpha", "beta"), [(10.6, 11.7), (11.7, 10.6), (11.0, 11.0), (2.0, 40.0)])
@pytest.mark.parametrize(("x", "t_x", "age"), [(0, 0, 20), (1, 3, 20), (12, 19, 20), (12, 2, 20)])
def test_pareto_likelihood_agrees_with_integration(
    alpha: float, beta: float, x: float, t_x: float, age: float
) -> None:
    """s / (r+s+x) · A₀ is s times the integral over the moment of leaving."""
    r, s = 0.55, 0.61
    tail = quad(lambda moment: (alpha + moment) ** -(r + x) * (beta + moment) ** -(s + 1), t_x, age)[0]
    staying = (alpha + age) ** -(r + x) * (beta + age) ** -s
    model = ParetoNbd(r, alpha, s, beta)
    constant = ParetoNbd(r, alpha, s, beta).log_likelihood(*one(x, age, age))[0] - np.log(staying)
    assert model.log_likelihood(*one(x, t_x, age))[0] == pytest.approx(constant + np.log(staying + s * tail))
    assert model.alive(*one(x, t_x, age))[0] == pytest.approx(staying / (staying + s * tail))


@pytest.mark.parametrize("kind", [BgNbd, MbgNbd])
def test_a_chance_of_leaving_around_one_makes_no_jump(kind: type[BgNbd] | type[MbgNbd]) -> None:
    around = [kind(0.5, 5.0, a, 2.5).conditional(39.0, *one(3, 20, 30))[0] for a in (0.9999, 1.0, 1.0001)]
    assert around[0] > around[1] > around[2]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-5)


def test_a_rate_of_leaving_around_one_makes_no_jump() -> None:
    around = [
        ParetoNbd(0.5, 5.0, s, 10.0).conditional(39.0, *one(3, 20, 30))[0] for s in (0.9999, 1.0, 1.0001)
    ]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-5)
    around = [ParetoNbd(0.5, 5.0, s, 10.0).expected(np.array([39.0]))[0] for s in (0.9999, 1.0, 1.0001)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-5)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_thousands_of_purchases_stay_finite(model: PurchaseModel) -> None:
    x, t_x, age = one(5000, 301, 301)
    assert np.isfinite(model.log_likelihood(x, t_x, age)).all()
    assert model.conditional(52.0, x, t_x, age)[0] == pytest.approx(5000 / 301 * 52, rel=0.1)
    assert model.alive(x, np.array([2.0]), age)[0] == pytest.approx(0)


@settings(max_examples=150)
@given(
    model=st.sampled_from(MODELS),
    x=st.integers(0, 200),
    age=st.floats(0.2, 500),
    share=st.floats(0.01, 1),
    weeks=st.floats(0.1, 300),
)
def test_chances_are_chances_and_expectations_grow(
    model: PurchaseModel, x: int, age: float, share: float, weeks: float
) -> None:
    customer = one(x, age * share if x else 0.0, age)
    assert 0 <= model.alive(*customer)[0] <= 1
    soon, later = model.conditional(weeks, *customer)[0], model.conditional(weeks * 2, *customer)[0]
    assert -1e-9 <= soon <= later + 1e-9
    assert np.isfinite(model.log_likelihood(*customer)).all()


def test_the_counts_of_a_new_customer_are_a_distribution() -> None:
    weeks = np.array([0.5, 10.0, 60.0])
    total = sum(PUBLISHED.count_probability(k, weeks) for k in range(400))
    mean = sum(k * PUBLISHED.count_probability(k, weeks) for k in range(400))
    assert np.asarray(total).tolist() == pytest.approx([1, 1, 1])
    assert np.asarray(mean).tolist() == pytest.approx(PUBLISHED.expected(weeks).tolist())


def test_a_new_customers_expectation_is_the_conditional_of_nothing_known() -> None:
    weeks = np.array([1.0, 52.0])
    mbg = SPECIFIED.expected(weeks)
    assert (0 < mbg[0] < mbg[1]) == np.True_
    assert mbg.tolist() == pytest.approx([SPECIFIED.conditional(week, *one(0, 0, 0))[0] for week in weeks])


def test_renewal_rates_rise_with_tenure() -> None:
    model = ShiftedBetaGeometric(0.704, 1.182)
    periods = np.arange(1.0, 8.0)
    rates = model.renewal_rate(periods)
    assert (np.diff(rates) > 0).all()
    assert model.survival(np.array([7.0]))[0] == pytest.approx(np.prod(rates))


def test_lifetime_value_without_discount_is_purchases_times_spend() -> None:
    x, t_x, age = one(2, 30.43, 38.86)
    plain = lifetime_value(PUBLISHED, x, t_x, age, np.array([20.0]), weeks=39, margin=0.5)
    assert plain[0] == pytest.approx(0.5 * 1.22603 * 20, abs=5e-5)


def test_lifetime_value_discounts_week_by_week() -> None:
    x, t_x, age = one(2, 30.43, 38.86)
    spend = np.array([20.0])
    weekly = [PUBLISHED.conditional(float(week), x, t_x, age)[0] for week in range(4)]
    by_hand = sum((weekly[i] - weekly[i - 1]) * 20 / 1.1 ** (i / 52) for i in (1, 2, 3))
    assert lifetime_value(PUBLISHED, x, t_x, age, spend, weeks=3, annual_discount=0.1)[0] == pytest.approx(
        by_hand
    )
    with pytest.raises(ValueError, match="horizon of 0 weeks"):
        lifetime_value(PUBLISHED, x, t_x, age, spend, weeks=0)
    with pytest.raises(ValueError, match="annual discount -1"):
        lifetime_value(PUBLISHED, x, t_x, age, spend, annual_discount=-1)
