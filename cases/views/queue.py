"""The queue of cases."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import holds_everywhere
from cases import filters, tables
from cases.models import MailFiling
from cases.queries import queue
from core.http import is_htmx
from relationships.models import Relationship
from relationships.queries.counts import figure_words


@login_required
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """A page of the queue, the first due first; for htmx only what the search field changes."""
    viewer, now = viewer_of(request), timezone.now()
    query = filters.parse_queue(request.GET)
    page = queue.queue_page(viewer=viewer, query=query, now=now, cursor=request.GET.get("at", ""))
    context: dict[str, Any] = {
        "query": query,
        "page": page,
        "columns": tables.HEADS,
        "lines": [_line(line, now) for line in queue.lines(page.rows, now)],
        "is_open_only": query == queue.QueueQuery(status="open"),
        "next_url": filters.queue_url(query, page.next) if page.next else "",
        "previous_url": filters.queue_url(query, page.previous) if page.previous else "",
        "caption": filters.SORT_WORDS[query.sort],
        "may_open": viewer.may(Permission.MANAGE_CASES),
    }
    if is_htmx(request):
        return render(request, "cases/case_list.html#results", context)
    return render(request, "cases/case_list.html", context | _around(viewer, query, now))


def _line(line: queue.Line, now: datetime) -> dict[str, Any]:
    return {"case": line.case, "clock": tables.chip(line.next, now) if line.next else None}


def _around(viewer: User, query: queue.QueueQuery, now: datetime) -> dict[str, Any]:
    """What stands around the rows: tabs with counts, whose, chips and menus."""
    tabs = filters.tab_queries(query)
    numbers = queue.counts(viewer=viewer, queries=list(tabs.values()), now=now)
    return {
        "tabs": [
            {
                "label": filters.STATUSES[status][0],
                "icon": filters.STATUSES[status][1],
                "url": filters.queue_url(tab),
                "count": figure_words(number),
                "current": status == query.status,
            }
            for (status, tab), number in zip(tabs.items(), numbers, strict=True)
        ],
        "whose": filters.whose_segments(query),
        "chips": filters.chips(query, _names(viewer, query)),
        "choices": filters.choices(query),
        "may_set_mail": holds_everywhere(viewer, Permission.MANAGE_WORKSPACE),
        "unmatched": MailFiling.objects.visible_to(viewer).for_a_person().count(),
        "hidden": [pair for pair in filters.to_params(query) if pair[0] != "q"],
    }


def _names(viewer: User, query: queue.QueueQuery) -> dict[str, str]:
    """The names of whom the query names, as far as the viewer may know of them."""
    names: dict[str, str] = {}
    if query.owner not in filters.WHOSE:
        people = User.objects.filter(pk=int(query.owner)).values_list("pk", "name")
        names |= {f"owner {pk}": name for pk, name in people}
    if query.relationship_id is not None:
        seen = Relationship.objects.visible_to(viewer).filter(pk=query.relationship_id)
        names |= {f"relationship {pk}": name for pk, name in seen.values_list("pk", "party_name")}
    return names
