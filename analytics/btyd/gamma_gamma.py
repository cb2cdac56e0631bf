"""Gamma-Gamma: what a customer spends on a purchase day, shrunk towards what all spend.

Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), 415–430. It supposes that spend
does not depend on how often one buys; the fit refuses data where it does.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from analytics.btyd.summary import Floats


@dataclass(frozen=True)
class GammaGamma:
    """Spend ~ Gamma(p, nu) with nu ~ Gamma(q, gamma); amounts in one currency."""

    p: float
    q: float
    gamma: float

    def log_likelihood(self, x: Floats, spend: Floats) -> Floats:
        """Log-likelihood of each customer's mean spend over x > 0 repeat purchases, (n,)."""
        p, q, gamma = self.p, self.q, self.gamma
        result: Floats = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(gamma)
            + (p * x - 1) * np.log(spend)
            + p * x * np.log(x)
            - (p * x + q) * np.log(gamma + spend * x)
        )
        return result

    @property
    def population_mean(self) -> float:
        """Mean spend of all customers; it exists for q > 1 only, which every accepted fit has."""
        return self.p * self.gamma / (self.q - 1)

    def expected_spend(self, x: Floats, spend: Floats) -> Floats:
        """Expected mean spend of each customer, (n,); for x = 0 that of the population."""
        result: Floats = self.p * (self.gamma + x * spend) / (self.p * x + self.q - 1)
        return result
