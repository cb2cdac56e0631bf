"""What is worked out on first use, worked out before a process forks: its children share it."""

from django.apps import apps
from django.db import OperationalError, connection


def work_out_what_is_lazy() -> None:
    """How models hang together, and what the database's driver sets up in order to connect."""
    for model in apps.get_models(include_auto_created=True):
        model._meta.get_fields()
    try:
        connection.ensure_connection()
    except OperationalError:
        return  # whoever needs it says so
    connection.close()
