"""What a worker does with the files that wait: a trial run or the import, with a word now and then of how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import well_known
from core.refusals import Invalid, Refusal
from exchange.enums import Dataset, Wanted
from exchange.models import ImportJob, ImportRun
from exchange.operations.contacts import ingest_contacts
from exchange.operations.ingest import ingest
from exchange.operations.jobs import source_of
from exchange.operations.proposing import AUTO
from exchange.operations.revert import revert_import
from exchange.queries.mappings import parse_mapping

LOCK = 7_305_003
"""First key of the advisory lock that lets one worker at a time carry out a job."""
REVERT_LOCK = 7_305_004
"""The same for what is reverted."""
MOST_ATTEMPTS = 3
UNFORESEEN = gettext_lazy("Something went wrong that was not foreseen. Nothing was changed.")

log = structlog.get_logger(__name__)


def carry_out_waiting(*, now: datetime) -> int:
    """Carries out what waits, oldest first; gives how many were finished. What another worker has is left to it.

    A worker that dies leaves its job waiting, so it is begun again; after three times it is given up.
    """
    waiting = ImportJob.objects.filter(queued_at__isnull=False, finished_at=None)
    finished = 0
    for pk in waiting.order_by("queued_at", "id").values_list("pk", flat=True):
        with _alone_with(LOCK, pk) as is_ours:
            job = waiting.filter(pk=pk).select_related("actor").first() if is_ours else None
            if job is not None:
                with translation.override(well_known(job.actor.language)):
                    _carry_out(job, now)
                finished += 1
    return finished + _revert_waiting(now)


def _revert_waiting(now: datetime) -> int:
    """Reverts what somebody wants reverted; what refuses says why, and can be asked for again."""
    waiting = ImportRun.objects.filter(revert_wanted_at__isnull=False, reverted_at=None)
    finished = 0
    for pk in waiting.order_by("revert_wanted_at", "id").values_list("pk", flat=True):
        with _alone_with(REVERT_LOCK, pk) as is_ours:
            run = waiting.filter(pk=pk).select_related("revert_wanted_by").first() if is_ours else None
            if run is not None:
                _revert(run, now)
                finished += 1
    return finished


def _revert(run: ImportRun, now: datetime) -> None:
    assert run.revert_wanted_by is not None  # noqa: S101 - a constraint holds it beside the moment
    try:
        with translation.override(well_known(run.revert_wanted_by.language)):
            revert_import(actor=run.revert_wanted_by, run=run, now=now)
    except Refusal as refusal:
        words = refusal.message
    except Exception:
        log.exception("revert_failed", run=run.pk)
        words = str(UNFORESEEN)
    else:
        return
    ImportRun.objects.filter(pk=run.pk).update(
        revert_wanted_at=None, revert_wanted_by=None, reversal={"refusal": words}
    )


@contextmanager
def _alone_with(lock: int, pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, pk])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, pk])


def _carry_out(job: ImportJob, now: datetime) -> None:
    """Runs the operation in a transaction of its own, and writes down how it ended."""
    outcome: dict[str, Any] = {"refusal": ""}
    attempts = job.attempts + 1
    ImportJob.objects.filter(pk=job.pk).update(attempts=attempts)
    is_done = hasattr(job, "run")  # a worker died between the import and the word of it
    if not is_done and attempts > MOST_ATTEMPTS:
        outcome["refusal"] = _("The import broke off %(times)d times and was given up.") % {
            "times": MOST_ATTEMPTS
        }
    elif not is_done:
        outcome = _run(job, now)
    ImportJob.objects.filter(pk=job.pk).update(finished_at=now, told="", **outcome)


def _run(job: ImportJob, now: datetime) -> dict[str, Any]:
    is_trial = job.wanted == Wanted.TRIAL
    with _telling(job.pk) as tell:
        common: dict[str, Any] = {
            "actor": job.actor,
            "files": [source_of(job)],
            "now": now,
            "dry_run": is_trial,
            "tell": tell,
            "job": job,
        }
        try:
            if job.dataset == Dataset.CONTACTS:
                report = ingest_contacts(**common).as_json()
            else:
                mapping = parse_mapping(AUTO, job.settings, job.dataset)
                report = ingest(dataset=job.dataset, mapping=mapping, **common).as_json()
        except Invalid as refusal:
            return {"refusal": "\n".join(" ".join(words) for words in refusal.errors.values())}
        except Refusal as refusal:
            return {"refusal": refusal.message}
        except Exception:
            log.exception("import_failed", job=job.pk)
            return {"refusal": str(UNFORESEEN)}
    return {"refusal": "", **({"trial": report} if is_trial else {})}


@contextmanager
def _telling(pk: int) -> Iterator[Any]:
    """Writes how far it is over a connection of its own: the import's own transaction is not seen until its end."""
    aside = connection.copy()

    def tell(words: str) -> None:
        with aside.cursor() as cursor:
            cursor.execute("UPDATE exchange_importjob SET told = %s WHERE id = %s", [words[:200], pk])

    try:
        yield tell
    finally:
        aside.close()
