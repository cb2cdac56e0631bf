"""Addresses that get no mail from us: for administrators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from core.forms import carry_out
from core.http import Toast, done
from messaging.forms import SuppressForm
from messaging.operations.suppressions import lift_suppression, suppress
from messaging.queries.outgoing_mail import suppressed_page
from messaging.views.outgoing_mail import here

HERE = "/suppressed-addresses/"


@login_required
@require_http_methods(["GET", "POST"])
def suppressed_list(request: HttpRequest) -> HttpResponse:
    """Every such address with the reason, and a form for another."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_SENT_MAIL)
    form = SuppressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = carry_out(form, suppress, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if added is not None:
            return done(request, to=HERE, toast=Toast(_("This address gets no more mail.")))
    q = request.GET.get("q", "").strip()[:120]
    page = suppressed_page(q=q, cursor=request.GET.get("at", ""))
    context = {
        "page": page,
        "q": q,
        "form": form,
        "next_url": here(HERE, q=q, at=page.next),
        "previous_url": here(HERE, q=q, at=page.previous),
    }
    return render(request, "messaging/suppressed_list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def lifting(request: HttpRequest, suppression_id: int) -> HttpResponse:
    """Lets mail go to an address again."""
    lift_suppression(actor=viewer_of(request), suppression_id=suppression_id, now=timezone.now())
    return done(request, to=HERE, toast=Toast(_("Mail goes there again.")))
