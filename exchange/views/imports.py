"""The imports that were carried out, and what each did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from exchange.models import HeldRow
from exchange.permissions import require_importing
from exchange.queries import runs
from exchange.tables import HISTORY_COLUMNS, history_lines

HISTORY = "/imports/"


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
    context = {
        "run": run,
        "what": runs.what_of(run.dataset, run.kind),
        "report": run.report,
        "figures": runs.report_figures(run.report),
        "reasons": runs.held_reasons(run.report, is_own=run.actor_id == viewer.pk),
        "is_repeat": runs.changed_nothing(run.report),
        "held_url": f"/imports/{run.pk}/held/" if run.report["held"] else "",
        "waiting": HeldRow.objects.visible_to(viewer, run).waiting().count(),
        "columns": runs.columns_read(run),
    }
    return render(request, "exchange/import_detail.html", context)
