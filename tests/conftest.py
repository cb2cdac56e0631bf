"""What tests of every area lean on."""

from datetime import UTC, datetime

import pytest

from accounts.operations.workspace import Workspace, ensure_workspace

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
"""A Wednesday in winter time: the moment at which most tests take place."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(db: None) -> Workspace:
    """The default business unit (GBP, Europe/London, GB), its currency and the system actor."""
    return ensure_workspace(now=NOW)
