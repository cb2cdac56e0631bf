"""Two lists side by side, for an outside issue."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import NotAllowed
from dashboards.forms import ReconciliationForm
from dashboards.operations.reconciliations import List, reconcile_lists
from dashboards.queries.outside_issues import issue_detail, reconciliation_of


@login_required
@require_http_methods(["GET", "POST"])
def reconciliation_new(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Takes two lists and compares them."""
    viewer = viewer_of(request)
    issue = issue_detail(viewer=viewer, issue_id=issue_id)
    if not viewer.may(Permission.MANAGE_RELATIONSHIPS):
        raise NotAllowed(_("The register of outside issues is kept by those who manage relationships."))
    form = ReconciliationForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        left, right = (
            List(form.cleaned_data[side].name, form.cleaned_data[side].read()) for side in ("left", "right")
        )
        given = {"issue": issue, "left": left, "right": right, "key": form.cleaned_data["key"]}
        made = carry_out(form, reconcile_lists, actor=viewer, now=timezone.now(), **given)
        if made is not None:
            to = f"/outside-issues/{issue.pk}/reconciliations/{made.pk}/"
            return done(request, to=to, toast=Toast(_("Compared.")))
    context = {"form": form, "issue": issue}
    status = 422 if form.errors else 200
    return render(request, "dashboards/reconciliation_new.html", context, status=status)


@login_required
@require_GET
def reconciliation_detail(request: HttpRequest, issue_id: int, reconciliation_id: int) -> HttpResponse:
    """What agrees, and what does not, row by row."""
    viewer = viewer_of(request)
    found = reconciliation_of(viewer=viewer, issue_id=issue_id, reconciliation_id=reconciliation_id)
    return render(request, "dashboards/reconciliation_detail.html", {"found": found, "issue": found.issue})
