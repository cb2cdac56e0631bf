"""The mail that went out, or stayed here: for administrators, and for trying things out without a mail server."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from messaging.queries.sent_mail import message_of, sent_mail_page


@login_required
@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    """Every message, newest first."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_SENT_MAIL)
    q = request.GET.get("q", "").strip()[:120]
    page = sent_mail_page(viewer, before=request.GET.get("before", ""), q=q)
    context = {"page": page, "q": q, "leaves": bool(settings.SMTP_URL)}
    return render(request, "messaging/message_list.html", context)


@login_required
@require_GET
def message_detail(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message as text, and what became of it at each recipient."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_SENT_MAIL)
    context = {"message": message_of(viewer, message_id), "leaves": bool(settings.SMTP_URL)}
    return render(request, "messaging/message_detail.html", context)
