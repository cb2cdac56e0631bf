"""A list as a calendar: what is to do, was promised and was met in the relationships that it finds."""

from dataclasses import replace
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from core.http import is_htmx
from relationships.filters import relationship_list as filters
from relationships.permissions import may_somewhere
from relationships.queries.relationship_list import Shape, for_viewer, matching
from relationships.views.calendar import days_context
from relationships.views.lists import controls, kind_for
from relationships.views.tabs import tabs

MOST_OF_A_LIST = 300


@login_required
@require_GET
def list_calendar(request: HttpRequest, kind: str) -> HttpResponse:
    """A month, a week or what comes, of the list; for htmx only the part that the search field changes."""
    viewer, now = viewer_of(request), timezone.now()
    chosen = kind_for(viewer, kind)
    query, complaints = filters.parse_list(kind, request.GET)
    query = replace(for_viewer(viewer, query), shape=Shape.CALENDAR)
    rows = matching(viewer=viewer, query=replace(query, sort="name"), now=now)
    params = filters.to_params(query)

    def prefix(view: str) -> str:
        return f"{filters.place_of(query)}?{urlencode([*params, ('span', view), ('on', '')])}"

    asked = request.GET.get("span", ""), request.GET.get("on", "")
    context = days_context(viewer, now, asked, prefix, within=rows, most=MOST_OF_A_LIST)
    context |= {"kind": chosen, "here": f"/{kind}/", "query": query}
    if not is_htmx(request):
        context |= {"views": tabs(viewer, query), "views_url": filters.views_url(query)}
        context["may_open"] = may_somewhere(viewer, Permission.MANAGE_RELATIONSHIPS, kind)
        context |= controls(viewer, chosen, query) | {"complaints": complaints}
        shown = [("span", context["view"]), ("on", context["on"])]
        context["hidden"] = [*context["hidden"], *shown]
        context["choices"]["kept"] = [*context["choices"]["kept"], *shown]
    part = "#results" if is_htmx(request) else ""
    return render(request, f"relationships/list_calendar.html{part}", context)
