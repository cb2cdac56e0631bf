"""The pages that look over everything: My day first."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from core.http import is_htmx
from dashboards.queries.my_day import dropped_health
from dashboards.queries.my_day import my_day as look_over
from dashboards.ui.my_day import call_of, drop_of, sentence
from relationships.queries.counts import figure_words
from relationships.queries.reach import kinds_reached
from relationships.ui import nearby_days


@login_required
@require_GET
def my_day(request: HttpRequest) -> HttpResponse:
    """What needs the viewer (or their teams) today; for htmx the same without the frame."""
    viewer, now = viewer_of(request), timezone.now()
    whose = _whose(request)
    day = look_over(viewer=viewer, whose=whose, now=now)
    context = {
        "day": day,
        "whose": whose,
        "sentence": sentence(day),
        "call": call_of(day.urgent, now) if day.urgent else None,
        "days": nearby_days(day.today),
        "kinds": partial(kinds_reached, viewer),  # asked for only when the day is done
        "segments": [
            {"value": "mine", "label": _("Mine"), "url": "/"},
            {
                "value": "team",
                "label": _("My team"),
                "url": "/?whose=team",
                "count": figure_words(day.totals.team_follow_ups),
            },
        ],
    }
    part = "#day" if is_htmx(request) else ""
    return render(request, f"dashboards/my_day.html{part}", context)


@login_required
@require_GET
def health_dropped(request: HttpRequest) -> HttpResponse:
    """The panel of what dropped, asked for by My day once it stands; a page of its own without scripts."""
    viewer, now = viewer_of(request), timezone.now()
    movers = dropped_health(viewer=viewer, whose=_whose(request), now=now)
    context = {"drops": [drop_of(mover) for mover in movers], "whose": _whose(request)}
    part = "#panel" if is_htmx(request) else ""
    return render(request, f"dashboards/health_dropped.html{part}", context)


def _whose(request: HttpRequest) -> str:
    """`team` for those who have one and ask for it, else `mine`."""
    asked = request.GET.get("whose") == "team"
    return "team" if asked and viewer_of(request).current_team_ids() else "mine"
