"""Ways to reach a party: added, corrected, preferred, taken away."""

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import viewer_of
from core.http import Toast, done
from core.refusals import Missing
from relationships.forms.parties import ContactPointEditForm, ContactPointForm
from relationships.forms.refusals import carry_out
from relationships.models import ContactPoint, Party
from relationships.operations import contact_points as operations
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask
from relationships.views.parties import editable_party


@login_required
@require_http_methods(["GET", "POST"])
def contact_point_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """A further way to reach a party."""
    viewer = viewer_of(request)
    party = editable_party(viewer, party_id)
    form = ContactPointForm(request.POST or None)
    back = back_of(request, f"/parties/{party_id}/")
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "party": party, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.add_contact_point, **given):
            return done(request, to=back, toast=Toast(_("Contact point added.")))
    title = _("How to reach %(name)s") % {"name": party.name}
    return ask(request, _dialog(party, "new/", title, _("Add"), back), form)


@login_required
@require_http_methods(["GET", "POST"])
def contact_point_edit(request: HttpRequest, party_id: int, point_id: int) -> HttpResponse:
    """Corrects it, or says that it must not be used."""
    viewer = viewer_of(request)
    party = editable_party(viewer, party_id)
    point = _point(party, point_id)
    values = {"value": point.value, "label": point.label, "do_not_use": point.do_not_use_since is not None}
    form = ContactPointEditForm(request.POST or None, initial=values)
    back = back_of(request, f"/parties/{party_id}/")
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "contact_point": point, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.edit_contact_point, **given):
            return done(request, to=back, toast=Toast(_("Contact point changed.")))
    return ask(request, _dialog(party, f"{point_id}/", _("Change contact point"), _("Save"), back), form)


@login_required
@require_POST
def contact_point_prefer(request: HttpRequest, party_id: int, point_id: int) -> HttpResponse:
    """Makes it the first choice of its kind."""
    viewer = viewer_of(request)
    point = _point(editable_party(viewer, party_id), point_id)
    operations.prefer_contact_point(actor=viewer, contact_point=point, now=timezone.now())
    back = back_of(request, f"/parties/{party_id}/")
    return done(request, to=back, toast=Toast(point.value, title=_("Preferred now")))


@login_required
@require_http_methods(["GET", "POST"])
def contact_point_remove(request: HttpRequest, party_id: int, point_id: int) -> HttpResponse:
    """Takes it away, after saying what stays."""
    viewer = viewer_of(request)
    party = editable_party(viewer, party_id)
    point = _point(party, point_id)
    back = back_of(request, f"/parties/{party_id}/")
    if request.method == "POST":
        operations.remove_contact_point(actor=viewer, contact_point=point, now=timezone.now())
        return done(request, to=back, toast=Toast(_("Contact point removed.")))
    title = _("Remove %(value)s") % {"value": point.value}
    return ask(request, _dialog(party, f"{point_id}/removal/", title, _("Remove"), back, danger=True), Form())


def _point(party: Party, point_id: int) -> ContactPoint:
    found = party.contact_points.filter(pk=point_id).first()
    if found is None:
        raise Missing(_("There is no such contact point."))
    return found


def _dialog(party: Party, rest: str, title: str, submit: str, back: str, *, danger: bool = False) -> Dialog:
    action = f"/parties/{party.pk}/contact-points/{rest}"
    fields = "relationships/_removal_fields.html" if danger else "relationships/_plain_fields.html"
    return Dialog(title, action, fields, submit, back, danger=danger)
