"""Clocks are rows, claimed when they come to a mark and counted anew every night; mail that waits is filed."""

from celery import shared_task
from django.utils import timezone


@shared_task(soft_time_limit=240, time_limit=300)
def tell_due_clocks() -> None:
    from cases.operations.due_clocks import tell_due

    while tell_due(now=timezone.now()):
        pass


@shared_task(soft_time_limit=240, time_limit=300)
def file_mail() -> int:
    from cases.operations.mail_filing import file_waiting

    return file_waiting(now=timezone.now())


@shared_task(soft_time_limit=1500, time_limit=1800)
def recount_clocks() -> None:
    from cases.operations.recounts import recount_open

    last = recount_open(now=timezone.now())
    while last:
        last = recount_open(now=timezone.now(), after=last)
