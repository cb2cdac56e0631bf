"""The tests' own PostgreSQL and Valkey, unless `DATABASE_URL` and `REDIS_URL` name others.

They are started while this file is imported, before Django reads its settings, in a home of their own
whose data need not survive a crash. With several processes the first starts them and the others inherit
the addresses.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

from relman.launcher.folders import Home
from relman.launcher.servers import Servers

if TYPE_CHECKING:
    from accounts.operations.workspace import Workspace

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
"""A Wednesday in winter time: the moment at which most tests take place."""

HOME = Path(__file__).resolve().parents[1] / ".cache" / "test-home"

os.environ["RELMAN_HOME"] = str(HOME)  # never the home that a person works in
(HOME / "static").mkdir(parents=True, exist_ok=True)
SERVERS = Servers(Home.from_environment(), durable=False)
SERVERS.start()

process = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if process:  # as each process has its own test database, so its own keys
    os.environ["REDIS_URL"] = re.sub(r"(/|db=)\d+$", rf"\g<1>{int(process) + 1}", os.environ["REDIS_URL"])

os.environ["DJANGO_SETTINGS_MODULE"] = "relman.settings"
django.setup()


def pytest_unconfigure() -> None:
    SERVERS.release(wait=True)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(db: None) -> "Workspace":
    """The default business unit (GBP, Europe/London, GB), its currency and the system actor."""
    from accounts.operations.workspace import ensure_workspace  # noqa: PLC0415  after django.setup()

    return ensure_workspace(now=NOW)
