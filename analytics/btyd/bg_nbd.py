"""BG/NBD: Poisson purchases, and after each of them a chance to leave for good.

Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2), 275–284. A
customer who has bought only once cannot have left yet, so P(alive) is 1 there; for the question who is still
with us use MBG/NBD.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1

from analytics.btyd.summary import Floats

_NEAR_ONE = 1e-5


def off_one(value: float) -> float:
    """The value, moved off 1, where the expectations are 0/0 and continuous."""
    return 1 + _NEAR_ONE if abs(value - 1) < _NEAR_ONE else value


@dataclass(frozen=True)
class BgNbd:
    """Purchase rate ~ Gamma(r, alpha per week), chance to leave ~ Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Log-likelihood of each customer, (n,); eq. 6 in logs, so that nothing overflows."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        common = common + betaln(a, b + x) - betaln(a, b)
        staying = -(r + x) * np.log(alpha + age)
        leaving = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
        result: Floats = common + np.logaddexp(staying, np.where(x > 0, leaving, -np.inf))
        return result

    def alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability that each customer will buy again, (n,)."""
        result: Floats = 1 / (1 + self._gone_odds(x, t_x, age))
        return result

    def expected(self, weeks: Floats) -> Floats:
        """Mean number of repeat purchases of a new customer in their first `weeks`, same shape; eq. 9."""
        zero = np.zeros(weeks.shape)
        return self.conditional(weeks, zero, zero, zero)

    def conditional(self, weeks: float | Floats, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Mean number of purchases of each customer in the next `weeks`, (n,); eq. 10.

        By Euler's transformation ((1−z)^(r+x) · ₂F₁(r+x, b+x; a+b+x−1; z) = (1−z)^(a−1) · ₂F₁(a+b−1−r, a−1;
        …)) it stays finite for customers with hundreds of purchases.
        """
        r, alpha, a, b = self.r, self.alpha, off_one(self.a), self.b
        z = weeks / (alpha + age + weeks)
        series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
        mean = (a + b + x - 1) / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        result: Floats = mean / (1 + self._gone_odds(x, t_x, age))
        return result

    def count_probability(self, purchases: int, weeks: Floats) -> Floats:
        """Probability of exactly so many repeat purchases in a new customer's first `weeks`, (n,); eq. 8."""
        r, alpha, a, b, k = self.r, self.alpha, self.a, self.b, purchases
        late = np.log(weeks / (alpha + weeks))
        start = r * np.log(alpha / (alpha + weeks))
        terms = [
            np.exp(gammaln(r + j) - gammaln(r) - gammaln(j + 1) + start + j * late) for j in range(k + 1)
        ]
        staying: Floats = np.exp(betaln(a, b + k) - betaln(a, b)) * terms[k]
        if k == 0:
            return staying
        leaving: Floats = np.exp(betaln(a + 1, b + k - 1) - betaln(a, b)) * (1 - sum(terms[:k]))
        return staying + leaving

    def _gone_odds(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        log_odds = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        log_odds = log_odds + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        result: Floats = np.where(x > 0, np.exp(np.minimum(log_odds, 700)), 0.0)
        return result
