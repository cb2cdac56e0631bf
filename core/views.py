"""Pages of no app: errors, the style guide."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.forms import SpecimenForm
from core.http import API, Toast, done, fragment, is_htmx, problem, refused, wants_json
from core.refusals import Conflict, Invalid, Missing, NotAllowed, Refusal
from core.specimens import matching_firms, specimens


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
    if request.path.startswith(API):
        return problem(Refusal(_("This went wrong on our side. Reference: %(reference)s") % context), 500)
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
    context = {
        **specimens(timezone.now()),
        "form": SpecimenForm({"promised": "Replace 240 trays", "direction": "ours"}),
    }
    context["form"].is_valid()
    return render(request, "core/styleguide.html", context)


@login_required
def styleguide_options(request: HttpRequest) -> HttpResponse:
    """The picker's options for what was typed."""
    query = request.GET.get("specimen_q", "")
    options = matching_firms(query)
    context = {"options": options, "q": query, "list": "specimen", "create": "" if options else query}
    return render(request, "ui/_options.html", context)


@login_required
def styleguide_dialog(request: HttpRequest) -> HttpResponse:
    """A form in a dialog: shown, refused with its errors, or accepted with a toast. It saves nothing."""
    data = request.POST if request.method == "POST" else None
    form = SpecimenForm(data, auto_id="dialog_%s")  # ids of its own: the page below has such a form too
    if request.method == "POST" and form.is_valid():
        toast = Toast(_("It is due on the day you chose."), _("Promise noted"))
        return done(request, to=reverse("styleguide"), toast=toast, close_dialog=True)
    template = "core/styleguide/dialog.html#dialog" if is_htmx(request) else "core/styleguide/dialog.html"
    return fragment(request, template, {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def styleguide_refusal(request: HttpRequest, status: int) -> HttpResponse:
    """Raises the refusal of that status, to see how it arrives."""
    refusals: dict[int, Refusal] = {
        403: NotAllowed(_("Only the investor team can do this.")),
        404: Missing(_("It may have been moved, or it is not yours to see.")),
        409: Conflict(_("This commitment is already kept."), allowed=[_("reopen")]),
        422: Invalid({"due": _("14 November is in the past.")}),
    }
    raise refusals.get(status, Refusal(_("Part of the request could not be read.")))
