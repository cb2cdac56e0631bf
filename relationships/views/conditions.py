"""What a list is narrowed by, put together in a dialog: fields, operators, and groups joined by and or or."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.middleware import viewer_of
from core.http import is_htmx
from relationships.filters import conditions
from relationships.filters import relationship_list as filters
from relationships.forms.follow_ups import colleagues
from relationships.queries.native_fields import every_field
from relationships.queries.relationship_list import ListQuery
from relationships.views.lists import kind_for


@login_required
@require_http_methods(["GET", "POST"])
def list_conditions(request: HttpRequest, kind: str) -> HttpResponse:
    """The conditions as rows; `look` shows them again with one more, anything else goes to the list."""
    viewer = viewer_of(request)
    kind_for(viewer, kind)
    data = request.POST if request.method == "POST" else request.GET
    query = filters.decode_list(data.get("list", ""))
    query = query if query is not None and query.kind == kind else ListQuery(kind)
    asked: QueryDict | None = None
    complaints: Sequence[str] = []
    if request.method == "POST":
        asked = request.POST
        narrowed, complaints = conditions.as_asked(query, asked)
        if "show" in asked and not complaints:
            to = filters.list_url(narrowed)
            return HttpResponse(headers={"HX-Redirect": to}) if is_htmx(request) else redirect(to)
    groups = conditions.groups_of(query, every_field(viewer, kind), colleagues().only("pk", "name"), asked)
    context = {
        "groups": groups, "complaints": complaints if asked is not None and "show" in asked else [],
        "list": filters.encode_list(query), "here": f"/{kind}/", "back": filters.list_url(query),
        "either": query.either if asked is None else asked.get("match") == "any",
    }  # fmt: skip
    part = "#dialog" if is_htmx(request) else ""
    status = 422 if context["complaints"] else 200
    return render(request, f"relationships/list_conditions.html{part}", context, status=status)
