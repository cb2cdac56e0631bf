"""Turns what the domain refuses into an answer, and gives every unforeseen failure a reference."""

import secrets
from collections.abc import Callable

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

from core.http import refused
from core.refusals import Refusal

log = structlog.get_logger(__name__)


class RefusalMiddleware:
    """Answers a `Refusal` raised anywhere below; other exceptions go on to the error pages, with a reference."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal's answer; None lets Django show its own error page."""
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if not isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            reference = secrets.token_hex(3).upper()
            request.META["relman.reference"] = reference
            log.error("request_failed", reference=reference, path=request.path, exc_info=exception)
        return None
