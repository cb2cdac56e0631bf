"""Whether scores foretell anything: the test of each kind, and the outcomes that it counts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from core.refusals import Missing
from health.queries.calibration import kinds_tested, outcome_page
from health.registry import outcomes
from health.ui import diagram_of
from relationships import kinds


@login_required
@require_GET
def calibration(request: HttpRequest) -> HttpResponse:
    """Every kind's last test, with probabilities only where the score has been shown to predict."""
    require(viewer_of(request), Permission.CONFIGURE_HEALTH)
    tested = [{"kind": each.kind, "found": each, "diagram": diagram_of(each.run)} for each in kinds_tested()]
    return render(request, "health/calibration.html", {"tested": tested})


@login_required
@require_GET
def outcome_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The outcomes of one kind, as far as the viewer may know of the relationships."""
    viewer = viewer_of(request)
    require(viewer, Permission.CONFIGURE_HEALTH)
    if kind not in kinds.registry:
        raise Missing(_("There is no such kind."))
    page = outcome_page(viewer=viewer, kind=kind, cursor=request.GET.get("at", ""))
    lines = [{"outcome": row, "label": outcomes.label(row.event)} for row in page.rows]
    context = {"kind": kinds.registry.get(kind), "page": page, "lines": lines}
    return render(request, "health/outcome_list.html", context)
