"""The Celery application. Tasks take ids and JSON only; timers are rows that beat's tasks claim."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")

app = Celery("relman")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
