"""What of the accounts runs by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task
def forget_answered_calls() -> int:
    from accounts.operations.calls import forget_answers

    return forget_answers(now=timezone.now())
