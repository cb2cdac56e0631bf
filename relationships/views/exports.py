"""A list as a file."""

from itertools import chain

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.middleware import viewer_of
from core.spreadsheets import csv_lines
from relationships.filters.relationship_list import parse_list
from relationships.operations.exports import export_list
from relationships.queries.relationship_list import for_viewer, shown_fields
from relationships.tables import chosen_heads, chosen_rows, sheet_heads, sheet_row
from relationships.views.lists import kind_for


@login_required
@require_POST
def relationship_export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The rows of the list as it is narrowed and ordered by the address, as CSV that begins at once."""
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = parse_list(kind, request.GET)
    query = for_viewer(viewer, query)
    rows, fields = export_list(actor=viewer, query=query, now=now), shown_fields(viewer, query)
    if fields:
        told = chain([chosen_heads(kind, fields)], chosen_rows(rows, fields, viewer=viewer, now=now))
    else:
        told = chain([sheet_heads(kind)], (sheet_row(row, viewer=viewer) for row in rows))
    lines = csv_lines(told)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{now:%Y-%m-%d}.csv"'
    return answer
