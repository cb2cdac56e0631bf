"""What a worker has loaded stays shared with the task processes that it makes."""

import gc
import sys

from celery.signals import worker_init

import relman.celery


def test_what_is_loaded_is_out_of_the_collectors_sight() -> None:
    before = gc.get_freeze_count()
    try:
        worker_init.send(sender=relman.celery.app)
        assert gc.get_freeze_count() > before + 10_000
        assert set(relman.celery.OFTEN) <= set(sys.modules)
    finally:
        gc.unfreeze()
