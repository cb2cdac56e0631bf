"""Mails to people outside: for everybody who may know of what they are about."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import viewer_of
from core.http import Toast, done
from messaging.operations.outgoing_mail import take_back
from messaging.queries.outgoing_mail import one_outgoing, outgoing_page, place_of

HERE = "/outgoing-mail/"


@login_required
@require_GET
def outgoing_list(request: HttpRequest) -> HttpResponse:
    """The mails that the viewer may know of, the newest first."""
    q = request.GET.get("q", "").strip()[:120]
    page = outgoing_page(viewer_of(request), q=q, cursor=request.GET.get("at", ""))
    context = {
        "page": page,
        "q": q,
        "leaves": bool(settings.SMTP_URL),
        "next_url": here(HERE, q=q, at=page.next),
        "previous_url": here(HERE, q=q, at=page.previous),
    }
    return render(request, "messaging/outgoing_list.html", context)


@login_required
@require_GET
def outgoing_detail(request: HttpRequest, outgoing_id: int) -> HttpResponse:
    """One mail as text, and what became of it at everybody whom it named."""
    mail = one_outgoing(viewer_of(request), outgoing_id)
    context = {"mail": mail, "message": mail.outbox, "place": place_of(mail)}
    return render(request, "messaging/outgoing_detail.html", context)


@login_required
@require_POST
def outgoing_withdrawal(request: HttpRequest, outgoing_id: int) -> HttpResponse:
    """Takes a mail back before it leaves."""
    mail = take_back(actor=viewer_of(request), mail_id=outgoing_id, now=timezone.now())
    toast = Toast(_("The mail was taken back. Nobody got it."))
    return done(request, to=place_of(mail), toast=toast)


def here(page: str, **kept: str | None) -> str:
    """The address of a page of rows; empty where there is none to go on to."""
    return f"{page}?{urlencode({name: value for name, value in kept.items() if value})}" if kept["at"] else ""
