"""A list as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import viewer_of
from core.refusals import Missing
from relationships.filters.relationship_list import parse_list
from relationships.operations.exports import export_list
from relationships.registry import registry
from relationships.views.lists import kind_for


@login_required
@require_POST
def relationship_export(request: HttpRequest, kind: str, ending: str) -> StreamingHttpResponse:
    """The rows of the list as it is narrowed and ordered by the address, as a file that begins at once."""
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = parse_list(kind, request.GET)
    if ending not in registry.list_formats:
        raise Missing(_("There is no such list."))
    pieces = export_list(actor=viewer, query=query, now=now, form=ending)
    answer = StreamingHttpResponse(pieces, content_type=registry.list_formats[ending].content_type)
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{now:%Y-%m-%d}.{ending}"'
    return answer
