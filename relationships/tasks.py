"""Timers: rows whose day is over are claimed and worked on; nothing is sent to the future."""

from celery import shared_task
from django.utils import timezone


@shared_task(soft_time_limit=240, time_limit=300)
def miss_due_commitments() -> None:
    from relationships.operations.due_promises import miss_due

    while miss_due(now=timezone.now()):
        pass


@shared_task(soft_time_limit=240, time_limit=300)
def end_due_access() -> int:
    from relationships.operations.confidential_access import end_due

    return end_due(now=timezone.now())


@shared_task
def sweep_documents() -> int:
    from relationships.operations.document_contents import sweep_contents

    return sweep_contents(now=timezone.now())


@shared_task(soft_time_limit=540, time_limit=600)
def read_documents() -> int:
    from relationships.operations.document_texts import read_due

    return read_due(now=timezone.now())


@shared_task
def forget_submissions() -> int:
    from relationships.operations.submissions import forget_old

    return forget_old(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def remind_of_promises() -> None:
    from relationships.operations.reminders import plan_reminders, remind_due

    last = plan_reminders(now=timezone.now())
    while last:
        last = plan_reminders(now=timezone.now(), after=last)
    remind_due(now=timezone.now())


@shared_task
def forget_drafts() -> int:
    from relationships.operations.drafts import forget_old_drafts

    return forget_old_drafts(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def return_books() -> int:
    from relationships.operations.absences import return_books as run

    return run(now=timezone.now())


@shared_task
def expire_consents() -> int:
    from relationships.operations.consents import expire_due

    return expire_due(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def tell_guests() -> int:
    from relationships.operations.meetings import tell_guests as run

    return run(now=timezone.now())


@shared_task(soft_time_limit=540, time_limit=600)
def scan_documents() -> int:
    from relationships.operations.content_scans import scan_due

    return scan_due(now=timezone.now())


@shared_task
def queue_unscanned() -> int:
    from relationships.operations.content_scans import queue_unscanned as run

    return run(now=timezone.now())
