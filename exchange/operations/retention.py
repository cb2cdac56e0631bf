"""What rules of retention take of imports: files, held rows and what was there before. The history of each stays."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import Conflict
from exchange.models import ChangedRow, HeldRow, ImportJob, ImportRun


@transaction.atomic
def take_runs(rows: Iterable[ImportRun], now: datetime) -> None:
    """Of each import its file, its held rows and the values before it go; who imported what, when and how much stays.

    The ids of what it made stay too, so that its numbers open to their rows. It cannot be reverted any more.
    """
    runs = list(ImportRun.objects.select_for_update().filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    ids = [run.pk for run in runs]
    HeldRow.objects.filter(run__in=ids).delete()
    ChangedRow.objects.filter(run__in=ids).delete()
    take_files(ImportJob.objects.filter(run__in=ids), now)
    for run in runs:
        run.purged_at, run.report, run.job = now, {**run.report, "held_rows": []}, None
    ImportRun.objects.bulk_update(runs, ["purged_at", "report", "job"])


@transaction.atomic
def take_files(rows: Iterable[ImportJob], _now: datetime) -> None:
    """Files with what was found in them go: from the storage once this is kept for good."""
    jobs = list(rows)
    names = [str(file) for job in jobs for file in (job.file, job.original) if file]
    ImportJob.objects.filter(pk__in=[job.pk for job in jobs]).delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))


def refuse_purged(run: ImportRun) -> None:
    """Raises Conflict for an import of which it is not known any more what was there before."""
    if run.purged_at is not None:
        words = _(
            "This import cannot be reverted: what was there before it was kept for a time that is over."
        )
        raise Conflict(words)
