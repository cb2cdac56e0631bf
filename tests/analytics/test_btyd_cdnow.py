"""The published figures of the CDNOW sample, to the digits in which they were published.

Fader, Hardie & Lee (2005) for BG/NBD, Pareto/NBD and Gamma-Gamma; the tests of the R package CLVTools for more digits.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from analytics.btyd import (
    BgNbd,
    Fit,
    GammaGamma,
    MbgNbd,
    ParetoNbd,
    PurchaseModel,
    PurchaseSummary,
    ShiftedBetaGeometric,
    fit,
    fit_renewals,
)
from tests.analytics.conftest import Cdnow

PARAMETERS = {
    "bg-nbd": {"r": 0.2425945, "alpha": 4.4136019, "a": 0.7929199, "b": 2.4258881},
    "pareto-nbd": {"r": 0.55315, "alpha": 10.57633, "s": 0.60625, "beta": 11.67150},
    "mbg-nbd": {"r": 0.5248, "alpha": 6.1831, "a": 0.8914, "b": 1.6140},
}


def model_of(cdnow: Cdnow, name: str) -> PurchaseModel:
    model = cdnow.fits[name].model
    assert isinstance(model, BgNbd | MbgNbd | ParetoNbd)
    return model


def expectations(cdnow: Cdnow, name: str) -> NDArray[np.float64]:
    data = cdnow.calibration
    return model_of(cdnow, name).conditional(39.0, data.x, data.t_x, data.age)


def test_the_sample_is_the_published_one(cdnow: Cdnow) -> None:
    assert (len(cdnow.customers), cdnow.calibration.customers, cdnow.calibration.repeat_buyers) == (
        6919,
        2357,
        946,
    )
    assert (cdnow.calibration.x.sum(), cdnow.holdout.sum()) == (2457, 1882)


@pytest.mark.parametrize(
    ("name", "log_likelihood"), [("bg-nbd", -9582.429), ("pareto-nbd", -9594.976), ("mbg-nbd", -9582.136)]
)
def test_parameters_and_log_likelihood(cdnow: Cdnow, name: str, log_likelihood: float) -> None:
    fitted = cdnow.fits[name]
    assert fitted.parameters == pytest.approx(PARAMETERS[name], rel=3e-4)
    assert fitted.log_likelihood == pytest.approx(log_likelihood, abs=5e-4)
    assert fitted.customers == 2357


def test_bg_nbd_meets_the_reference_digits(cdnow: Cdnow) -> None:
    assert cdnow.fits["bg-nbd"].parameters == pytest.approx(PARAMETERS["bg-nbd"], rel=1e-5)
    rounded = [round(value, 3) for value in cdnow.fits["bg-nbd"].parameters.values()]
    assert rounded == [0.243, 4.414, 0.793, 2.426]


@pytest.mark.parametrize(
    ("name", "correlation", "total", "mean_alive"),
    [
        ("bg-nbd", 0.626, 1653.4, 0.813),
        ("pareto-nbd", 0.630, 1665.5, 0.446),
        ("mbg-nbd", 0.627, 1576.7, 0.449),
    ],
)
def test_the_holdout_is_foretold_as_published(
    cdnow: Cdnow, name: str, correlation: float, total: float, mean_alive: float
) -> None:
    data = cdnow.calibration
    expected = expectations(cdnow, name)
    assert np.corrcoef(expected, cdnow.holdout)[0, 1] == pytest.approx(correlation, abs=5e-4)
    assert expected.sum() == pytest.approx(total, abs=0.05)
    assert model_of(cdnow, name).alive(data.x, data.t_x, data.age).mean() == pytest.approx(
        mean_alive, abs=5e-4
    )


def test_the_two_published_models_agree_on_customers(cdnow: Cdnow) -> None:
    correlation = np.corrcoef(expectations(cdnow, "bg-nbd"), expectations(cdnow, "pareto-nbd"))[0, 1]
    assert correlation == pytest.approx(0.996, abs=5e-4)


def test_one_time_buyers_are_certain_for_bg_and_doubtful_for_mbg(cdnow: Cdnow) -> None:
    data = cdnow.calibration
    once = data.x == 0
    bg = model_of(cdnow, "bg-nbd").alive(data.x, data.t_x, data.age)[once]
    mbg = model_of(cdnow, "mbg-nbd").alive(data.x, data.t_x, data.age)[once]
    assert (bg == 1).all()
    assert mbg.mean() == pytest.approx(0.41, abs=5e-3)


def test_holdout_means_by_calibration_frequency(cdnow: Cdnow) -> None:
    groups = np.minimum(cdnow.calibration.x, 7)

    def means(values: NDArray[np.float64]) -> list[float]:
        return [round(float(values[groups == k].mean()), 2) for k in range(8)]

    assert [int((groups == k).sum()) for k in range(8)] == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert means(cdnow.holdout) == [0.24, 0.70, 1.39, 1.56, 2.53, 2.95, 3.86, 6.36]
    assert means(expectations(cdnow, "bg-nbd")) == [0.23, 0.52, 1.04, 1.52, 2.16, 2.65, 3.50, 6.16]
    assert means(expectations(cdnow, "pareto-nbd")) == [0.14, 0.60, 1.20, 1.71, 2.40, 2.91, 3.82, 6.40]


def cumulative(cdnow: Cdnow, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Repeat sales by the end of week 1 … 78 of 1997/98: actual and expected."""
    start = np.datetime64("1997-01-01")
    pairs = np.unique(np.column_stack([cdnow.customers, (cdnow.days - start).astype(np.int64)]), axis=0)
    _, first = np.unique(pairs[:, 0], return_index=True)
    birth = pairs[first, 1] / 7
    repeat = np.delete(pairs[:, 1], first) / 7
    weeks = np.arange(1, 79)
    actual = np.array([(repeat < week).sum() for week in weeks], dtype=np.float64)
    model = model_of(cdnow, name)
    expected = np.array([model.expected(week - birth[birth < week]).sum() for week in weeks])
    return actual, expected


