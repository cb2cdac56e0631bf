"""Imports whose time is over by a rule of retention: those carried out, and files that never were."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from exchange.models import CreatedRows, ImportJob, ImportRun
from exchange.queries.runs import PARTY_TABLE


def due_runs(*, over: datetime, kind: str, held: "QuerySet[Any, Any]") -> "QuerySet[ImportRun]":
    """Imports older than `over` that have their data yet; none that made a party of `held`, nor one being reverted."""
    near = held.filter(party_id__gte=OuterRef("first"), party_id__lte=OuterRef("last"))
    made = CreatedRows.objects.filter(Exists(near), run=OuterRef("pk"), table_name=PARTY_TABLE)
    runs = ImportRun.objects.filter(~Exists(made), imported_at__lt=over, purged_at=None)
    settled = Q(revert_wanted_at=None) | Q(reverted_at__isnull=False)
    return (runs.filter(settled, kind=kind) if kind else runs.filter(settled)).order_by("pk")


def due_files(*, over: datetime, kind: str, held: "QuerySet[Any, Any]") -> "QuerySet[ImportJob]":
    """Files that were sent before `over` and never imported. Whom they name nobody knows: none is held for law."""
    jobs = ImportJob.objects.filter(run=None, created_at__lt=over)
    idle = jobs.exclude(queued_at__isnull=False, finished_at=None)
    return (idle.filter(kind=kind) if kind else idle).order_by("pk")


def runs_seen(viewer: User) -> "QuerySet[ImportRun]":
    """The imports that somebody may know of."""
    return ImportRun.objects.visible_to(viewer)


def files_seen(viewer: User) -> "QuerySet[ImportJob]":
    """A file is its sender's alone."""
    return ImportJob.objects.filter(actor=viewer)


def run_line(run: ImportRun) -> dict[str, Any]:
    """An import as a rule's page lists it."""
    names = ", ".join(file["name"] for file in run.files)
    return {"url": f"/imports/{run.pk}/", "name": names, "at": run.imported_at}


def file_line(job: ImportJob) -> dict[str, Any]:
    """A file as a rule's page lists it."""
    return {"url": f"/imports/files/{job.pk}/", "name": job.name, "at": job.created_at}
