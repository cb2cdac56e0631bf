"""Noting what a relationship is worth to each side, and taking it back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from health.forms.benefit import ReasonForm, ValueForm
from health.views.dialogs import Dialog, ask
from relationships.models import Relationship, ValueEntry
from relationships.operations.access import require
from relationships.operations.value_entries import Worth, record_value, reverse_value
from relationships.queries.record import visible_relationship


def benefit_url(relationship: Relationship) -> str:
    """The tab of a record that this is all about."""
    return f"/{relationship.kind}/{relationship.pk}/benefit/"


@login_required
@require_http_methods(["GET", "POST"])
def value_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Notes value that went one way."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    require(viewer, Permission.VIEW_MONEY, relationship)
    initial = {"currency": relationship.business_unit.currency_id, "value_date": timezone.localdate()}
    form = ValueForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        worth = Worth(**{name: data.pop(name) for name in ("amount", "currency", "low", "high")})
        given = {"relationship": relationship, "worth": worth, **data}
        if carry_out(form, record_value, actor=viewer, now=now, **given):
            return done(request, to=benefit_url(relationship), toast=Toast(_("Noted.")))
    back = benefit_url(relationship)
    action = f"/{kind}/{relationship.pk}/value-entries/new/"
    return ask(request, Dialog(_("Note value"), action, "health/_value_fields.html", _("Save"), back), form)


@login_required
@require_http_methods(["GET", "POST"])
def value_reverse(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Takes an entry back, with a reason."""
    viewer, now = viewer_of(request), timezone.now()
    entry = ValueEntry.objects.visible_to(viewer).select_related("relationship").filter(pk=entry_id).first()
    if entry is None:
        raise Missing(_("There is no such entry."))
    require(viewer, Permission.VIEW_MONEY, entry.relationship)
    form, back = ReasonForm(request.POST or None), benefit_url(entry.relationship)
    given = {"actor": viewer, "entry": entry, "now": now}
    if request.method == "POST" and form.is_valid():
        taken = carry_out(form, reverse_value, **given, **form.cleaned_data)
        if taken is not None:
            return done(request, to=back, toast=Toast(_("Taken back.")))
    action, fields = f"/value-entries/{entry.pk}/reversal/", "relationships/_reason_fields.html"
    return ask(request, Dialog(_("Take it back"), action, fields, _("Take back"), back), form)
