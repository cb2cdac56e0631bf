"""Every error of the API is a problem of RFC 9457, in the words that the pages use for it."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from core.http import title_of, words_of
from core.refusals import Conflict, Invalid, Missing, Refusal

PROBLEM = "application/problem+json"
LONGEST_VALUE = 200


class Stale(Refusal):
    """The thing was changed since the client read it."""

    status = 412


class Unconditional(Refusal):
    """The client must say which version it means to change."""

    status = 428


class TooLarge(Refusal):
    """More than a call may carry."""

    status = 413


TITLES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "missing",
    405: "no_such_method",
    409: "conflict",
    412: "stale",
    413: "too_large",
    415: "not_json",
    422: "invalid",
    428: "version_wanted",
    429: "too_many_calls",
}


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The problem that an exception is; None for one that nobody foresaw, which goes to the error page."""
    headers: dict[str, str] = {}
    if isinstance(exception, exceptions.ValidationError):
        body = problem(422, errors=dict(flat(exception.detail)))
    elif isinstance(exception, exceptions.APIException):
        body = problem(exception.status_code, str(exception.detail))
        headers = _headers(exception)
    else:
        body = _of_domain(exception)
    if not body:
        return None
    for entry in body.get("errors", ()):
        _add_value(entry, context.get("request"))
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM)


def _of_domain(exception: Exception) -> dict[str, Any]:
    if isinstance(exception, Http404):
        exception = Missing(_("There is nothing here, or nothing that is yours to see."))
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        exception = TooLarge(_("This is more than one call may carry."))
    if isinstance(exception, SuspiciousOperation):
        return problem(status.HTTP_400_BAD_REQUEST, _("Part of the request could not be read."))
    if isinstance(exception, PermissionDenied):
        return problem(status.HTTP_403_FORBIDDEN, str(exception))
    return of_refusal(exception) if isinstance(exception, Refusal) else {}


def of_refusal(refusal: Refusal) -> dict[str, Any]:
    """What the domain refused, in its own words."""
    if isinstance(refusal, Invalid):
        return problem(422, errors=refusal.errors)
    body = problem(refusal.status, words_of(refusal))
    if isinstance(refusal, Conflict):
        body |= {"allowed": refusal.allowed, "missing": refusal.missing}
    return body


def problem(code: int, detail: str = "", errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """type, title, status, detail; `errors` names each wrong field with its reasons."""
    told: dict[str, Any] = {
        "type": f"urn:relman:problem:{TITLES.get(code, 'refused')}",
        "title": title_of(code),
        "status": code,
        "detail": detail,
    }
    if errors is not None:
        told["errors"] = [
            {"field": sayable(field), "reason": sayable(words)}
            for field, reasons in errors.items()
            for words in reasons
        ]
        told["detail"] = " ".join(entry["reason"] for entry in told["errors"])
    return told


def sayable(text: str) -> str:
    """The text without halves of characters (lone surrogates), which no answer could hold."""
    return text.encode(errors="replace").decode()


def flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """The wrong fields of a nested input, each by its path (`people.0.id`)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            beyond = "" if name == "non_field_errors" else str(name)
            yield from flat(inner, ".".join(part for part in (path, beyond) if part))
    elif isinstance(detail, list) and any(isinstance(entry, dict | list) for entry in detail):
        for number, inner in enumerate(detail):
            yield from flat(inner, f"{path}.{number}" if path else str(number))
    else:
        yield path, [str(words) for words in (detail if isinstance(detail, list) else [detail])]


def _add_value(entry: dict[str, Any], request: Any) -> None:
    """Puts beside a wrong field what was sent in it, where that is one short value."""
    try:
        found: Any = request.query_params if request.method == "GET" else request.data
    except exceptions.APIException:
        return
    for step in entry["field"].split("."):
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            return
    if isinstance(found, float) and not isfinite(found):
        return
    if isinstance(found, str | int | float | None) and len(str(found)) <= LONGEST_VALUE:
        entry["value"] = sayable(found) if isinstance(found, str) else found


def _headers(exception: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = exception.auth_header
    if getattr(exception, "wait", None):
        headers["Retry-After"] = str(int(exception.wait) + 1)
    return headers
