"""The nightly and weekly work on purchases. Idempotent: a repeat finds nothing to change.

The models' libraries would make a worker twice as large for good, so the work is done by a process that exits.
"""

from celery import shared_task

from core.apart import run_apart


@shared_task
def refresh_purchases() -> None:
    """Every night before scoring: facts, fifths, predictions and values of everybody."""
    run_apart("purchases")


@shared_task
def refit_models() -> None:
    """Every Sunday: the purchase models anew; a refused fit leaves the last good one in use."""
    run_apart("purchases", "--refit")
