"""Rows that an import kept aside: seen, downloaded, corrected where they stand."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import viewer_of
from core.forms import carry_out
from core.http import Toast, done, is_htmx
from core.spreadsheets import csv_lines
from exchange.enums import HeldReason
from exchange.forms import CorrectionForm
from exchange.operations.corrections import correct_held
from exchange.permissions import require_importing
from exchange.queries import held as queries
from exchange.queries.runs import visible_run


@login_required
@require_GET
def held_list(request: HttpRequest, import_id: int) -> HttpResponse:
    """A page of the rows that wait to be corrected."""
    viewer = viewer_of(request)
    require_importing(viewer)
    run = visible_run(viewer, import_id)
    page = queries.held_page(viewer, run, request.GET.get("at", ""))
    here = f"/imports/{run.pk}/held/"
    context = {
        "run": run,
        "page": page,
        "next_url": f"{here}?at={page.next}" if page.next else "",
        "previous_url": f"{here}?at={page.previous}" if page.previous else "",
        "is_ours": run.actor_id == viewer.pk,
    }
    return render(request, "exchange/held_list.html", context)


@login_required
@require_GET
def held_download(request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """The rows that wait, as CSV under the file's own headers."""
    viewer = viewer_of(request)
    require_importing(viewer)
    run = visible_run(viewer, import_id)
    lines = csv_lines(queries.held_sheet(viewer, run))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="held-{run.pk}.csv"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def held_correct(request: HttpRequest, held_id: int) -> HttpResponse:
    """One row with its cells to be corrected, within the list or on a page of its own."""
    viewer = viewer_of(request)
    require_importing(viewer)
    held = queries.held_row(viewer, held_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        given = {"held": held, "cells": form.cells, "accept_equal": form.accepts_equal}
        carry_out(form, correct_held, actor=viewer, now=timezone.now(), **given)
        if not form.errors:
            if is_htmx(request):
                return render(request, "exchange/_held_done.html", {"held": held})
            words = _("Row %(row)d is in now.") % {"row": held.row}
            return done(request, to=f"/imports/{held.run_id}/held/", toast=Toast(words))
    context = {"held": held, "form": form, "others": queries.other_cells(held)}
    template = "exchange/_held_form.html" if is_htmx(request) else "exchange/held_correct.html"
    context["is_equal"] = held.reason == HeldReason.EQUAL
    return render(request, template, context, status=422 if form.errors else 200)
