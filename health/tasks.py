"""When health is measured: seconds after evidence changed, every night, and once a week for the history."""

from celery import shared_task
from django.utils import timezone


@shared_task(soft_time_limit=240, time_limit=300)
def score_stale() -> int:
    from health.operations.scoring import score_stale as run

    return run(now=timezone.now())


@shared_task
def score_every_kind() -> None:
    from health.operations.nightly import score_every_kind as run

    run(now=timezone.now())


@shared_task
def keep_week() -> None:
    from health.operations.nightly import keep_week_of_every_kind as run

    run(now=timezone.now())


@shared_task
def end_due_overrides() -> int:
    from health.operations.overrides import end_due as run

    return run(now=timezone.now())


@shared_task
def watch_scores() -> int:
    from health.operations.watching import watch_every_kind as run

    return run(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def raise_sightings() -> int:
    from health.operations.sightings import raise_sightings as run

    return run(now=timezone.now())


@shared_task
def calibrate() -> None:
    from health.operations.calibration import calibrate_every_kind as run

    run(now=timezone.now())


@shared_task(soft_time_limit=3500, time_limit=3600)
def rescore_due() -> int:
    from health.operations.scoring import rescore_due as run

    return run(now=timezone.now())


@shared_task
def ask_what_came() -> int:
    from health.operations.look_backs import ask_what_came as run

    return run(now=timezone.now())


@shared_task
def review_relationships() -> None:
    from health.operations.reviews import compare_reviews, open_due_reviews

    open_due_reviews(now=timezone.now())
    compare_reviews(now=timezone.now())
