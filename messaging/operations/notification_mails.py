"""Notifications by mail: what is due for somebody goes as one letter, however many lines it has."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import User
from accounts.queries.actors import system_actor
from core.languages import spoken_to
from messaging.models import Notification
from messaging.operations.outbox import enqueue_message
from messaging.queries.notifications import Told, in_words

PEOPLE_AT_ONCE = 200
TOO_OLD = timedelta(days=2)
"""What could not be mailed for so long stays in the centre alone: nobody gets a pile of what is no news."""


@transaction.atomic
def mail_due(*, now: datetime) -> int:
    """Writes a letter to everybody for whom something is due; returns how many letters.

    Rows are claimed, skipping what another worker holds, and settled in the transaction that writes the letter.
    What was read meanwhile, what the reader may no longer know of and what is too old goes without one.
    """
    due = Notification.objects.to_mail().filter(mail_due_at__lte=now)
    readers = list(due.order_by("user_id").values_list("user_id", flat=True).distinct()[:PEOPLE_AT_ONCE])
    claimed = list(
        due.filter(user_id__in=readers)
        .select_related("user", "actor")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("user_id", "happened_at", "pk")
    )
    Notification.objects.filter(pk__in=[row.pk for row in claimed]).update(mail_settled_at=now)
    letters = 0
    for reader in {row.user_id: row.user for row in claimed}.values():
        news = [row for row in claimed if row.user_id == reader.pk and _is_news(row, now)]
        with spoken_to(reader.language, reader.time_zone):
            told = in_words(reader, news) if reader.is_active else []
            if told:
                _write(reader, told, now)
                letters += 1
    return letters


def _is_news(row: Notification, now: datetime) -> bool:
    return row.read_at is None and row.mail_due_at is not None and row.mail_due_at > now - TOO_OLD


def _write(reader: User, told: Sequence[Told], now: datetime) -> None:
    context = {"reader": reader, "told": told, "count": len(told), "base_url": settings.BASE_URL}
    subject, _line, body = render_to_string("emails/notifications.txt", context).strip().partition("\n")
    enqueue_message(
        message=EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[reader.email]),
        actor=system_actor(),
        now=now,
        key=f"notifications:{told[0].notification.pk}",
        subject_ref=f"notifications:{reader.pk}",
    )
