"""What a worker has loaded stays shared with the task processes that it makes."""

import json
import subprocess
import sys

from relman.launcher.folders import CHECKOUT

AS_A_WORKER = """
import gc, json, signal, sys
import relman.celery
import django
from billiard.util import set_pdeathsig
from celery.signals import worker_init
django.setup()
worker_init.send(sender=relman.celery.app)
watched = len(gc.get_objects())
before = set(sys.modules)
set_pdeathsig(signal.SIGKILL)  # the first that a task process does
late = set(sys.modules) - before
print(json.dumps({
    "frozen": gc.get_freeze_count(), "watched": watched,
    "missing": sorted(set(relman.celery.OFTEN) - before), "late": sorted(late),
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
