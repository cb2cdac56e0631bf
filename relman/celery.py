"""The Celery application. Tasks take ids and JSON only; timers are rows that beat's tasks claim."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")

app = Celery("relman")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def share_what_is_loaded(**_: Any) -> None:
    """Keeps the collector off what was loaded before the task processes are made: they go on sharing its pages."""
    gc.collect()
    gc.freeze()


@heartbeat_sent.connect
def say_worker_is_alive(**_: Any) -> None:
    from relman.heartbeats import stamp  # noqa: PLC0415  settings are not ready when this module loads

    stamp("worker")
