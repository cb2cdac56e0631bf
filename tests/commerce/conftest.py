"""The CDNOW sample as trade in the workspace, and a small kind of customers with a fit."""

from datetime import date
from importlib.metadata import distribution
from pathlib import Path

import pytest

from accounts.operations.workspace import Workspace
from commerce.models import ModelFit
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import load_mapping
from tests.factories import NOW

MBG = {"r": 0.5248, "alpha": 6.1831, "a": 0.8914, "b": 1.6140}


@pytest.fixture
def cdnow(workspace: Workspace) -> None:
    """6,919 purchases of 2,357 customers, read from the test-only wheel without importing it."""
    path = Path(str(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_sample.txt")))
    ingest(
        actor=workspace.system_actor,
        dataset="purchases",
        files=[SourceFile(path.name, path)],
        mapping=load_mapping("cdnow", "purchases"),
        now=NOW,
    )


def accept_fit(model: str, parameters: dict[str, float], kind: str = "customers", currency: str = "") -> None:
    """Puts parameters into use without fitting them."""
    ModelFit.objects.create(
        model=model, kind=kind, until_date=date(2026, 3, 1), customers=500, currency=currency,
        parameters=parameters, log_likelihood=-1.0, outcome="accepted", fitted_at=NOW,
    )  # fmt: skip
