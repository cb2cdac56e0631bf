"""The navigation by itself, for a page on which something has just changed its counts."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from relationships.ui import build_shell


@login_required
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Where the viewer can go and what waits there, as seen from the page that asks."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    shell = build_shell(here, viewer_of(request), timezone.now())
    return render(request, "shell/_nav.html", {"shell": shell})
