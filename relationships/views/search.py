"""Looking for anything: the page of results, and what the palette shows while somebody types."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from core.http import is_htmx
from relationships.ui.search import look_for


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything of the viewer's that meets `q`, or one group of it; for htmx only the results."""
    found = look_for(viewer_of(request), request.GET.get("q", ""), request.GET.get("in", ""), timezone.now())
    part = "#results" if is_htmx(request) else ""
    return render(request, f"relationships/search.html{part}", {"found": found})


@login_required
@require_GET
def search_options(request: HttpRequest) -> HttpResponse:
    """The same as options of the palette."""
    found = look_for(viewer_of(request), request.GET.get("q", ""), "", timezone.now())
    return render(request, "relationships/_search_options.html", {"found": found})
