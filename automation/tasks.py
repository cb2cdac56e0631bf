"""What runs beside requests: events handed on, endpoints called."""

from celery import shared_task
from django.utils import timezone


@shared_task(soft_time_limit=240, time_limit=300)
def pass_events_on() -> int:
    from automation.operations.passing_on import pass_events_on as pass_on

    return pass_on(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def send_webhooks() -> int:
    from automation.queries.waiting import deliveries_wait

    if not deliveries_wait():
        return 0
    from automation.operations.sending import send_due

    return send_due(now=timezone.now())


@shared_task
def forget_deliveries() -> int:
    from automation.operations.passing_on import forget_old

    return forget_old(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def run_rules() -> int:
    from automation.operations.running import run_waiting, set_off_due

    set_off_due(now=timezone.now())
    return run_waiting(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def take_in_forms() -> int:
    from automation.queries.waiting import forms_wait

    if not forms_wait():
        return 0
    from automation.operations.intake import take_in_waiting

    return take_in_waiting(now=timezone.now())
