"""The list of a kind, with its tabs."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.addresses import Chip
from core.http import is_htmx
from core.refusals import Missing
from relationships import kinds, tables
from relationships.filters import relationship_list as filters
from relationships.permissions import may_somewhere
from relationships.queries import relationship_list as lists
from relationships.queries.counts import capped_words
from relationships.queries.reach import reaches
from relationships.queries.saved_views import known_views, view_for
from relationships.views.colleagues import names_of
from relationships.views.headings import asked, heading_numbers, headings, list_page
from relationships.views.tabs import shown_views, tabs


@login_required
@require_GET
def relationship_list(request: HttpRequest, kind: str) -> HttpResponse:
    """A page of the list; for htmx only the part that the search field changes."""
    viewer, now = viewer_of(request), timezone.now()
    chosen = kind_for(viewer, kind)
    start = viewer.start_views.get(kind) if not request.GET else None
    if start is not None and (view := view_for(viewer=viewer, kind=kind, view_id=start)) is not None:
        return redirect(filters.list_url(filters.of_address(kind, view.address, view.pk)))
    query, complaints = filters.parse_list(kind, request.GET)
    query = replace(lists.for_viewer(viewer, query), shape=lists.Shape.LIST)
    whole = not is_htmx(request)
    context = _results(viewer, query, request.GET.get("at", ""), now)
    context |= {"kind": chosen, "here": f"/{kind}/", "query": query, "complaints": complaints}
    if whole:
        address = filters.views_url(query, with_total=not context["is_whole"]) + context["asked_headings"]
        context |= {"views": tabs(viewer, query), "views_url": address, "total_url": ""}
        context |= controls(viewer, chosen, query)
    part = "" if whole else "#results"
    return render(request, f"relationships/relationship_list.html{part}", context)


@login_required
@require_GET
def relationship_views(request: HttpRequest, kind: str) -> HttpResponse:
    """The tabs of the list with how much each holds: asked for by the list once it stands, which need not wait.

    With `total`, how many rows the list finds comes along.
    """
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = filters.parse_list(kind, request.GET)
    known = known_views(viewer=viewer, kind=kind)
    context: dict[str, Any] = {"here": f"/{kind}/", "word": filters.encode_list(query)}
    if "total" in request.GET:
        context |= _total(viewer, query, now) | heading_numbers(request, viewer, query, now)
    return render(request, "relationships/_list_views.html", context | shown_views(viewer, query, known, now))


@login_required
@require_GET
def relationship_total(request: HttpRequest, kind: str) -> HttpResponse:
    """How many rows a list finds: asked for by what the search field changed, which need not wait for the count."""
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = filters.parse_list(kind, request.GET)
    context = _total(viewer, query, now) | heading_numbers(request, viewer, query, now)
    return render(request, "relationships/_list_total.html", context)


def _total(viewer: User, query: lists.ListQuery, now: datetime) -> dict[str, Any]:
    (total,) = lists.counts(viewer=viewer, queries=[lists.for_viewer(viewer, query)], now=now)
    return {"total": total, "total_words": capped_words(total)}


def kind_for(viewer: User, slug: str) -> kinds.Kind:
    """The kind, when any of the viewer's grants reaches it; to others it does not exist."""
    if not reaches(viewer, kinds.registry.get(slug)):
        raise Missing(_("There is no such list."))
    return kinds.registry.get(slug)


def _with_money(viewer: User, kind: str) -> bool:
    """Whether the list says what the relationships are worth."""
    return kinds.registry.get(kind).has_trade and may_somewhere(viewer, Permission.VIEW_MONEY, kind)


def _results(viewer: User, query: lists.ListQuery, cursor: str, now: datetime) -> dict[str, Any]:
    """The rows with everything around them that changes as the viewer types."""
    page, groups = list_page(viewer, query, cursor, now)
    word = filters.encode_list(query)
    with_money = _with_money(viewer, query.kind)
    is_whole = page.first <= 1 and not page.next
    fields = lists.shown_fields(viewer, query) if query.shown else []
    lines = tables.lines(page.rows, fields, viewer=viewer, now=now, from_list=word, widths=dict(query.widths))
    headings_of_page = headings(query, groups, lines, is_whole=is_whole)
    asked_headings = "" if is_whole else asked(headings_of_page)
    return {
        "lines": lines,
        "headings": headings_of_page,
        "asked_headings": asked_headings,
        "chosen": bool(fields),
        "name_css": tables.WIDTHS.get(dict(query.widths).get("name", ""), ""),
        "page": page,
        "is_whole": is_whole,
        "total": len(page.rows),
        "total_words": capped_words(len(page.rows)),
        "total_url": filters.total_url(query) + asked_headings,
        "from_list": word,
        "with_money": with_money,
        "heads": tables.heads(query, address=filters.list_url, with_money=with_money, fields=fields),
        "next_url": filters.list_url(query, page.next) if page.next else "",
        "previous_url": filters.list_url(query, page.previous) if page.previous else "",
        "caption": filters.sort_words(query),
        "may_follow_up": may_somewhere(viewer, Permission.MANAGE_FOLLOW_UPS, query.kind),
        "may_assign": may_somewhere(viewer, Permission.ASSIGN, query.kind),
        "may_open": may_somewhere(viewer, Permission.MANAGE_RELATIONSHIPS, query.kind),
        "may_import": may_somewhere(viewer, Permission.IMPORT_DATA, query.kind),
        "exports": filters.export_urls(query)
        if may_somewhere(viewer, Permission.EXPORT_DATA, query.kind)
        else (),
        "rescue": rescue(viewer, query, now) if query.is_filtered and not page.rows else None,
    }


def controls(viewer: User, kind: kinds.Kind, query: lists.ListQuery) -> dict[str, Any]:
    """The chips, the choices of the filter and the sort menu, and the other shapes of the list."""
    names = names_of(filters.people_in(query))
    return {
        "place": filters.place_of(query),
        "shapes": filters.shape_urls(query),
        "chips": filters.chips(query, names),
        "choices": filters.filter_choices(kind, query, names),
        "sorts": filters.sort_choices(query, with_money=_with_money(viewer, query.kind)),
        "hidden": [pair for pair in filters.to_params(query) if pair[0] != "q"],
    }


def rescue(viewer: User, query: lists.ListQuery, now: datetime) -> tuple[Chip, int] | None:
    """The one thing to leave out that brings most rows back, with their number."""
    without = filters.chips_with_queries(query)
    if not without:
        return None
    numbers = lists.counts(viewer=viewer, queries=[narrower for _chip, narrower in without], now=now)
    best = max(range(len(without)), key=lambda index: numbers[index])
    return (without[best][0], numbers[best]) if numbers[best] else None
