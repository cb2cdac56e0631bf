"""A call of the API with an idempotency key does its work once; sent again it gets the answer of the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import AnsweredCall, User
from core.refusals import Invalid

KEPT = timedelta(days=1)
TOLD_ONCE = "secret"
"""What an answer that tells one calls it."""

TAKE = """
INSERT INTO accounts_answeredcall (user_id, key, fingerprint, headers, answered_at) VALUES (%s, %s, %s, '{}', %s)
ON CONFLICT (user_id, key) DO UPDATE SET key = EXCLUDED.key
RETURNING id, fingerprint, status
"""
"""One statement takes the key, or waits for whoever holds it and tells what they were answered."""


@dataclass(frozen=True)
class Taken:
    """A key in hand; `answered` is the first answer, None when this call is the first."""

    call_id: int
    answered: AnsweredCall | None


def take_key(*, user: User, key: str, fingerprint: str, now: datetime) -> Taken:
    """Takes a key within the caller's transaction: the same call at the same moment waits here.

    Raises Invalid when the key was used for a call that asked for something else.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [user.pk, key, fingerprint, now])
        call_id, first, status = cursor.fetchone()
    if first != fingerprint:
        raise Invalid({"Idempotency-Key": _("This key was used for another call. Take a new one.")})
    answered = AnsweredCall.objects.get(pk=call_id) if status is not None else None
    return Taken(call_id, answered)


def keep_answer(*, taken: Taken, status: int, body: Any, headers: Mapping[str, str]) -> None:
    """Keeps what the call was answered, in the transaction of its work; a secret is told once, and not kept."""
    kept = {**body, TOLD_ONCE: None} if isinstance(body, dict) and TOLD_ONCE in body else body
    AnsweredCall.objects.filter(pk=taken.call_id).update(status=status, body=kept, headers=dict(headers))


@transaction.atomic
def forget_answers(*, now: datetime) -> int:
    """Drops answers of more than a day ago; returns how many."""
    deleted, _each = AnsweredCall.objects.filter(answered_at__lt=now - KEPT).delete()
    return deleted
