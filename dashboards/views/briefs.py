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
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from dashboards.forms import DecisionForm, carry_out
from dashboards.models import Brief
from dashboards.operations.briefs import decide, note_reading
from dashboards.queries.briefs import ReaderBrief, archive, brief_for
from dashboards.ui.briefs import brief_cards, headline, told_moves

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
    form = DecisionForm(request.POST or None, relationships=_named_in(found))
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


def _named_in(found: ReaderBrief) -> list[Any]:
    """The relationships that the reader's brief names, each once, by name."""
    rows = [row for row, _score in found.deciding]
    rows += [move.relationship for kind in found.moves for move in (*kind.fallen, *kind.risen)]
    return sorted({row.pk: row for row in rows}.values(), key=lambda row: (row.party_name, row.pk))


def _require(viewer: User) -> None:
    if not viewer.may(Permission.VIEW_RELATIONSHIPS):
        raise NotAllowed(_("Briefs are for those who see relationships."))


def _brief(viewer: User, brief_id: int) -> Brief:
    _require(viewer)
    found = Brief.objects.filter(pk=brief_id).first()
    if found is None:
        raise Missing(_("There is no such brief."))
    return found
