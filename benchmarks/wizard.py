"""What a file costs that somebody brings by the page, beside the same rows brought by the command."""

import resource
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from benchmarks import reference
from benchmarks.report import Finding, found
from benchmarks.scale.cast import ADMINISTRATOR
from exchange.enums import Dataset, Wanted
from exchange.models import ImportJob
from exchange.operations.jobs import Answers, settle_columns, take_upload, want
from exchange.operations.previews import ROWS, preview
from exchange.operations.work import carry_out_waiting
from relationships import kinds


@dataclass(frozen=True)
class Taken:
    """Seconds: until the first rows could be looked at, for looking at them, and for the import itself."""

    looked_at: float
    shown: float
    imported: float

    @property
    def whole(self) -> float:
        """From the upload to the last row, without the time that somebody takes to read."""
        return self.looked_at + self.imported


def by_page(path: Path, rows: int, *, each: float) -> list[Finding]:
    """The file as the wizard takes it in; `each` are the seconds that the command takes for a row."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = _bring(path, rows)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    words = f"wizard_{rows // 1000}k"
    detail = f"{taken.whole:.1f} s; by the command {each * rows:.1f} s"
    return [
        found(words, taken.whole / rows / each, reference.WIZARD, detail=detail),
        found(f"{words}_preview", taken.shown, reference.PREVIEW, detail=f"the first {ROWS} rows"),
        found(f"{words}_memory", grown, reference.INGEST_MEMORY, detail="growth of the process"),
    ]


def _bring(path: Path, rows: int) -> Taken:
    """Uploads, looks, settles and imports; nothing of it stays."""
    now, actor = timezone.now(), User.objects.get(email=ADMINISTRATOR)
    with transaction.atomic():
        started = perf_counter()
        with path.open("rb") as content:
            job = take_upload(
                actor=actor,
                dataset=Dataset.PARTIES,
                kind=next(iter(kinds.registry)).slug,
                name=path.name,
                content=File(content),
                now=now,
            )
        looked_at = perf_counter() - started
        try:
            shown = _seconds_to_show(actor, job)
            started = perf_counter()
            settle_columns(actor=actor, job=job, answers=_as_proposed(job))
            want(actor=actor, job=job, wanted=Wanted.IMPORT, now=now)
            carry_out_waiting(now=now)
            imported = perf_counter() - started
            _hold_to(job, rows)
        finally:
            job.file.delete(save=False)
        transaction.set_rollback(True)
    return Taken(looked_at, shown, imported)


def _seconds_to_show(actor: User, job: ImportJob) -> float:
    started = perf_counter()
    preview(actor=actor, job=job, now=timezone.now())
    return perf_counter() - started


def _as_proposed(job: ImportJob) -> Answers:
    layout = job.layout
    return Answers(layout["encoding"], layout["delimiter"], layout["header_row"], job.settings["columns"])


def _hold_to(job: ImportJob, rows: int) -> None:
    """Raises RuntimeError unless every row of the bench's own file came in."""
    job.refresh_from_db()
    run = getattr(job, "run", None)
    if run is None or run.report["imported"] != rows:
        raise RuntimeError(f"the wizard did not take in the bench's own file: {job.refusal or run}")
