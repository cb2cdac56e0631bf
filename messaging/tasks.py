"""The sender, run every few seconds and after each commit that queued something; and letters of what is due."""

from celery import shared_task
from django.utils import timezone


@shared_task(soft_time_limit=240, time_limit=300)
def send_outbox() -> int:
    from messaging.operations.outbox import send_due

    return send_due(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def mail_notifications() -> int:
    from messaging.operations.notification_mails import mail_due

    return mail_due(now=timezone.now())
