"""MBG/NBD: as BG/NBD, but a customer may also leave right after the first purchase.

Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing 24(3), 201–209.
P(alive) is closed and below 1 for one-time buyers too, which makes it the model of the "alive" measure.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1

from analytics.btyd.bg_nbd import off_one
from analytics.btyd.summary import Floats


@dataclass(frozen=True)
class MbgNbd:
    """Purchase rate ~ Gamma(r, alpha per week), chance to leave ~ Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Log-likelihood of each customer, (n,)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        common = common + betaln(a, b + x + 1) - betaln(a, b)
        staying = -(r + x) * np.log(alpha + age)
        leaving = np.log(a) - np.log(b + x) - (r + x) * np.log(alpha + t_x)
        result: Floats = common + np.logaddexp(staying, leaving)
        return result

    def alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Probability that each customer will buy again, (n,)."""
        result: Floats = 1 / (1 + self._gone_odds(x, t_x, age))
        return result

    def expected(self, weeks: Floats) -> Floats:
        """Mean number of repeat purchases of a new customer in their first `weeks`, same shape."""
        zero = np.zeros(weeks.shape)
        return self.conditional(weeks, zero, zero, zero)

    def conditional(self, weeks: float | Floats, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """Mean number of purchases of each customer in the next `weeks`, (n,); transformed as in BG/NBD."""
        r, alpha, a, b = self.r, self.alpha, off_one(self.a), self.b
        z = weeks / (alpha + age + weeks)
        series = hyp2f1(a + b - r, a - 1, a + b + x, z)
        mean = (a + b + x) / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        result: Floats = mean / (1 + self._gone_odds(x, t_x, age))
        return result

    def _gone_odds(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        log_odds = np.log(self.a) - np.log(self.b + x)
        log_odds = log_odds + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        result: Floats = np.exp(np.minimum(log_odds, 700))
        return result
