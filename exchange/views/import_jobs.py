"""A file on its way in, step by step: sent, its columns settled, tried, imported."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import viewer_of
from accounts.models import User
from core.forms import carry_out
from core.http import STOP_POLLING, Toast, done
from core.refusals import Invalid
from core.uploads import takes_files
from exchange.enums import Dataset, Wanted
from exchange.forms import ColumnsForm, UploadForm
from exchange.models import ImportJob
from exchange.operations.jobs import settle_columns, take_upload, want
from exchange.operations.previews import preview
from exchange.permissions import require_importing
from exchange.queries import runs

STEPS = (
    {"slug": "file", "label": gettext_lazy("File")},
    {"slug": "columns", "label": gettext_lazy("Columns")},
    {"slug": "check", "label": gettext_lazy("Check")},
    {"slug": "import", "label": gettext_lazy("Import")},
)


@takes_files("IMPORT_MAX_BYTES")
@login_required
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Takes a file."""
    viewer = viewer_of(request)
    require_importing(viewer)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    wished = {"holds": request.GET.get("holds", "")}
    form = UploadForm(*given, initial=wished, offered=runs.importable(viewer))
    if request.method == "POST" and form.is_valid():
        file, (dataset, _colon, kind) = form.cleaned_data["file"], form.cleaned_data["holds"].partition(":")
        sent = {"name": file.name, "content": file, "dataset": dataset, "kind": kind}
        job = carry_out(form, take_upload, actor=viewer, now=timezone.now(), **sent)
        if job is not None:
            return done(request, to=_next(job))
    context = {"form": form, "steps": STEPS, "unfinished": runs.unfinished_jobs(viewer)[:5]}
    return render(request, "exchange/import_new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, job_id: int) -> HttpResponse:
    """Says which column is which field, and how values are written."""
    viewer = viewer_of(request)
    job = runs.own_job(viewer, job_id)
    if job.dataset == Dataset.CONTACTS:
        return redirect("import_job", job.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, job=job)
    if request.method == "POST" and form.is_valid():
        settled = carry_out(form, settle_columns, actor=viewer, job=job, answers=form.answers)
        if settled is not None:
            return done(request, to=f"/imports/files/{job.pk}/" if settled else request.path)
    context = {"form": form, "job": job, "steps": STEPS, "what": runs.what_of(job.dataset, job.kind)}
    return render(request, "exchange/import_columns.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def import_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """What would come in, what a trial run said, how far it is; once it is in, the import itself."""
    viewer = viewer_of(request)
    job = runs.own_job(viewer, job_id)
    if hasattr(job, "run"):
        return redirect("import_detail", job.run.pk)
    return render(request, "exchange/import_job.html", _context(job, viewer))


@login_required
@require_GET
def import_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far it is; when it is done the page is asked for anew."""
    job = runs.own_job(viewer_of(request), job_id)
    if job.is_working:
        return render(request, "exchange/_progress.html", {"job": job})
    return HttpResponse(headers={"HX-Redirect": f"/imports/files/{job.pk}/"}, status=STOP_POLLING)


@login_required
@require_GET
def import_preview(request: HttpRequest, job_id: int) -> HttpResponse:
    """The first rows with what is wrong with each."""
    viewer = viewer_of(request)
    job = runs.own_job(viewer, job_id)
    try:
        found = preview(actor=viewer, job=job, now=timezone.now())
    except Invalid as refusal:
        return render(request, "exchange/_preview_refused.html", {"job": job, "refusal": refusal})
    return render(request, "exchange/_preview.html", {"job": job, "preview": found})


@login_required
@require_POST
def import_trial(request: HttpRequest, job_id: int) -> HttpResponse:
    """Tries the whole file and changes nothing."""
    return _wanted(request, job_id, Wanted.TRIAL)


@login_required
@require_POST
def import_carry_out(request: HttpRequest, job_id: int) -> HttpResponse:
    """Imports the file."""
    return _wanted(request, job_id, Wanted.IMPORT)


def _wanted(request: HttpRequest, job_id: int, wanted: Wanted) -> HttpResponse:
    viewer = viewer_of(request)
    job = runs.own_job(viewer, job_id)
    want(actor=viewer, job=job, wanted=wanted, now=timezone.now())
    words = _("The trial run has begun.") if wanted == Wanted.TRIAL else _("The import has begun.")
    return done(request, to=f"/imports/files/{job.pk}/", toast=Toast(words))


def _next(job: ImportJob) -> str:
    """Where a file goes on once it is sent: cards have no columns to settle."""
    return f"/imports/files/{job.pk}/" + ("" if job.dataset == Dataset.CONTACTS else "columns/")


def _context(job: ImportJob, viewer: User) -> dict[str, object]:
    trial = job.trial or {}
    return {
        "job": job,
        "steps": STEPS,
        "now_at": "import" if job.is_working and job.wanted == Wanted.IMPORT else "check",
        "what": runs.what_of(job.dataset, job.kind),
        "trial": trial,
        "figures": runs.report_figures(trial),
        "reasons": runs.held_reasons(trial),
        "is_repeat": bool(trial) and runs.changed_nothing(trial),
        "earlier": list(runs.earlier_runs(viewer, job.sha256)[:1]),
    }