@pytest.mark.parametrize(
    ("name", "week_78", "mape"), [("bg-nbd", -0.040, 0.0252), ("pareto-nbd", -0.015, 0.0133)]
)
def test_cumulative_repeat_sales_are_tracked_as_published(
    cdnow: Cdnow, name: str, week_78: float, mape: float
) -> None:
    actual, expected = cumulative(cdnow, name)
    assert actual[77] == 4339
    assert expected[77] / actual[77] - 1 == pytest.approx(week_78, abs=5e-4)
    assert np.abs(expected[39:] / actual[39:] - 1).mean() == pytest.approx(mape, abs=5e-5)


def test_bg_nbd_foretells_4166_repeat_sales_by_week_78(cdnow: Cdnow) -> None:
    assert cumulative(cdnow, "bg-nbd")[1][77] == pytest.approx(4165.7, abs=0.05)


def observed_bins(cdnow: Cdnow) -> NDArray[np.float64]:
    return np.bincount(np.minimum(cdnow.calibration.x, 7).astype(np.int64), minlength=8).astype(np.float64)


def test_bg_nbd_fits_the_counts_as_published(cdnow: Cdnow) -> None:
    model = cdnow.fits["bg-nbd"].model
    assert isinstance(model, BgNbd)
    expected = [float(model.count_probability(k, cdnow.calibration.age).sum()) for k in range(7)]
    expected.append(2357 - sum(expected))
    statistic = float(((observed_bins(cdnow) - expected) ** 2 / expected).sum())
    assert statistic == pytest.approx(4.82, abs=5e-3)
    assert chi2.sf(statistic, 3) == pytest.approx(0.19, abs=5e-3)


def test_pareto_nbd_fits_the_counts_as_simulated(cdnow: Cdnow) -> None:
    """11.6 by simulation of 400 populations; the paper has 11.99."""
    model = cdnow.fits["pareto-nbd"].model
    assert isinstance(model, ParetoNbd)
    generator = np.random.default_rng(1)
    shape = (200, 2357)
    rate = generator.gamma(model.r, 1 / model.alpha, shape)
    life = np.minimum(
        generator.exponential(1 / generator.gamma(model.s, 1 / model.beta, shape)), cdnow.calibration.age
    )
    counts = np.minimum(generator.poisson(rate * life), 7)
    expected = np.bincount(counts.ravel(), minlength=8) / shape[0]
    statistic = float(((observed_bins(cdnow) - expected) ** 2 / expected).sum())
    assert statistic == pytest.approx(11.7, abs=0.5)


def test_gamma_gamma_meets_the_reference_on_purchase_days(cdnow: Cdnow) -> None:
    fitted = cdnow.fits["gamma-gamma"]
    assert [round(value, 2) for value in fitted.parameters.values()] == [6.25, 3.74, 15.44]
    assert fitted.log_likelihood == pytest.approx(-4055.9177, abs=5e-5)
    assert fitted.customers == 946


def test_gamma_gamma_on_the_published_summary(repeat_spend: PurchaseSummary) -> None:
    fitted: Fit = fit("gamma-gamma", repeat_spend)
    assert list(fitted.parameters.values()) == pytest.approx([6.2488, 3.7446, 15.4478], abs=2e-4)
    assert fitted.log_likelihood == pytest.approx(-4055.923, abs=5e-4)
    repeat = repeat_spend.x > 0
    assert repeat_spend.spend is not None
    assert np.corrcoef(repeat_spend.x[repeat], repeat_spend.spend[repeat])[0, 1] == pytest.approx(
        0.114, abs=5e-4
    )


def test_expected_spend_of_the_first_ten_customers(repeat_spend: PurchaseSummary) -> None:
    model = GammaGamma(p=6.25, q=3.74, gamma=15.44)
    assert repeat_spend.spend is not None
    first_ten = model.expected_spend(repeat_spend.x[:10], repeat_spend.spend[:10])
    published = [24.66, 18.92, 35.22, 35.22, 35.22, 71.47, 18.92, 35.22, 27.29, 35.22]
    assert [round(float(value), 2) for value in first_ten] == published
    assert round(model.population_mean, 2) == 35.22


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "log_likelihood", "year"),
    [
        ([1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182, -1680.27, 0.170),
        ([1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806, -1611.16, 0.378),
    ],
    ids=["regular", "high end"],
)
def test_renewals_of_the_published_cohorts(
    survivors: list[int], alpha: float, beta: float, log_likelihood: float, year: float
) -> None:
    """Fader & Hardie (2007), tables 1 and 2."""
    from_cohort = fit_renewals(survivors)
    assert from_cohort.parameters == pytest.approx({"alpha": alpha, "beta": beta}, abs=5e-4)
    assert from_cohort.log_likelihood == pytest.approx(log_likelihood, abs=5e-3)
    assert from_cohort.customers == 1000
    assert isinstance(from_cohort.model, ShiftedBetaGeometric)
    survival = from_cohort.model.survival(np.array([0.0, 12.0]))
    assert survival.tolist() == pytest.approx([1.0, year], abs=5e-4)
