"""A form sent twice does its work once: the key that it carries is taken by the first to come."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict
from relationships.models import Submission

M = TypeVar("M", bound=models.Model)

TAKE = """
INSERT INTO relationships_submission (actor_id, key, subject_type, sent_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (actor_id, key) DO UPDATE SET key = EXCLUDED.key
RETURNING subject_type, subject_id
"""
"""One statement takes the key, or waits for whoever holds it and tells what they made."""

FULFIL = "UPDATE relationships_submission SET subject_id = %s WHERE actor_id = %s AND key = %s"


def first_of(actor: User, key: str, model: type[M], now: datetime) -> M | None:
    """What this actor's form made when it was first sent; None for a form sent for the first time.

    Takes the key: the same form sent at the same moment waits here until the first is done, and one that was
    refused gives its key back with everything else.
    Raises Conflict for a key that was used for something else, or whose thing is gone.
    """
    if not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [actor.pk, key[:100], _type(model), now])
        subject_type, subject_id = cursor.fetchone()
    if subject_id is None:
        return None
    found = model._default_manager.filter(pk=subject_id).first()
    if found is None or subject_type != _type(model):
        raise Conflict(_("This form was already used for something else. Load the page again."))
    return found


def fulfil(actor: User, key: str, made: models.Model) -> None:
    """Remembers what the form made."""
    if key:
        with connection.cursor() as cursor:
            cursor.execute(FULFIL, [made.pk, actor.pk, key[:100]])


def _type(model: type[models.Model] | models.Model) -> str:
    return model._meta.model_name or ""


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Drops keys of more than thirty days ago, when no form with them is open any more; returns how many."""
    deleted, _each = Submission.objects.filter(sent_at__lt=now - timedelta(days=30)).delete()
    return deleted
