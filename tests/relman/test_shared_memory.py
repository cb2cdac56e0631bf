"""What a worker has loaded stays shared with the task processes that it makes; what nobody asked for is not loaded."""

import json
import subprocess
import sys

from relman.launcher.folders import CHECKOUT

AS_A_WORKER = """
import gc, json, sys
import relman.celery
import django
from celery import platforms
from celery.signals import worker_init
django.setup()
from django.apps import apps
from django.db import connection
worker_init.send(sender=relman.celery.app)
watched = len(gc.get_objects())
before = set(sys.modules)
platforms.set_pdeathsig("SIGKILL")  # the first that a task process does
late = set(sys.modules) - before
print(json.dumps({
    "frozen": gc.get_freeze_count(), "watched": watched,
    "missing": sorted(set(relman.celery.OFTEN) - before), "late": sorted(late),
    "lazy": [m._meta.label for m in apps.get_models() if not m._meta._get_fields_cache],
    "connected": connection.connection is not None,
}))
"""


def test_what_a_task_process_needs_is_loaded_before_and_out_of_the_collectors_sight() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_A_WORKER], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["frozen"] > 100_000
    assert found["watched"] < 1_000
    assert (found["missing"], found["late"]) == ([], [])
    assert (found["lazy"], found["connected"]) == ([], False)  # a connection must not be forked


def test_a_task_process_asks_to_be_ended_with_its_worker() -> None:
    words = "import ctypes; from relman.celery import end_with_parent; end_with_parent(9); told = ctypes.c_int(); "
    words += "ctypes.CDLL(None).prctl(2, ctypes.byref(told)); print(told.value)"
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["9"]


HOLIDAYS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import holidays
if sys.argv[2] == "ours":
    import django, os
    os.environ["DJANGO_SETTINGS_MODULE"] = "relman.settings"
    django.setup()
    import accounts.queries.calendars
found = {}
for country in ("GB", "DE", "PR", "HK", "ET", "AU"):
    found[country] = sorted(map(str, holidays.country_holidays(country, years=(2026, 2027))))
loaded = [name for name in sys.modules if name.startswith("holidays.countries.")]
print(json.dumps({"found": found, "loaded": len(loaded)}))
"""


def test_holidays_are_those_of_the_library_without_loading_every_country() -> None:
    ours, theirs = (
        json.loads(
            subprocess.run(
                [sys.executable, "-c", HOLIDAYS, str(CHECKOUT), whose],
                cwd=CHECKOUT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for whose in ("ours", "theirs")
    )
    assert ours["found"] == theirs["found"]
    assert all(ours["found"].values())
    assert (ours["loaded"] < 10, theirs["loaded"] > 200) == (True, True)
