"""Changing directions: one thing goes to a colleague; and the board on which to see who has room."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from core.addresses import id_in
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from relationships.forms.handing_on import MoveForm
from relationships.forms.refusals import carry_out
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations import replanning
from relationships.permissions import may_in
from relationships.queries.record import visible_relationship
from relationships.queries.team_board import team_board
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

FIELDS = "relationships/_plain_fields.html"


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The workload of each of a team, and the nearest of it as cards that can be moved."""
    viewer = viewer_of(request)
    team_id = id_in(request.GET.get("team", ""))
    found = team_board(viewer=viewer, team_id=team_id, now=timezone.now())
    context = {"board": found, "may_assign": viewer.may(Permission.ASSIGN)}
    return render(request, "relationships/team_board.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_give(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """A follow-up goes to a colleague."""
    rows = FollowUp.objects.visible_to(viewer_of(request)).select_related("relationship")
    found = rows.filter(pk=follow_up_id).first()
    if found is None:
        raise Missing(_("There is no such follow-up."))
    address = f"/follow-ups/{follow_up_id}/new-assignee/"
    return _move(
        request, found.what, address, found.relationship, replanning.give_follow_up, {"follow_up": found}
    )


@login_required
@require_http_methods(["GET", "POST"])
def commitment_give(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """A promise goes to a colleague; the other side's date stays."""
    rows = Commitment.objects.visible_to(viewer_of(request)).select_related("relationship")
    found = rows.filter(pk=commitment_id).first()
    if found is None:
        raise Missing(_("There is no such promise."))
    address = f"/commitments/{commitment_id}/new-owner/"
    return _move(
        request, found.what, address, found.relationship, replanning.give_commitment, {"commitment": found}
    )


@login_required
@require_http_methods(["GET", "POST"])
def relationship_give(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """A relationship goes to a colleague with its owner's open work in it."""
    found = visible_relationship(viewer_of(request), kind, relationship_id)
    address = f"/{kind}/{relationship_id}/new-owner/"
    return _move(
        request, found.party_name, address, found, replanning.give_relationship, {"relationship": found}
    )


def _move(
    request: HttpRequest,
    what: str,
    address: str,
    relationship: Relationship,
    operation: Callable[..., Any],
    thing: dict[str, Any],
) -> HttpResponse:
    """Asks to whom and why, and moves it."""
    viewer = viewer_of(request)
    if not may_in(viewer, Permission.ASSIGN, relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    back = back_of(request, f"/{relationship.kind}/{relationship.pk}/")
    form = MoveForm(request.POST or None, initial={"to": request.GET.get("to", "")})
    given = {"actor": viewer, "now": timezone.now(), **thing}
    if (
        request.method == "POST"
        and form.is_valid()
        and carry_out(form, operation, **given, **form.cleaned_data)
    ):
        words = _("Given to %(name)s.") % {"name": form.cleaned_data["to"].name}
        return done(request, to=back, toast=Toast(words))
    return ask(request, Dialog(_("Move “%(what)s”") % {"what": what}, address, FIELDS, _("Move"), back), form)
