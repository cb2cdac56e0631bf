"""When the overviews' figures are added up."""

from celery import shared_task
from django.utils import timezone


@shared_task
def keep_sums() -> None:
    from dashboards.operations.cells import keep_sums as run

    run(now=timezone.now())


@shared_task
def make_brief() -> None:
    from dashboards.operations.briefs import make_brief as run

    run(now=timezone.now())
