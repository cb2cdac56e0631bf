"""The portfolio and its movers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from core.addresses import id_in
from dashboards.queries import portfolio as queries
from dashboards.ui.portfolio import treemap
from dashboards.ui.standing import periods
from dashboards.views.standing import weeks_of
from relationships.enums import HealthStatus
from relationships.queries.reach import kinds_reached


def _narrowed(request: HttpRequest) -> queries.Narrowed:
    """What is asked for; a value that is not understood is left out."""
    asked = request.GET
    numbers = {name: id_in(asked.get(name, "")) for name in ("owner", "team")}
    return queries.Narrowed(
        kind=asked.get("kind", "")
        if asked.get("kind") in [k.slug for k in kinds_reached(viewer_of(request))]
        else "",
        health=asked.get("health", "") if asked.get("health") in HealthStatus.values else "",
        owner_id=numbers["owner"],
        team_id=numbers["team"],
    )


@login_required
@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    """Value by health, drawn and as an equal table."""
    viewer, narrowed = viewer_of(request), _narrowed(request)
    rows = queries.portfolio(viewer=viewer, narrowed=narrowed)
    money = queries.with_money(viewer, rows)
    heads = (_("Relationship"), _("Health"), _("Value"), _("Owner"), _("Team"))
    context = {
        "rows": rows,
        "narrowed": narrowed,
        "drawing": treemap(rows, with_money=money) if rows else "",
        "with_money": money,
        "columns": [{"label": head} for head in heads],
        "segments": [
            {"value": "", "label": _("All"), "url": "/portfolio/"},
            *(
                {"value": kind.slug, "label": kind.label_plural, "url": f"/portfolio/?kind={kind.slug}"}
                for kind in kinds_reached(viewer)
            ),
        ],
    }
    return render(request, "dashboards/portfolio.html", context)


@login_required
@require_GET
def movers(request: HttpRequest) -> HttpResponse:
    """Who fell and who rose most over a period."""
    viewer, narrowed, weeks = viewer_of(request), _narrowed(request), weeks_of(request)
    fallen, risen = queries.movers(viewer=viewer, narrowed=narrowed, weeks=weeks, now=timezone.now())
    kind = f"&kind={narrowed.kind}" if narrowed.kind else ""
    context = {
        "lists": [("fallen", _("Fell most"), fallen), ("risen", _("Rose most"), risen)],
        "periods": [{**span, "url": f"{span['url']}{kind}"} for span in periods(weeks)],
        "weeks": weeks,
    }
    return render(request, "dashboards/movers.html", context)
