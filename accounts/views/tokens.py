"""Tokens of the API: one's own in the settings, those of programs in the administration."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from accounts.forms.tokens import ServiceAccountForm, TokenForm
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.operations.service_accounts import create_service_account
from accounts.operations.tokens import create_token, revoke_token
from accounts.permissions import require
from accounts.queries.people import open_grants
from accounts.queries.tokens import service_account_of, service_accounts, token_of, tokens_of
from core.forms import carry_out
from core.http import Toast, done

OWN = "/settings/tokens/"
SERVICES = "/administration/service-accounts/"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown on the page that answers, and never again."""
    viewer = viewer_of(request)
    context = _made(request, viewer)
    return render(request, "accounts/settings_tokens.html", context, status=_status(context))


@login_required
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends one of one's own tokens."""
    viewer = viewer_of(request)
    token = revoke_token(actor=viewer, token=token_of(token_id, holder=viewer), now=timezone.now())
    return done(request, to=OWN, toast=Toast(_("“%s” opens nothing any more.") % token.name))


@login_required
@require_http_methods(["GET", "POST"])
def service_account_list(request: HttpRequest) -> HttpResponse:
    """Every program, and a new one."""
    viewer, now = viewer_of(request), timezone.now()
    require(viewer, Permission.MANAGE_PEOPLE)
    form = ServiceAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = carry_out(form, create_service_account, actor=viewer, now=now, **form.cleaned_data)
        if account:
            toast = Toast(_("%s created. Give it a role, then a token.") % account.name)
            return done(request, to=f"{SERVICES}{account.pk}/", toast=toast)
    context = {"accounts": service_accounts(now), "form": form}
    status = 422 if form.errors else 200
    return render(request, "accounts/service_account_list.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def service_account_detail(request: HttpRequest, account_id: int) -> HttpResponse:
    """A program with its roles and its tokens."""
    require(viewer_of(request), Permission.MANAGE_PEOPLE)
    account = service_account_of(account_id)
    context = _made(request, account) | {"account": account}
    context["grants"] = list(open_grants().queryset.filter(user=account))  # type: ignore[union-attr]  # it has one
    return render(request, "accounts/service_account_detail.html", context, status=_status(context))


@login_required
@require_POST
def service_token_revoke(request: HttpRequest, account_id: int, token_id: int) -> HttpResponse:
    """Ends a token of a program."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_PEOPLE)
    token = token_of(token_id, holder=service_account_of(account_id))
    revoke_token(actor=viewer, token=token, now=timezone.now())
    toast = Toast(_("“%s” opens nothing any more.") % token.name)
    return done(request, to=f"{SERVICES}{account_id}/", toast=toast)


def _made(request: HttpRequest, holder: User) -> dict[str, Any]:
    """The tokens of the holder, the form, and the words of a token that this very request made."""
    now, secret = timezone.now(), ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer_of(request), "user": holder, "now": now, **form.cleaned_data}
        made = carry_out(form, create_token, **given)
        if made:
            secret, form = made[1], TokenForm()
    return {"tokens": tokens_of(holder), "form": form, "secret": secret, "now": now, "holder": holder}


def _status(context: dict[str, Any]) -> int:
    return 422 if context["form"].errors else 200
