"""The project: settings, addresses, Celery and the launcher. It wires and holds no rule."""

from relman.celery import app as celery_app

__all__ = ["celery_app"]
