"""What a worker does for oversight. Idempotent: a repeat finds the same."""

from celery import shared_task
from django.utils import timezone


@shared_task
def carry_out_erasures() -> int:
    from oversight.queries.waiting import erasures_wait

    if not erasures_wait():
        return 0
    from oversight.operations.erasures import carry_out_confirmed

    return carry_out_confirmed(now=timezone.now())


@shared_task
def put_together() -> int:
    from oversight.queries.waiting import exports_wait

    now = timezone.now()
    if not exports_wait(now):
        return 0
    from oversight.operations.subject_access import put_together_waiting

    return put_together_waiting(now=now)


@shared_task
def purge_trash() -> int:
    from oversight.operations.trash import purge_due

    return purge_due(now=timezone.now())


@shared_task
def carry_out_retention() -> int:
    from oversight.operations.retention import carry_out_due

    return carry_out_due(now=timezone.now())
