"""Which model is fitted to what, and when the data do not suffice for it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from analytics.btyd.bg_nbd import BgNbd
from analytics.btyd.gamma_gamma import GammaGamma
from analytics.btyd.likelihood import FitRejected, maximise
from analytics.btyd.mbg_nbd import MbgNbd
from analytics.btyd.pareto_nbd import ParetoNbd
from analytics.btyd.shifted_beta_geometric import ShiftedBetaGeometric
from analytics.btyd.summary import Floats, PurchaseSummary

FEWEST_CUSTOMERS = 500
FEWEST_REPEAT_BUYERS = 100
LARGEST_SAMPLE = 100_000
STRONGEST_CORRELATION = 0.3

Model = BgNbd | MbgNbd | ParetoNbd | GammaGamma | ShiftedBetaGeometric
PURCHASE_MODELS: dict[str, type[BgNbd] | type[MbgNbd] | type[ParetoNbd]] = {
    "bg-nbd": BgNbd,
    "mbg-nbd": MbgNbd,
    "pareto-nbd": ParetoNbd,
}
MODELS = (*PURCHASE_MODELS, "gamma-gamma")


@dataclass(frozen=True)
class Fit:
    """An accepted fit: the model with its parameters, of so many customers, and the log-likelihood over all
    of them.
    """

    name: str
    model: Model
    log_likelihood: float
    customers: int

    @property
    def parameters(self) -> dict[str, float]:
        return asdict(self.model)


def fit(
    model: str,
    data: PurchaseSummary,
    *,
    fewest_customers: int = FEWEST_CUSTOMERS,
    fewest_repeat_buyers: int = FEWEST_REPEAT_BUYERS,
    largest_sample: int = LARGEST_SAMPLE,
) -> Fit:
    """Fit one of `MODELS` to purchases.

    Over more than `largest_sample` customers the parameters come from a seeded, stratified sample of that
    size and the log-likelihood from all. Gamma-Gamma looks at the repeat buyers alone and needs
    `data.spend`. Raises ValueError for an unknown model or missing or non-positive spend, `FitRejected`
    where the result could not be trusted.
    """
    if model not in MODELS:
        raise ValueError(f"unknown model {model!r}: known are {', '.join(MODELS)}")
    for code, value, limit in (
        ("too_few_customers", data.customers, fewest_customers),
        ("too_few_repeat_buyers", data.repeat_buyers, fewest_repeat_buyers),
    ):
        if value < limit:
            raise FitRejected(code, value, limit)
    if model == "gamma-gamma":
        return _fit_spend(data)
    return _fit_purchases(model, data, largest_sample)


def fit_renewals(survivors: Sequence[float]) -> Fit:
    """Fit sBG to the survivors of one cohort at period 0, 1, … (at least two, never rising, some lost).

    Raises ValueError for other input and `FitRejected` where the parameters run away.
    """
    counts = np.asarray(survivors, dtype=np.float64)
    if len(counts) < 2 or counts[-1] < 0 or np.any(np.diff(counts) > 0) or counts[0] == counts[-1]:
        raise ValueError(
            f"survivors {list(survivors)}: at least two, never rising, not negative, and some lost"
        )

    def log_likelihood(parameters: Floats) -> float:
        return ShiftedBetaGeometric(*parameters).log_likelihood(counts)

    parameters = maximise(log_likelihood, counts[0], [(1.0, 1.0), (0.5, 3.0)])
    return Fit("sbg", ShiftedBetaGeometric(*parameters), log_likelihood(np.array(parameters)), int(counts[0]))


def _fit_purchases(name: str, data: PurchaseSummary, largest_sample: int) -> Fit:
    kind = PURCHASE_MODELS[name]
    sample = data.sampled(largest_sample)

    def log_likelihood(parameters: Floats) -> float:
        return float(
            (sample.count * kind(*parameters).log_likelihood(sample.x, sample.t_x, sample.age)).sum()
        )

    span = float(np.average(sample.age, weights=sample.count))
    starts = [(0.5, span / 4, 0.5, span / 4), (1.0, span / 8, 1.0, span), (0.3, span / 6, 1.5, span / 2)]
    if kind is not ParetoNbd:
        starts = [(0.5, span / 6, 1.0, 2.5), (1.0, span / 3, 0.5, 1.0), (0.2, span / 12, 2.0, 6.0)]
    model = kind(*maximise(log_likelihood, sample.customers, starts))
    total = float((data.count * model.log_likelihood(data.x, data.t_x, data.age)).sum())
    return Fit(name, model, total, data.customers)


def _fit_spend(data: PurchaseSummary) -> Fit:
    if data.spend is None:
        raise ValueError("gamma-gamma needs amounts")
    repeat = data.x > 0
    x, spend, count = data.x[repeat], data.spend[repeat], data.count[repeat]
    if np.any(spend <= 0):
        raise ValueError(
            f"row {int(np.flatnonzero(repeat)[np.argmax(spend <= 0)])}: mean spend is not positive"
        )
    correlation = _correlation(x, spend, count)
    if abs(correlation) > STRONGEST_CORRELATION:
        raise FitRejected("spend_depends_on_frequency", correlation, STRONGEST_CORRELATION)

    def log_likelihood(parameters: Floats) -> float:
        return float((count * GammaGamma(*parameters).log_likelihood(x, spend)).sum())

    mean = float(np.average(spend, weights=count))
    parameters = maximise(
        log_likelihood, count.sum(), [(2.0, 3.0, mean), (6.0, 4.0, mean / 2), (1.0, 2.0, mean)]
    )
    model = GammaGamma(*parameters)
    if model.q <= 1:
        raise FitRejected("mean_spend_undefined", model.q, 1)
    return Fit("gamma-gamma", model, log_likelihood(np.array(parameters)), int(count.sum()))


def _correlation(x: Floats, y: Floats, count: Floats) -> float:
    """Pearson's, of weighted rows; 0 where either does not vary."""
    dx, dy = x - np.average(x, weights=count), y - np.average(y, weights=count)
    scale = float(np.sqrt((count * dx * dx).sum() * (count * dy * dy).sum()))
    return float((count * dx * dy).sum()) / scale if scale > 0 else 0.0
