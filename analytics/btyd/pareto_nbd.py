"""Pareto/NBD: Poisson purchases until an unseen, exponentially distributed end.

Schmittlein, Morrison & Colombo (1987), Management Science 33(1), 1–24; the likelihood as in Fader & Hardie
(2005), A Note on Deriving the Pareto/NBD Model.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, hyp2f1

from analytics.btyd.bg_nbd import off_one
from analytics.btyd.summary import Floats


@dataclass(frozen=True)
class ParetoNbd:
    """Purchase rate ~ Gamma(r, alpha per week), rate of leaving ~ Gamma(s, beta per week)."""

    r: float
    alpha: float
    s: float
    beta: float

    def log_likelihood(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Log-likelihood of each customer, (n,)."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        staying = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
        result: Floats = common + np.logaddexp(staying, self._log_leaving(x, t_x, age))
        return result

    def alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability that each customer has not left, (n,)."""
        log_odds = self._log_leaving(x, t_x, age)
        log_odds = log_odds + (self.r + x) * np.log(self.alpha + age) + self.s * np.log(self.beta + age)
        result: Floats = 1 / (1 + np.exp(np.minimum(log_odds, 700)))
        return result

    def expected(self, weeks: Floats) -> Floats:
        """Mean number of repeat purchases of a new customer in their first `weeks`, same shape."""
        s = off_one(self.s)
        share = 1 - (self.beta / (self.beta + weeks)) ** (s - 1)
        result: Floats = self.r * self.beta / (self.alpha * (s - 1)) * share
        return result

    def conditional(self, weeks: float | Floats, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Mean number of purchases of each customer in the next `weeks`, (n,)."""
        s = off_one(self.s)
        rate = (self.r + x) * (self.beta + age) / ((self.alpha + age) * (s - 1))
        share = 1 - ((self.beta + age) / (self.beta + age + weeks)) ** (s - 1)
        return self.alive(x, t_x, age) * rate * share

    def _log_leaving(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """log(s / (r+s+x) · A₀), the part of the likelihood in which the customer left between t_x and age."""
        at_last, at_end = self._log_tail(x, t_x), self._log_tail(x, age)
        with np.errstate(divide="ignore"):
            difference = at_last + np.log(-np.expm1(np.minimum(at_end - at_last, 0.0)))
        result: Floats = np.log(self.s) - np.log(self.r + self.s + x) + difference
        return result

    def _log_tail(self, x: Floats, time: Floats) -> Floats:
        """log of ₂F₁(c−1, p; c; w) / (m+time)^(c−1), c = r+s+x+1, by Euler's transformation ₂F₁(1, c−p; c;
        w).
        """
        larger = max(self.alpha, self.beta)
        p = self.s + 1 if self.alpha >= self.beta else self.r + x
        c = self.r + self.s + x + 1
        w = abs(self.alpha - self.beta) / (larger + time)
        result: Floats = (
            (1 - p) * np.log1p(-w) + np.log(hyp2f1(1, c - p, c, w)) - (c - 1) * np.log(larger + time)
        )
        return result
