"""The Celery application. Tasks take ids and JSON only; timers are rows that beat's tasks claim."""

import os
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")

app = Celery("relman")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@heartbeat_sent.connect
def say_worker_is_alive(**_: Any) -> None:
    from relman.heartbeats import stamp  # noqa: PLC0415  settings are not ready when this module loads

    stamp("worker")
