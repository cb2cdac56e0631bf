"""What happens to all purchases every night and every week."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from commerce.models import ModelFit
from commerce.operations.fits import model_in_use, modelled_kinds, refit_all
from commerce.operations.predictions import predict
from commerce.operations.purchases import refresh_facts, refresh_rfm


@transaction.atomic
def refresh_purchases(*, now: datetime, relationship_ids: Sequence[int] | None = None) -> int:
    """Facts, fifths, predictions and values as of `now`, of some relationships or of all; returns facts changed."""
    changed = refresh_facts(now=now, relationship_ids=relationship_ids)
    refresh_rfm()
    predict(now=now, relationship_ids=relationship_ids)
    return changed


def refit_missing(*, now: datetime) -> list[ModelFit]:
    """Fits every modelled kind when one of them has no model yet: the week need not be waited for."""
    if all(model_in_use(kind=kind, model="mbg-nbd") for kind in modelled_kinds()):
        return []
    return refit_all(now=now)
