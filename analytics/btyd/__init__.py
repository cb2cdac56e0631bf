"""Buy-till-you-die models: who will buy again, how often, and for how much.

Purchases (`BgNbd`, `MbgNbd`, `ParetoNbd`) and spend (`GammaGamma`) of customers who never say that they
leave; renewals (`ShiftedBetaGeometric`) of those who do. Time is in weeks since a customer's first purchase.
"""

from analytics.btyd.bg_nbd import BgNbd
from analytics.btyd.fitting import MODELS, Fit, fit, fit_renewals
from analytics.btyd.gamma_gamma import GammaGamma
from analytics.btyd.likelihood import FitRejected
from analytics.btyd.mbg_nbd import MbgNbd
from analytics.btyd.pareto_nbd import ParetoNbd
from analytics.btyd.shifted_beta_geometric import ShiftedBetaGeometric
from analytics.btyd.summary import PurchaseSummary, summarise
from analytics.btyd.value import PurchaseModel, lifetime_value

__all__ = [
    "MODELS",
    "BgNbd",
    "Fit",
    "FitRejected",
    "GammaGamma",
    "MbgNbd",
    "ParetoNbd",
    "PurchaseModel",
    "PurchaseSummary",
    "ShiftedBetaGeometric",
    "fit",
    "fit_renewals",
    "lifetime_value",
    "summarise",
]
