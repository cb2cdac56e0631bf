"""sBG: renewals of customers under contract, who tell us when they leave.

Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1), 76–90. The
renewal rate rises with tenure by mixture alone: those likely to leave have left.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from analytics.btyd.summary import Floats


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Chance not to renew ~ Beta(alpha, beta); periods count from 1."""

    alpha: float
    beta: float

    def survival(self, periods: Floats) -> Floats:
        """Share still under contract after so many renewals, same shape; 1 at 0."""
        result: Floats = np.exp(betaln(self.alpha, self.beta + periods) - betaln(self.alpha, self.beta))
        return result

    def renewal_rate(self, period: Floats) -> Floats:
        """Share of those under contract who renew at the end of `period`, same shape."""
        result: Floats = (self.beta + period - 1) / (self.alpha + self.beta + period - 1)
        return result

    def log_likelihood(self, survivors: Floats) -> float:
        """Of a cohort with `survivors` (k+1,) at period 0, 1, … k."""
        lost = -np.diff(survivors)
        periods = np.arange(1, len(survivors), dtype=np.float64)
        leaving = betaln(self.alpha + 1, self.beta + periods - 1) - betaln(self.alpha, self.beta)
        staying = betaln(self.alpha, self.beta + len(lost)) - betaln(self.alpha, self.beta)
        return float((lost * leaving).sum() + survivors[-1] * staying)
