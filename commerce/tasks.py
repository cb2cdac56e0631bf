"""The nightly and weekly work on purchases. Idempotent: a repeat finds nothing to change."""

from celery import shared_task
from django.utils import timezone


@shared_task
def refresh_purchases() -> None:
    """Every night before scoring: facts, fifths, predictions and values of everybody."""
    from commerce.operations import nightly

    now = timezone.now()
    nightly.refit_missing(now=now)
    nightly.refresh_purchases(now=now)


@shared_task
def refit_models() -> None:
    """Every Sunday: the purchase models anew; a refused fit leaves the last good one in use."""
    from commerce.operations.fits import refit_all

    refit_all(now=timezone.now())
