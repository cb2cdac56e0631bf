"""The project's own task: proof that the worker takes work."""

from celery import shared_task

from relman.heartbeats import stamp


@shared_task
def heartbeat() -> None:
    stamp("task")
