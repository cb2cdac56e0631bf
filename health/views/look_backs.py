"""What came of proposals: writing it down, and how our estimates have done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import viewer_of
from core.addresses import id_in
from core.forms import carry_out
from core.http import Toast, done
from health.forms.look_backs import LookBackForm
from health.operations.look_backs import note_actuals
from health.queries.estimates import FELL, compared_lines, estimates
from health.views.dialogs import Dialog, ask
from health.views.proposals import visible_proposal
from relationships.enums import ValueSide
from relationships.queries.relationship_list import today_of


@login_required
@require_http_methods(["GET", "POST"])
def look_back(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Asks line by line what it came to, and how that is known."""
    viewer, now = viewer_of(request), timezone.now()
    proposal = visible_proposal(viewer, proposal_id)
    lines = proposal.lines.order_by("-side", "is_cost", "pk")
    form, here = LookBackForm(request.POST or None, lines=lines), f"/proposals/{proposal.pk}/"
    if request.method == "POST" and form.is_valid():
        given = {"proposal": proposal, "actuals": form.actuals, "now": now}
        if carry_out(form, note_actuals, actor=viewer, **given):
            return done(request, to=here, toast=Toast(proposal.title, title=_("Written beside the estimate")))
    fields, more = "health/_look_back_fields.html", {"proposal": proposal}
    title, action = _("What came of it"), f"{here}look-back/"
    return ask(request, Dialog(title, action, fields, _("Save"), here, more=more), form)


@login_required
@require_GET
def estimate_record(request: HttpRequest) -> HttpResponse:
    """How often what came about lay within the range, by side and by estimator; and what waits for its actuals."""
    viewer, now = viewer_of(request), timezone.now()
    found = estimates(viewer=viewer, today=today_of(viewer, now))
    return render(request, "health/estimate_record.html", {"found": found})


@login_required
@require_GET
def estimate_lines(request: HttpRequest) -> HttpResponse:
    """The lines behind one of the numbers."""
    given = {name: request.GET.get(name, "") for name in ("by", "side", "fell")}
    page = compared_lines(
        viewer=viewer_of(request),
        by=id_in(given["by"]),
        side=given["side"],
        fell=given["fell"],
        cursor=request.GET.get("at", ""),
    )
    words = {"inside": _("Inside the range"), "below": _("Below the range"), "above": _("Above the range")}
    tabs = [{"label": _("All"), "url": _lines_url(given, ""), "current": given["fell"] not in FELL}]
    tabs += [
        {"label": words[fell], "url": _lines_url(given, fell), "current": given["fell"] == fell}
        for fell in FELL
    ]
    context = {"page": page, "tabs": tabs, "here": _lines_url(given, given["fell"])}
    return render(request, "health/estimate_lines.html", context)


def _lines_url(given: dict[str, str], fell: str) -> str:
    """The address of the same lines with another lie; whatever is unknown in it is left out."""
    by = given["by"] if id_in(given["by"]) is not None else ""
    side = given["side"] if given["side"] in ValueSide else ""
    return f"/proposals/estimates/lines/?by={by}&side={side}&fell={fell if fell in FELL else ''}"
