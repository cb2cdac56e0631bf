"""Clocks are rows: those that come to a mark are claimed; all of them are counted anew every night."""

from celery import shared_task
from django.utils import timezone


@shared_task(soft_time_limit=240, time_limit=300)
def tell_due_clocks() -> None:
    from cases.operations.due_clocks import tell_due

    while tell_due(now=timezone.now()):
        pass


@shared_task(soft_time_limit=1500, time_limit=1800)
def recount_clocks() -> None:
    from cases.operations.due_clocks import recount_open

    last = recount_open(now=timezone.now())
    while last:
        last = recount_open(now=timezone.now(), after=last)
