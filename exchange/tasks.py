"""Imports that wait, and the nightly look for parties that may be one. Idempotent: a repeat finds the same.

The look would leave a worker twice as large, so a process does it that exits.
"""

from celery import shared_task
from django.utils import timezone

from core.apart import run_apart


@shared_task
def look_for_duplicates() -> None:
    run_apart("duplicates")


@shared_task
def carry_out_imports() -> int:
    from exchange.queries.waiting import imports_wait

    if not imports_wait():
        return 0
    from exchange.operations.work import carry_out_waiting

    return carry_out_waiting(now=timezone.now())
