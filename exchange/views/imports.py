"""The imports that were carried out, and what each did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import viewer_of
from core import keyset
from core.http import STOP_POLLING, Toast, done
from exchange.models import HeldRow
from exchange.operations.jobs import want_reversal
from exchange.permissions import require_importing
from exchange.queries import runs
from exchange.queries.run_rows import row_line, rows_behind
from exchange.tables import HISTORY_COLUMNS, history_lines

HISTORY = "/imports/"
BY_ID = keyset.Order(keyset.SortKey("id", parse=int))


@login_required
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """The history, newest first, and the files that wait for their sender."""
    viewer = viewer_of(request)
    require_importing(viewer)
    page = runs.history(viewer, request.GET.get("at", ""))
    context = {
        "page": page,
        "lines": history_lines(page.rows),
        "columns": HISTORY_COLUMNS,
        "unfinished": runs.unfinished_jobs(viewer)[:5],
        "next_url": f"{HISTORY}?at={page.next}" if page.next else "",
        "previous_url": f"{HISTORY}?at={page.previous}" if page.previous else "",
    }
    return render(request, "exchange/import_list.html", context)


@login_required
@require_GET
def import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """What an import did, in numbers that open to their rows."""
    viewer = viewer_of(request)
    require_importing(viewer)
    run = runs.visible_run(viewer, import_id)
    is_own = run.actor_id == viewer.pk
    context = {
        "run": run,
        "reversal": runs.reversal_of(viewer, run) if run.reverted_at else None,
        "what": runs.what_of(run.dataset, run.kind),
        "report": run.report,
        "figures": runs.report_figures(run.report, f"{HISTORY}{run.pk}/rows/", is_own=is_own),
        "reasons": runs.held_reasons(run.report, is_own=is_own),
        "case_figures": runs.case_figures(run.report),
        "is_repeat": runs.changed_nothing(run.report),
        "held_url": f"/imports/{run.pk}/held/"
        if run.report["held"] and not (run.reverted_at or run.purged_at)
        else "",
        "waiting": HeldRow.objects.visible_to(viewer, run).waiting().count(),
        "columns": runs.columns_read(run),
    }
    return render(request, "exchange/import_detail.html", context)


@login_required
@require_GET
def import_rows(request: HttpRequest, import_id: int, done_to: str, what: str) -> HttpResponse:
    """The rows behind a number of an import: what it made or changed, as far as the viewer may know of it."""
    viewer = viewer_of(request)
    require_importing(viewer)
    run = runs.visible_run(viewer, import_id)
    rows = rows_behind(viewer, run, done_to=done_to, what=what)
    page = keyset.page(rows, BY_ID, cursor=request.GET.get("at", ""), limit=runs.LIMIT)
    here = f"{HISTORY}{run.pk}/rows/{done_to}/{what}/"
    context = {
        "run": run,
        "page": page,
        "title": runs.thing_title(done_to, what),
        "lines": [row_line(row) for row in page.rows],
        "next_url": f"{here}?at={page.next}" if page.next else "",
        "previous_url": f"{here}?at={page.previous}" if page.previous else "",
    }
    return render(request, "exchange/import_rows.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_reversal(request: HttpRequest, import_id: int) -> HttpResponse:
    """Says what taking an import back means, and has it taken back."""
    viewer = viewer_of(request)
    require_importing(viewer)
    run = runs.visible_run(viewer, import_id)
    if request.method == "POST":
        want_reversal(actor=viewer, run=run, now=timezone.now())
        return done(request, to=f"{HISTORY}{run.pk}/", toast=Toast(_("The import is being reverted.")))
    context = {"run": run, "figures": runs.consequence(run), "what": runs.what_of(run.dataset, run.kind)}
    return render(request, "exchange/import_reversal.html", context)


@login_required
@require_GET
def reversal_progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """Whether it is reverted yet; when it is the page is asked for anew."""
    viewer = viewer_of(request)
    run = runs.visible_run(viewer, import_id)
    if run.revert_wanted_at and not run.reverted_at:
        return render(request, "exchange/_reverting.html", {"run": run})
    return HttpResponse(headers={"HX-Redirect": f"{HISTORY}{run.pk}/"}, status=STOP_POLLING)
