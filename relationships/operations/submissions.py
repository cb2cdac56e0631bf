"""A form sent twice does its work once: the key that it carries is taken by the first to come."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict
from relationships.models import Submission

M = TypeVar("M", bound=models.Model)


def first_of(actor: User, key: str, model: type[M], now: datetime) -> M | None:
    """What this actor's form made when it was first sent; None for a form sent for the first time.

    Takes the key: the same form sent at the same moment waits here until the first is done, and one that was
    refused gives its key back with everything else.
    Raises Conflict for a key that was used for something else, or whose thing is gone.
    """
    if not key:
        return None
    Submission.objects.bulk_create(
        [Submission(actor=actor, key=key[:100], subject_type=_type(model), sent_at=now)],
        ignore_conflicts=True,
    )
    taken = Submission.objects.get(actor=actor, key=key[:100])
    if taken.subject_id is None:
        return None
    found = model._default_manager.filter(pk=taken.subject_id).first()
    if found is None or taken.subject_type != _type(model):
        raise Conflict(_("This form was already used for something else. Load the page again."))
    return found


def fulfil(actor: User, key: str, made: models.Model) -> None:
    """Remembers what the form made."""
    if key:
        Submission.objects.filter(actor=actor, key=key[:100]).update(subject_id=made.pk)


def _type(model: type[models.Model] | models.Model) -> str:
    return model._meta.model_name or ""


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Drops keys of more than thirty days ago, when no form with them is open any more; returns how many."""
    deleted, _each = Submission.objects.filter(sent_at__lt=now - timedelta(days=30)).delete()
    return deleted
