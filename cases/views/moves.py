"""The moves of a case."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from cases.forms import CloseForm, DoubleForm, MoveForm, ReasonForm
from cases.models import Case
from cases.operations.moves import move_case, resolve_move
from cases.queries.around import others_of
from cases.views.pages import address_of, found_case
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import NotAllowed
from relationships.permissions import may_in


@login_required
@require_http_methods(["GET", "POST"])
def case_move(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """Takes a case through one move of its table; what it wants to know is asked first, and again if it is wrong."""
    viewer, now = viewer_of(request), timezone.now()
    case = found_case(viewer, case_id)
    if not may_in(viewer, Permission.MANAGE_CASES, case.relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    move = resolve_move(case, name)
    form = _form(name, viewer, case, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "findings": form.findings}
        if carry_out(form, move_case, actor=viewer, case=case, transition=name, now=now, **said):
            return done(request, to=address_of(case), toast=Toast(case.subject, title=str(move.label)))
    context = {"form": form, "case": case, "title": move.label, "submit": move.label}
    context["place"] = f"transitions/{name}"
    return render(request, "cases/case_form.html", context, status=422 if form.errors else 200)


def _form(name: str, viewer: User, case: Case, said: Any) -> MoveForm:
    if name == "close":
        known = {field: getattr(case, field) for field in ("cause_result", "cause", "outcome")}
        return CloseForm(said, initial=known)
    if name == "mark_double":
        return DoubleForm(said, others=others_of(viewer, case))
    return ReasonForm(said) if name in ("withdraw", "reject") else MoveForm(said)
