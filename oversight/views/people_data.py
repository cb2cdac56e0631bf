"""Privacy: subject access, erasure by two people, and legal holds."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from oversight.forms.people_data import ErasureForm, HoldForm
from oversight.models import Erasure, SubjectExport
from oversight.operations import erasures as operations
from oversight.operations.subject_access import fetch_export, request_export
from oversight.queries import people_data as queries
from oversight.tasks import carry_out_erasures, put_together
from relationships.models import Party

HERE = "/administration/privacy/"
MOST = 50


@login_required
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What was asked for people, newest first, and what waits for a second person."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    context = {
        "erasures": queries.erasures(viewer)[:MOST],
        "exports": queries.exports(viewer)[:MOST],
        "now": timezone.now(),
    }
    return render(request, "oversight/privacy.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def privacy_person(request: HttpRequest, party_id: int) -> HttpResponse:
    """What is known of a person, what would become of it, and asking for their erasure."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    party = _party(viewer, party_id)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "party": party, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.request_erasure, **given):
            return done(request, to=HERE, toast=Toast(_("A second administrator must confirm it.")))
    context = {
        "party": party,
        "fates": queries.fates(viewer, party),
        "hold": queries.standing_hold(party),
        "form": form,
        "hold_form": HoldForm(),
    }
    return render(request, "oversight/privacy_person.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def hold_set(request: HttpRequest, party_id: int) -> HttpResponse:
    """Nothing of a person may go, or it may again."""
    viewer, now = viewer_of(request), timezone.now()
    require(viewer, Permission.MANAGE_WORKSPACE)
    party = _party(viewer, party_id)
    reason, hold = request.POST.get("reason", ""), queries.standing_hold(party)
    if hold is None:
        operations.hold_for_law(actor=viewer, party=party, reason=reason, now=now)
    else:
        operations.lift_hold(actor=viewer, hold=hold, reason=reason, now=now)
    return done(request, to=f"{HERE}people/{party.pk}/", toast=Toast(_("Written down.")))


@login_required
@require_POST
def export_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """Has everything about a person put together."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    request_export(actor=viewer, party=_party(viewer, party_id), now=timezone.now())
    transaction.on_commit(put_together.delay)
    return done(request, to=HERE, toast=Toast(_("It is being put together.")))


@login_required
@never_cache
@require_POST
def export_file(request: HttpRequest, export_id: int) -> FileResponse:
    """The file, to be handed over."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    export: SubjectExport = _one(queries.exports(viewer), export_id)
    file = fetch_export(actor=viewer, export=export, now=timezone.now())
    return FileResponse(file, as_attachment=True, filename=f"subject-access-{export.pk}.zip")


@login_required
@require_POST
def erasure_confirm(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """The second person says yes."""
    answer = _move(request, erasure_id, operations.confirm_erasure, _("It is being carried out."))
    transaction.on_commit(carry_out_erasures.delay)
    return answer


@login_required
@require_POST
def erasure_cancel(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """It is not done after all."""
    return _move(request, erasure_id, operations.cancel_erasure, _("Nothing was erased."))


def _move(
    request: HttpRequest, erasure_id: int, operation: Callable[..., Erasure], words: str
) -> HttpResponse:
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    operation(actor=viewer, erasure=_one(queries.erasures(viewer), erasure_id), now=timezone.now())
    return done(request, to=HERE, toast=Toast(words))


def _party(viewer: User, party_id: int) -> Party:
    party: Party = _one(Party.objects.visible_to(viewer), party_id)
    return party


def _one(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is nothing here, or nothing that is yours to see."))
    return found
