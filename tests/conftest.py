"""What every test may ask for. The servers are started by the `conftest.py` above this one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from accounts.operations.workspace import Workspace

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
"""A Wednesday in winter time: the moment at which most tests take place."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(db: None) -> "Workspace":
    """The default business unit (GBP, Europe/London, GB), its currency and the system actor."""
    from accounts.operations.workspace import ensure_workspace  # noqa: PLC0415  after django.setup()

    return ensure_workspace(now=NOW)
