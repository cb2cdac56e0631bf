"""Pages of no app: errors, the style guide."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.http import is_htmx, refused, wants_json
from core.refusals import Missing, NotAllowed, Refusal


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return refused(request, Refusal(_("Part of the request could not be read. Go back and try again.")))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person may not see or do this."""
    words = str(exception or "") or _("Ask an administrator if you need it for your work.")
    return refused(request, NotAllowed(words))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such thing, or none this person may know of."""
    return refused(request, Missing(_("It may have been moved, or it is not yours to see.")))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; nothing was saved."""
    return refused(
        request, NotAllowed(_("This form has expired. Go back, reload the page and send it again."))
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: without the database and without the frame, whatever broke; the reference finds it in the log."""
    context = {"reference": request.META.get("relman.reference", "")}
    template = "errors/500.html"
    if is_htmx(request) or wants_json(request):
        template = "errors/500.txt"
    kind = "text/html" if template.endswith("html") else "text/plain"
    return HttpResponse(
        render_to_string(template, context), status=500, content_type=f"{kind}; charset=utf-8"
    )


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, from the real templates."""
    return render(request, "core/styleguide.html", {})
