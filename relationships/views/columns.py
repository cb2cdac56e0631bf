"""Which columns a list has, in what order and how wide, and by what it is divided."""

from dataclasses import dataclass, replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.middleware import viewer_of
from core.http import is_htmx
from relationships.filters import relationship_list as filters
from relationships.queries.lanes import can_group, groupings
from relationships.queries.list_fields import ListField
from relationships.queries.native_fields import every_field
from relationships.queries.relationship_list import ListQuery
from relationships.views.lists import kind_for


@dataclass(frozen=True)
class Offered:
    """A column that can be chosen; `place` counts from 1 among those that are, 0 for the others."""

    field: ListField
    place: int
    width: str


@login_required
@require_http_methods(["GET", "POST"])
def list_columns(request: HttpRequest, kind: str) -> HttpResponse:
    """The columns with their places and widths; `reset` goes back to those that the kind has of itself."""
    viewer = viewer_of(request)
    kind_for(viewer, kind)
    data = request.POST if request.method == "POST" else request.GET
    query = filters.decode_list(data.get("list", ""))
    query = query if query is not None and query.kind == kind else ListQuery(kind)
    fields = [field for field in every_field(viewer, kind) if field.is_column]
    if request.method == "POST":
        to = filters.list_url(_as_asked(request.POST, query, fields))
        return HttpResponse(headers={"HX-Redirect": to}) if is_htmx(request) else redirect(to)
    places = {key: place for place, key in enumerate(query.shown, 1)}
    widths = dict(query.widths)
    offered = [Offered(field, places.get(field.key, 0), widths.get(field.key, "")) for field in fields]
    context = {
        "groupings": groupings(viewer, kind), "group": query.group, "name_width": widths.get("name", ""),
        "offered": sorted(offered, key=lambda each: (each.place == 0, each.place)), "here": f"/{kind}/",
        "list": filters.encode_list(query), "back": filters.list_url(query),
    }  # fmt: skip
    part = "#dialog" if is_htmx(request) else ""
    return render(request, f"relationships/list_columns.html{part}", context)


def _as_asked(data: QueryDict, query: ListQuery, fields: list[ListField]) -> ListQuery:
    """The list with the columns that were asked for."""
    if "reset" in data:
        return replace(query, shown=(), widths=())
    shown = _chosen(data, fields)
    given = [(key, data.get(f"w-{key}", "")) for key in ("name", *shown)]
    widths = tuple((key, width) for key, width in given if width in filters.WIDTHS and shown)
    known = {field.key for field in fields if can_group(field)}
    group = data.get("group", "")
    return replace(query, shown=shown, widths=widths, group=group if group in known else "")


def _chosen(data: QueryDict, fields: list[ListField]) -> tuple[str, ...]:
    """The ticked columns by the number beside them; those without one after the others."""
    ticked = set(data.getlist("col"))

    def place(field: ListField) -> tuple[bool, int]:
        number = data.get(f"at-{field.key}", "")
        return (not number.isdecimal(), int(number[:4]) if number.isdecimal() else 0)

    chosen = sorted((field for field in fields if field.key in ticked), key=place)
    return tuple(field.key for field in chosen)[: filters.MOST_COLUMNS]
