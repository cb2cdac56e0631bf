"""The doors that open once: the set-up of a new workspace, and an invitation. And the one that stays shut."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.adapters import client_ip
from accounts.forms.entrance import AcceptInvitationForm, SetupForm
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.operations.invitations import accept_invitation, open_invitation
from accounts.operations.setup import create_first_administrator, open_setup
from accounts.permissions import ROLES
from core.forms import carry_out
from core.refusals import Missing

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIRST_PLACE = {"country": "GB", "currency": "GBP", "time_zone": "Europe/London"}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Makes the first administrator by the link from the console, and signs them in."""
    try:
        open_setup(token=token, now=timezone.now())
    except Missing as refusal:
        return render(request, "accounts/link_dead.html", {"words": refusal.message}, status=404)
    form = SetupForm(request.POST or None, initial=FIRST_PLACE)
    if request.method == "POST" and form.is_valid():
        user = carry_out(
            form, create_first_administrator, token=token, now=timezone.now(), **form.cleaned_data
        )
        if user is not None:
            return _come_in(request, user)
    return render(request, "accounts/setup.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Lets an invited person choose a name and a password, and signs them in."""
    try:
        invitation = open_invitation(token=token, now=timezone.now())
    except Missing as refusal:
        return render(request, "accounts/link_dead.html", {"words": refusal.message}, status=404)
    first = {"name": invitation.name, "time_zone": invitation.invited_by.time_zone}
    form = AcceptInvitationForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        user = carry_out(form, accept_invitation, token=token, now=timezone.now(), **form.cleaned_data)
        if user is not None:
            return _come_in(request, user)
    context = {"form": form, "invitation": invitation, "role": ROLES[invitation.role]}
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation_accept.html", context, status=status)


def _come_in(request: HttpRequest, user: User) -> HttpResponse:
    """Signs in somebody who has just chosen their password; whoever was signed in before is signed out."""
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="password", email=user.email)
    return redirect(settings.LOGIN_REDIRECT_URL)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong passwords for an address from one place: when to try again, and what helps now."""
    wait = timedelta(hours=float(settings.AXES_COOLOFF_TIME))
    context = {"minutes": round(wait.total_seconds() / 60)}
    record_audit(actor_id=None, verb="locked_out", now=timezone.now(), ip=client_ip(request))
    answer = render(request, "accounts/lockout.html", context, status=429)
    answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer
