"""The record of what was done: read, narrowed, taken out; nobody changes it."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from core.refusals import Invalid
from core.spreadsheets import csv_lines
from oversight.enums import Book, Format
from oversight.forms.audit import AuditForm, ExportForm
from oversight.operations.audit_export import export_audit
from oversight.queries.audit import event_page, security_page
from oversight.ui import books

TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.LINES: "application/jsonl; charset=utf-8"}


@login_required
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who did what to which thing, newest first."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_AUDIT)
    form, before = AuditForm(request.GET), _before(request.GET)
    context: dict[str, Any] = {"form": form, "books": books(form.chosen), "asked": _asked(request.GET)}
    if form.chosen == Book.RELATIONSHIPS:
        page = event_page(viewer, form.question, before=before)
        context |= {"groups": page.groups, "before": page.before}
    else:
        lines, following = security_page(viewer, form.question, before=before)
        context |= {"lines": lines, "before": following}
    return render(request, "oversight/audit_list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """What the address asks of a book, as a file that begins at once."""
    viewer, now = viewer_of(request), timezone.now()
    require(viewer, Permission.VIEW_AUDIT)
    form, wanted = AuditForm(request.GET), ExportForm(request.POST)
    if not (form.is_valid() and wanted.is_valid()):
        told = {**form.errors.get_json_data(), **wanted.errors.get_json_data()}
        raise Invalid({name: [each["message"] for each in words] for name, words in told.items()})
    kind = Format(wanted.cleaned_data["format"])
    rows = export_audit(actor=viewer, question=form.question, form=kind, now=now)
    lines = csv_lines(_table(rows)) if kind == Format.CSV else (_line(row) for row in rows)
    answer = StreamingHttpResponse(lines, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="audit-{form.chosen}-{now:%Y-%m-%d}.{kind}"'
    return answer


def _table(rows: Iterator[dict[str, Any]]) -> Iterator[list[Any]]:
    """The rows below the names of their fields; what is nested is JSON in its cell."""
    first = next(rows, None)
    if first is None:
        return
    yield list(first)
    for row in chain([first], rows):
        yield [
            json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict) else cell for cell in row.values()
        ]


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _before(asked: QueryDict) -> int | None:
    before = asked.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


def _asked(asked: QueryDict) -> str:
    """The question as an address has it, without where a page begins."""
    return urlencode([(name, value) for name, value in asked.items() if name != "before"])
