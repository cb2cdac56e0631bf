"""Imports that wait, and the nightly look for parties that may be one. Idempotent: a repeat finds the same."""

from celery import shared_task
from django.utils import timezone


@shared_task
def look_for_duplicates() -> int:
    from exchange.operations.candidates import look_for_duplicates as look

    return look(now=timezone.now())


@shared_task
def carry_out_imports() -> int:
    from exchange.queries.waiting import imports_wait

    if not imports_wait():
        return 0
    from exchange.operations.work import carry_out_waiting

    return carry_out_waiting(now=timezone.now())
