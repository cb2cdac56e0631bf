"""A list as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.spreadsheets import csv_lines
from relationships import tables
from relationships.filters.relationship_list import parse_list
from relationships.operations.exports import begin_export
from relationships.permissions import may_in
from relationships.queries.relationship_list import ListQuery, every_row
from relationships.views.lists import kind_for


@login_required
@require_POST
def relationship_export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The rows of the list as it is narrowed and ordered by the address, as CSV that begins at once."""
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = parse_list(kind, request.GET)
    begin_export(actor=viewer, kind=kind, now=now)
    answer = StreamingHttpResponse(
        csv_lines(_rows(viewer, query, now)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{now:%Y-%m-%d}.csv"'
    return answer


def _rows(viewer: User, query: ListQuery, now: datetime) -> Iterator[list[Any]]:
    yield tables.sheet_heads(query.kind)
    for row in every_row(viewer=viewer, query=query, now=now):
        if may_in(viewer, Permission.EXPORT_DATA, row):
            yield tables.sheet_row(row, viewer=viewer)
