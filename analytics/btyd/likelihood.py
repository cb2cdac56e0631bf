"""The highest likelihood, found so that one may trust it, or refused.

Several starts by L-BFGS-B in the logarithms of the parameters, the best one polished by Nelder–Mead. A fit
is rejected, with its reason, where a parameter runs away or the gradient at the end is not flat: the caller
keeps the last good one.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize

from analytics.btyd.summary import Floats

LARGEST_PARAMETER = 1e4
FLAT_GRADIENT = 1e-4

_LOG_BOUND = np.log(1e6)


class FitRejected(Exception):
    """No fit to use. `code` is one of `too_few_customers`, `too_few_repeat_buyers`, `parameter_ran_away`,
    `gradient_not_flat`, `spend_depends_on_frequency`, `mean_spend_undefined`; `value` and `limit` are the
    figures compared.
    """

    def __init__(self, code: str, value: float, limit: float) -> None:
        super().__init__(f"{code}: {value:g} against {limit:g}")
        self.code = code
        self.value = value
        self.limit = limit


def maximise(
    log_likelihood: Callable[[Floats], float], customers: float, starts: Sequence[tuple[float, ...]]
) -> tuple[float, ...]:
    """The positive parameters of the highest `log_likelihood`, given as an array, from the best of several
    `starts`.

    Works on the mean per customer, so that "flat" means the same for small and large data. Raises
    `FitRejected`.
    """

    def loss(logs: Floats) -> float:
        value = -log_likelihood(np.exp(logs)) / customers
        return value if np.isfinite(value) else 1e10

    def descend(start: tuple[float, ...]) -> tuple[float, Floats]:
        bounds = [(-_LOG_BOUND, _LOG_BOUND)] * len(start)
        found = minimize(
            loss, np.log(start), method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-8}
        )
        return float(found.fun), found.x

    best = min((descend(start) for start in starts), key=lambda pair: pair[0])[1]
    options = {"xatol": 1e-8, "fatol": 1e-13, "maxiter": 4000, "maxfev": 4000}
    logs: Floats = minimize(loss, best, method="Nelder-Mead", options=options).x
    parameters = tuple(float(value) for value in np.exp(logs))
    if max(parameters) > LARGEST_PARAMETER:
        raise FitRejected("parameter_ran_away", max(parameters), LARGEST_PARAMETER)
    steepest = max(abs(slope) for slope in _gradient(loss, logs))
    if steepest > FLAT_GRADIENT:
        raise FitRejected("gradient_not_flat", steepest, FLAT_GRADIENT)
    return parameters


def _gradient(loss: Callable[[Floats], float], logs: Floats, step: float = 1e-4) -> list[float]:
    """Central differences."""
    steps = np.eye(len(logs)) * step
    return [(loss(logs + move) - loss(logs - move)) / (2 * step) for move in steps]
