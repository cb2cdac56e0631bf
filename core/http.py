"""How a view answers: fragments with out-of-band pieces and a toast for htmx, pages for everybody else.

A refusal (`core.refusals`) becomes a page, a toast or `application/problem+json` by what the client asked for.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.refusals import Conflict, Invalid, Refusal

REFUSED_PAGE = {
    400: "errors/400.html",
    403: "errors/403.html",
    404: "errors/404.html",
    409: "errors/409.html",
}
API = "/api/"
STOP_POLLING = 286
"""The status by which htmx knows that there is nothing more to ask."""
LEVELS = {"good": messages.SUCCESS, "warn": messages.WARNING, "bad": messages.ERROR}


@dataclass(frozen=True)
class Toast:
    """A short word after an action; `undo` is the address that a POST takes it back at."""

    text: str
    title: str = ""
    tone: str = "good"
    undo: str = ""

    @property
    def sentence(self) -> str:
        """Title and text as one, for a toast that waits on the next page."""
        return f"{self.title}. {self.text}" if self.title else self.text


def picker_words(request: HttpRequest) -> str:
    """What is typed into the picker that asks for options: it calls its field as it likes, with `_q` behind."""
    return next((str(value) for name, value in request.GET.items() if name.endswith("_q")), "")[:100]


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment: not a boosted link, not a history restore, which need the page."""
    details = getattr(request, "htmx", None)
    return details is not None and bool(details) and not (details.boosted or details.history_restore_request)


def wants_json(request: HttpRequest) -> bool:
    """Whether the client prefers JSON to a page; below the API there are no pages."""
    if request.path.startswith(API):
        return True
    best = request.get_preferred_type(["text/html", "application/json", "application/problem+json"])
    return best is not None and "json" in best


def oob(markup: SafeString, target: str, swap: str = "innerHTML") -> SafeString:
    """A piece for another place on the page: swapped into `#target` beside the answer.

    `swap` is innerHTML, beforeend, afterbegin, beforebegin or afterend. A piece that replaces its whole
    target carries `id` and `hx-swap-oob="true"` itself instead.
    """
    return render_to_string("shell/_oob.html", {"markup": markup, "target": target, "swap": swap})


def fragment(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    also: Iterable[str] = (),
    toast: Toast | None = None,
    events: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One partial, then out-of-band pieces, then the toast. `also` is markup that names its own target."""
    body = render_to_string(template, dict(context or {}), request)
    return _answer(request, body, status, also, toast, events)


def done(
    request: HttpRequest,
    *,
    to: str,
    toast: Toast | None = None,
    also: Iterable[str] = (),
    events: Mapping[str, Any] | None = None,
    close_dialog: bool = True,
) -> HttpResponse:
    """After a successful POST: htmx gets pieces, a toast and a closed dialog; a plain form goes to `to`.

    With no pieces htmx is sent to `to` as well, and the toast waits there.
    """
    pieces = list(also)
    if not is_htmx(request) or not (pieces or events):
        if toast:
            level = LEVELS.get(toast.tone, messages.INFO)
            messages.add_message(request, level, toast.sentence, extra_tags=toast.undo)
        response: HttpResponse = redirect(to)
        if is_htmx(request):
            response = HttpResponse(headers={"HX-Redirect": to})
        return response
    told = {**(events or {}), **({"dialog:close": True} if close_dialog else {})}
    response = _answer(request, "", 200, pieces, toast, told)
    response["HX-Reswap"] = "none"
    return response


def _answer(
    request: HttpRequest,
    body: str,
    status: int,
    also: Iterable[str],
    toast: Toast | None,
    events: Mapping[str, Any] | None,
) -> HttpResponse:
    pieces = [body, *also]
    if toast:
        pieces.append(toast_piece(request, toast))
    response = HttpResponse("\n".join(pieces), status=status)
    if events:
        response["HX-Trigger"] = json.dumps(dict(events))
    return response


def toast_piece(request: HttpRequest, toast: Toast) -> SafeString:
    """The toast as an out-of-band piece that joins the live region."""
    return render_to_string("shell/_toast.html", {"toast": toast}, request)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the client's language: problem+json, a toast that changes nothing, or a page."""
    if wants_json(request):
        return problem(refusal)
    if is_htmx(request):
        tone = "warn" if refusal.status in {409, 422} else "bad"
        title = title_of(refusal.status)
        response = _answer(request, "", refusal.status, (), Toast(words_of(refusal), title, tone), None)
        response["HX-Reswap"] = "none"
        return response
    template = REFUSED_PAGE.get(refusal.status, REFUSED_PAGE[400])
    context = {"refusal": refusal, "title": title_of(refusal.status), "words": words_of(refusal)}
    return HttpResponse(render_to_string(template, context, request), status=refusal.status)


def problem(refusal: Refusal, status: int = 0) -> JsonResponse:
    """RFC 9457: type, title, status, detail; `errors` by field, `allowed` and `missing` of a conflict."""
    status = status or refusal.status
    body: dict[str, Any] = {
        "type": f"urn:relman:problem:{type(refusal).__name__.lower()}",
        "title": title_of(status),
        "status": status,
        "detail": words_of(refusal),
    }
    if isinstance(refusal, Invalid):
        body["errors"] = refusal.errors
    if isinstance(refusal, Conflict):
        body |= {"allowed": refusal.allowed, "missing": refusal.missing}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def title_of(status: int) -> str:
    """What happened, in few words."""
    return {
        400: gettext("That request does not make sense"),
        401: gettext("Nobody is signed in"),
        403: gettext("You may not do this"),
        404: gettext("There is nothing here"),
        405: gettext("This cannot be done here"),
        409: gettext("That is not possible now"),
        412: gettext("This was changed meanwhile"),
        413: gettext("This is too much at once"),
        415: gettext("This type of content is not taken here"),
        422: gettext("Something needs correcting"),
        428: gettext("Say which version you mean"),
        429: gettext("Too many calls"),
    }.get(status, gettext("Something went wrong"))


def words_of(refusal: Refusal) -> str:
    """The refusal's own words, with what is possible instead."""
    words = str(refusal)
    if isinstance(refusal, Conflict) and refusal.missing:
        words += " " + gettext("Missing: %(names)s.") % {"names": ", ".join(refusal.missing)}
    if isinstance(refusal, Conflict) and refusal.allowed:
        words += " " + gettext("Possible now: %(names)s.") % {"names": ", ".join(refusal.allowed)}
    return words


def see_other(to: str) -> HttpResponseRedirect:
    """After a POST: GET `to`."""
    return HttpResponseRedirect(to, status=303)
