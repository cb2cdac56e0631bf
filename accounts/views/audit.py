"""The security record, read only."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from accounts.queries.audit import audit_page


@login_required
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who did what to which thing, newest first."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_AUDIT)
    before = request.GET.get("before", "")
    page = audit_page(viewer=viewer, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    return render(request, "accounts/audit_list.html", {"page": page})
