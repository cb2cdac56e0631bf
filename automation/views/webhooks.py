"""Webhooks in the settings: endpoints, their secrets, and the log of what they were sent."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import viewer_of
from accounts.models import User
from automation.forms.webhooks import NewEndpointForm, SinceForm, form_of
from automation.models import WebhookEndpoint
from automation.operations import webhooks as operations
from automation.queries import webhooks as queries
from core.forms import carry_out
from core.http import Toast, done

LIST = "/settings/webhooks/"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def webhook_list(request: HttpRequest) -> HttpResponse:
    """The endpoints, and a new one; its secret is on the page that answers, and never again."""
    viewer, secret, made = viewer_of(request), "", None
    form = NewEndpointForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        told = carry_out(
            form, operations.create_endpoint, actor=viewer, now=timezone.now(), **form.cleaned_data
        )
        if told:
            (made, secret), form = told, NewEndpointForm(viewer=viewer)
    context = {"endpoints": list(queries.endpoints_of(viewer)), "form": form, "secret": secret, "made": made}
    return render(request, "automation/webhook_list.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def webhook_detail(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One endpoint: what it is told of, how that goes, and what can be done to it."""
    viewer = viewer_of(request)
    return _page(request, viewer, queries.endpoint_of(viewer, endpoint_id))


def _page(
    request: HttpRequest, viewer: User, endpoint: WebhookEndpoint, status: int = 200, **more: Any
) -> HttpResponse:
    page = queries.log_page(viewer, endpoint, request.GET.get("at", ""))
    here = f"{LIST}{endpoint.pk}/"
    context = {
        "endpoint": endpoint,
        "page": page,
        "next_url": f"{here}?at={page.next}" if page.next else "",
        "previous_url": f"{here}?at={page.previous}" if page.previous else "",
        "secrets": queries.secrets_of(endpoint, timezone.now()),
        "sum": queries.sum_of(viewer, endpoint),
        "since": SinceForm(),
        **more,
    }
    return render(request, "automation/webhook_detail.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def webhook_edit(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Where it is and what it is told of."""
    viewer = viewer_of(request)
    endpoint = queries.endpoint_of(viewer, endpoint_id)
    form = form_of(endpoint, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"actor": viewer, "endpoint": endpoint, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.edit_endpoint, **told):
            return done(request, to=f"{LIST}{endpoint.pk}/", toast=Toast(_("Saved.")))
    context = {"endpoint": endpoint, "form": form}
    return render(request, "automation/webhook_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def webhook_switch(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """On or off."""
    viewer = viewer_of(request)
    endpoint = queries.endpoint_of(viewer, endpoint_id)
    is_on = request.POST.get("on") == "1"
    operations.switch_endpoint(actor=viewer, endpoint=endpoint, is_on=is_on, now=timezone.now())
    words = _("It is told of everything from now on.") if is_on else _("It is not called any more.")
    return done(request, to=f"{LIST}{endpoint.pk}/", toast=Toast(words))


@login_required
@require_POST
def webhook_remove(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Takes it away."""
    viewer = viewer_of(request)
    endpoint = queries.endpoint_of(viewer, endpoint_id)
    operations.remove_endpoint(actor=viewer, endpoint=endpoint, now=timezone.now())
    return done(request, to=LIST, toast=Toast(_("“%s” was removed.") % endpoint))


@login_required
@never_cache
@require_POST
def webhook_rotate(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new secret, on the page that answers and never again."""
    viewer = viewer_of(request)
    endpoint = queries.endpoint_of(viewer, endpoint_id)
    secret = operations.rotate_secret(actor=viewer, endpoint=endpoint, now=timezone.now())
    return _page(request, viewer, endpoint, secret=secret)


@login_required
@require_POST
def webhook_ping(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A trial call."""
    viewer = viewer_of(request)
    endpoint = queries.endpoint_of(viewer, endpoint_id)
    operations.ping_endpoint(actor=viewer, endpoint=endpoint, now=timezone.now())
    toast = Toast(_("A trial call is on its way. Its answer is in the log in a moment."))
    return done(request, to=f"{LIST}{endpoint.pk}/#log", toast=toast)


@login_required
@require_POST
def webhook_replay(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Everything since a moment, once more."""
    viewer = viewer_of(request)
    endpoint = queries.endpoint_of(viewer, endpoint_id)
    form = SinceForm(request.POST)
    if form.is_valid():
        told = {"actor": viewer, "endpoint": endpoint, "now": timezone.now(), **form.cleaned_data}
        count = carry_out(form, operations.replay_since, **told)
        if count is not None:
            words = ngettext("%(n)d delivery is on its way.", "%(n)d deliveries are on their way.", count)
            return done(request, to=f"{LIST}{endpoint.pk}/#log", toast=Toast(words % {"n": count}))
    return _page(request, viewer, endpoint, status=422, since=form)


@login_required
@require_GET
def delivery_detail(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery: what is sent, and every call with its answer."""
    viewer = viewer_of(request)
    delivery = queries.delivery_of(viewer, delivery_id)
    context = {
        "delivery": delivery,
        "endpoint": delivery.endpoint,
        "calls": queries.calls_of(delivery),
        "body": queries.body_now(delivery, viewer),
    }
    return render(request, "automation/delivery_detail.html", context)


@login_required
@require_POST
def delivery_replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery, once more."""
    viewer = viewer_of(request)
    delivery = queries.delivery_of(viewer, delivery_id)
    operations.replay_delivery(actor=viewer, delivery=delivery, now=timezone.now())
    toast = Toast(_("It is on its way once more."))
    return done(request, to=f"{LIST}deliveries/{delivery.pk}/", toast=toast)
