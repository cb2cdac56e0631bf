"""The executives' dashboard."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from dashboards.queries.portfolio import with_money
from dashboards.queries.standing import PERIODS, promise_rates, standing, to_decide
from dashboards.ui import standing as words

USUAL = 12


def weeks_of(request: HttpRequest) -> int:
    """The span that is asked for, in weeks; a quarter unless it is one that is offered."""
    asked = request.GET.get("weeks", "")
    return next((weeks for weeks in PERIODS if str(weeks) == asked), USUAL)


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where everything in the viewer's sight stands, what moved it, and what to decide."""
    viewer, now = viewer_of(request), timezone.now()
    weeks = weeks_of(request)
    found = standing(viewer=viewer, now=now, weeks=weeks)
    deciding = to_decide(viewer=viewer)
    cards = words.cards(found, promise_rates(viewer=viewer, now=now))
    context = {
        "standing": found,
        "verdict": words.verdict(found),
        "cards": cards,
        "kept": words.kept(cards),
        "trend": words.trend(found),
        "trend_columns": words.columns([_("Week"), *(each.kind.label_plural for each in found.kinds)]),
        "reasons": words.reasons(found, weeks),
        "deciding": deciding,
        "periods": words.periods(weeks),
        "weeks": weeks,
        "with_money": with_money(viewer, deciding),
    }
    return render(request, "dashboards/standing.html", context)
