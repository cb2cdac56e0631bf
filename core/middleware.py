"""Turns what the domain refuses into an answer, and gives every unforeseen failure a reference."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from core.http import is_htmx, refused
from core.refusals import Refusal
from core.uploads import FILES_LIMIT, UploadLimit

log = structlog.get_logger(__name__)


class RefusalMiddleware:
    """Answers a `Refusal` raised anywhere below; other exceptions go on to the error pages, with a reference."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing on the way in; on the way out an htmx request that must sign in again is told to leave."""
        response = self.get_response(request)
        if is_htmx(request) and response.headers.get("Location", "").startswith(
            resolve_url(settings.LOGIN_URL)
        ):
            return HttpResponse(headers={"HX-Redirect": sign_in_address(request)})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal's answer; None lets Django show its own error page."""
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if not isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            reference = secrets.token_hex(3).upper()
            request.META["relman.reference"] = reference
            log.error("request_failed", reference=reference, path=request.path, exc_info=exception)
        return None


class UploadLimitMiddleware:
    """Keeps a file that a view marked by `takes_files` is sent from filling the disk while it arrives."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> None:
        """Sets the limit before anybody reads the form."""
        setting = getattr(view, FILES_LIMIT, "")
        if setting:
            request.upload_handlers.insert(0, UploadLimit(getattr(settings, setting)))


def sign_in_address(request: HttpRequest) -> str:
    """The sign-in page, which leads back to the page that htmx asked from, not to the fragment."""
    page = getattr(getattr(request, "htmx", None), "current_url_abs_path", None) or "/"
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
