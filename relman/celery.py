"""The Celery application. Tasks take ids and JSON only; timers are rows that beat's tasks claim."""

import ctypes
import gc
import os
import sys
from importlib import import_module
from typing import Any

from celery import Celery, platforms
from celery.signals import heartbeat_sent, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
os.environ.setdefault(
    "CELERY_SKIP_CHECKS", "1"
)  # `prepare` has checked; here it would load every page, 25 MB of them

OFTEN = (
    "automation.operations.passing_on",
    "automation.queries.waiting",
    "exchange.queries.waiting",
    "health.operations.overrides",
    "health.operations.scoring",
    "messaging.operations.notification_mails",
    "messaging.operations.outbox",
    "messaging.operations.smtp",
    "oversight.queries.waiting",
    "relationships.operations.confidential_access",
    "relationships.operations.content_scans",
    "relationships.operations.document_texts",
    "relationships.operations.due_promises",
    "relationships.operations.meetings",
    "relationships.operations.reminders",
)
"""What tasks of every minute need: loaded before the task processes are made, it is there once for all of them."""

app = Celery("relman")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


PR_SET_PDEATHSIG = 1


def end_with_parent(number: int) -> None:
    """Has this process get a signal when its parent ends; raises OSError where no process can ask for that.

    Celery's own way parses the declaration of this one call as C, with 3 MB in every task process.
    """
    if not sys.platform.startswith("linux") or ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number):
        raise OSError("This process cannot be told of the end of its parent.")


@worker_init.connect
def share_what_is_loaded(**_: Any) -> None:
    """Keeps the collector off what was loaded before the task processes are made: they go on sharing its pages."""
    from relman.preloading import work_out_what_is_lazy  # noqa: PLC0415  models are not ready when this loads

    for name in OFTEN:
        import_module(name)
    work_out_what_is_lazy()
    platforms._set_pdeathsig = end_with_parent  # type: ignore[attr-defined]  # it is nowhere declared
    gc.collect()
    gc.freeze()


@heartbeat_sent.connect
def say_worker_is_alive(**_: Any) -> None:
    from relman.heartbeats import stamp  # noqa: PLC0415  settings are not ready when this module loads

    stamp("worker")
