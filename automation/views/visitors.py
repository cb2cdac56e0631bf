"""The page that visitors see: the one that others may frame, and that knows nobody: no session, no cookie.

Whatever is sent gets the same thanks, for what became of it is known to the worker alone.
"""

import hashlib
import secrets
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from accounts.adapters import client_ip
from automation.forms.web_forms import VisitorForm
from automation.models import WebForm
from automation.operations.intake import keep_sent
from automation.queries.web_forms import public_form, wordings_of
from core.http import see_other
from core.refusals import Missing

MOST_BYTES = 64 * 1024
LEAST_SECONDS, MOST_SECONDS = 3, 24 * 3600
MOST_A_MINUTE, MOST_AN_HOUR = 5, 30


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def visitor_form(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form; what was sent is kept for the worker, and thanked for."""
    try:
        form = public_form(public_id)
    except Missing as refusal:
        return _plain(request, refusal.message, 404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _framed(_plain(request, _("This is too long. Go back and write less."), 413), form)
    visitor = VisitorForm(
        request.POST if request.method == "POST" else None, form=form, wordings=wordings_of(form)
    )
    if request.method != "POST":
        return _page(request, form, visitor, 200)
    page, trouble = _opened(form, request.POST.get("page", "")), ""
    if page is None:
        trouble = _("This page was open for too long. Send it once more.")
    elif not _may_send(request):
        return _page(request, form, visitor, 429, _("That was often. Wait a while, then send it once more."))
    if trouble or not visitor.is_valid() or page is None:
        return _page(request, form, visitor, 422, trouble)
    now = timezone.now()
    is_fast = now.timestamp() - page["at"] < LEAST_SECONDS
    suspicion = visitor.suspicion() or (_("It was sent faster than anybody writes.") if is_fast else "")
    keep_sent(form=form, nonce=page["nonce"], told=visitor.told(), suspicion=suspicion, now=now)
    return _framed(see_other(f"/forms/{form.public_id}/thanks/"), form)


@never_cache
@require_GET
def visitor_thanks(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same to everybody."""
    try:
        form = public_form(public_id)
    except Missing as refusal:
        return _plain(request, refusal.message, 404)
    return _framed(render(request, "automation/visitor_thanks.html", {"form": form}), form)


def _page(
    request: HttpRequest, form: WebForm, visitor: VisitorForm, status: int, trouble: str = ""
) -> HttpResponse:
    told = {"nonce": secrets.token_urlsafe(18), "at": timezone.now().timestamp()}
    context = {
        "form": form,
        "visitor": visitor,
        "trouble": trouble,
        "page": signing.dumps(told, salt=_salt(form)),
    }
    return _framed(render(request, "automation/visitor_form.html", context, status=status), form)


def _plain(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "automation/visitor_closed.html", {"words": words}, status=status)


def _framed(response: HttpResponse, form: WebForm) -> HttpResponse:
    """Lets the places that the form lists show it in a frame, and nobody else."""
    if form.origins:
        response.xframe_options_exempt = True
        response._csp_replace = {"frame-ancestors": list(form.origins)}  # type: ignore[attr-defined]  # django-csp
    return response


def _salt(form: WebForm) -> str:
    return f"automation.web_form.{form.public_id}"


def _opened(form: WebForm, page: str) -> dict[str, Any] | None:
    """What the page was told when it was opened; None for one that is too old, or that we did not make."""
    try:
        told: dict[str, Any] = signing.loads(page, salt=_salt(form), max_age=MOST_SECONDS)
    except signing.BadSignature:
        return None
    return told


def _may_send(request: HttpRequest) -> bool:
    """Counts what comes from an address; the address itself is kept nowhere."""
    name = hashlib.blake2b(f"{client_ip(request)}".encode(), digest_size=12).hexdigest()
    minute = int(timezone.now().timestamp()) // 60
    often = (
        (f"web-form:m:{name}:{minute}", 60, MOST_A_MINUTE),
        (f"web-form:h:{name}:{minute // 60}", 3600, MOST_AN_HOUR),
    )
    return all([_count(key, seconds) <= most for key, seconds, most in often])  # noqa: C419  # both are counted


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it lapsed between the two
        return 1
