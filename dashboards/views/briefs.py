"""The weekly brief, its archive, and the decisions recorded on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from dashboards.forms import DecisionForm
from dashboards.models import Brief
from dashboards.operations.briefs import decide, note_reading
from dashboards.queries.brief_rows import BANDS, brief_rows, row_then
from dashboards.queries.briefs import ReaderBrief, archive, brief_for
from dashboards.ui.briefs import band_tabs, brief_cards, headline, row_labels, rows_url, told_moves
from relationships.permissions import may_in
from relationships.queries.reach import kinds_reached

SHOWN = 60


@login_required
@require_GET
def brief_list(request: HttpRequest) -> HttpResponse:
    """Every brief, the newest first."""
    _require(viewer_of(request))
    return render(request, "dashboards/brief_list.html", {"briefs": list(archive()[:SHOWN])})


@login_required
@require_http_methods(["GET", "POST"])
def brief_detail(request: HttpRequest, brief_id: int) -> HttpResponse:
    """One brief through the reader's rights; a POST records a decision on it."""
    viewer, now = viewer_of(request), timezone.now()
    brief = _brief(viewer, brief_id)
    found = brief_for(viewer=viewer, brief=brief, now=now)
    form = DecisionForm(request.POST or None, relationships=_named_in(found, viewer))
    if request.method == "POST" and form.is_valid():
        given = {
            "what": form.cleaned_data["what"],
            "relationship_id": form.cleaned_data["relationship"],
            "due_date": form.cleaned_data["due_date"],
        }
        if carry_out(form, decide, actor=viewer, brief=brief, now=now, **given):
            return done(request, to=f"/briefs/{brief.pk}/#decisions", toast=Toast(_("Decision recorded.")))
    if request.method == "GET":
        note_reading(brief=brief, reader=viewer, now=now)
    return render(
        request,
        "dashboards/brief_detail.html",
        _told(viewer, found, form),
        status=422 if form.errors else 200,
    )


@login_required
@require_GET
def brief_row_list(request: HttpRequest, brief_id: int) -> HttpResponse:
    """The rows behind a figure of a brief, as they stood when its week ended."""
    viewer, given = viewer_of(request), request.GET
    brief = _brief(viewer, brief_id)
    reached = kinds_reached(viewer)
    kind = next((each for each in reached if each.slug == given.get("kind", "")), None)
    if kind is None:
        raise Missing(_("There is no such kind."))
    band = given.get("band", "") if given.get("band", "") in BANDS else ""
    found = brief_rows(viewer=viewer, brief=brief, kind=kind.slug, band=band, cursor=given.get("at", ""))
    context = {
        "brief": brief,
        "kind": kind,
        "page": found,
        "here": rows_url(brief, kind.slug, band),
        "tabs": band_tabs(brief, kind.slug, band),
    }
    return render(request, "dashboards/brief_rows.html", context)


@login_required
@require_GET
def brief_row(request: HttpRequest, brief_id: int, relationship_id: int) -> HttpResponse:
    """One relationship as it stood when the brief's week ended."""
    viewer = viewer_of(request)
    brief = _brief(viewer, brief_id)
    row = row_then(viewer=viewer, brief=brief, relationship_id=relationship_id)
    context = {"brief": brief, "row": row, "parts": row_labels(row)}
    return render(request, "dashboards/brief_row.html", context)


def _told(viewer: User, found: ReaderBrief, form: DecisionForm) -> dict[str, Any]:
    return {
        "brief": found.brief,
        "found": found,
        "headline": headline(found),
        "cards": brief_cards(found),
        "moves": told_moves(found),
        "form": form,
        "may_decide": viewer.may(Permission.MANAGE_RELATIONSHIPS),
    }


def _named_in(found: ReaderBrief, viewer: User) -> list[Any]:
    """The relationships named in the reader's brief that they may decide on, each once, by name."""
    rows = [row for row, _score in found.deciding]
    rows += [move.relationship for kind in found.moves for move in (*kind.fallen, *kind.risen)]
    theirs = {row.pk: row for row in rows if may_in(viewer, Permission.MANAGE_RELATIONSHIPS, row)}
    return sorted(theirs.values(), key=lambda row: (row.party_name, row.pk))


def _require(viewer: User) -> None:
    if not viewer.may(Permission.VIEW_RELATIONSHIPS):
        raise NotAllowed(_("Briefs are for those who see relationships."))


def _brief(viewer: User, brief_id: int) -> Brief:
    _require(viewer)
    found = Brief.objects.filter(pk=brief_id).first()
    if found is None:
        raise Missing(_("There is no such brief."))
    return found
