"""A list as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.middleware import viewer_of
from relationships.filters.relationship_list import parse_list
from relationships.operations.exports import export_list
from relationships.views.lists import kind_for


@login_required
@require_POST
def relationship_export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The rows of the list as it is narrowed and ordered by the address, as CSV that begins at once."""
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = parse_list(kind, request.GET)
    pieces = export_list(actor=viewer, query=query, now=now)
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{now:%Y-%m-%d}.csv"'
    return answer
