"""The tests' own PostgreSQL and Valkey, unless `DATABASE_URL` and `REDIS_URL` name others.

They are started while this file is imported, before Django reads its settings and before any other
`conftest.py`, in a home of their own whose data need not survive a crash. With several processes the
first starts them and the others inherit the addresses.
"""

import os
import re
from pathlib import Path

import django

from relman.catalogues import compile_stale
from relman.launcher.folders import Home
from relman.launcher.servers import Servers

HOME = Path(__file__).resolve().parent / ".cache" / "test-home"

os.environ["RELMAN_HOME"] = str(HOME)  # never the home that a person works in
(HOME / "static").mkdir(parents=True, exist_ok=True)
SERVERS = Servers(Home.from_environment(), durable=False)
SERVERS.start()
compile_stale()

process = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if process:  # as each process has its own test database, so its own keys
    os.environ["REDIS_URL"] = re.sub(r"(/|db=)\d+$", rf"\g<1>{int(process) + 1}", os.environ["REDIS_URL"])

os.environ["DJANGO_SETTINGS_MODULE"] = "relman.settings"
django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # a further process must come here before it reads settings


def pytest_unconfigure() -> None:
    SERVERS.release(wait=True)
