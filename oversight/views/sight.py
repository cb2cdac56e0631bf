"""What a colleague sees and why; what roles and people may do."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from accounts.queries.rights import with_scopes
from core.refusals import Missing
from oversight.forms.sight import PersonForm, SightForm
from oversight.queries import matrix, sight
from relationships import kinds
from relationships.models import Party


@login_required
@require_GET
def sight_lookup(request: HttpRequest) -> HttpResponse:
    """For a colleague: how much they see of each kind, and whether they see what is looked up."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_AUDIT)
    form = SightForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        person, q = with_scopes(form.cleaned_data["person"]), form.cleaned_data["q"]
        context |= {"person": person, "q": q}
        if q:
            found = sight.verdicts(viewer, person, q)
            context |= {"verdicts": found, "people": sight.people_found(viewer, q)}
        else:
            context["counts"] = sight.counts_by_kind(viewer, person)
    return render(request, "oversight/sight_lookup.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def sight_party(request: HttpRequest, user_id: int, party_id: int) -> HttpResponse:
    """Whether a colleague sees a party, and through what."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_AUDIT)
    person = User.objects.filter(pk=user_id, is_system=False).first()
    party = Party.objects.visible_to(viewer).filter(pk=party_id).first()
    if person is None or party is None:
        raise Missing(_("There is no such colleague or party."))
    context = {
        "person": person,
        "party": party,
        "verdict": sight.party_verdict(viewer, with_scopes(person), party),
    }
    return render(request, "oversight/sight_party.html", context)


@login_required
@require_GET
def rights_matrix(request: HttpRequest) -> HttpResponse:
    """Roles by rights; for a person chosen, rights by kinds, as granted now."""
    viewer = viewer_of(request)
    require(viewer, Permission.VIEW_AUDIT)
    form = PersonForm(request.GET or None)
    person = with_scopes(form.cleaned_data["person"]) if form.is_valid() else None
    context = {
        "form": form,
        "person": person,
        "columns": matrix.role_columns(),
        "rows": matrix.role_rows(),
        "kinds": list(kinds.registry),
        "person_rows": matrix.person_rows(person) if person else [],
        "grants": list(
            person.grants.filter(ended_at=None).select_related("team", "business_unit").order_by("id")
        )
        if person
        else [],
    }
    return render(request, "oversight/rights_matrix.html", context, status=422 if form.errors else 200)
